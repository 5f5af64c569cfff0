"""What the developer's server decides: what to update, what to show, when to stop PostgreSQL."""

import io

import pytest

from tools import postgres, server, settings


@pytest.fixture
def calls(monkeypatch):
    """Record what would be done to a database."""
    done = []
    monkeypatch.setattr(server, "odoo", lambda database, *args, name: done.append(args))
    monkeypatch.setattr(server, "demo", lambda database, *more: done.append(("demo",)))
    monkeypatch.setattr(server, "remember", lambda database, state: done.append(state))
    monkeypatch.setattr(server, "say", lambda text: None)
    return done


def _update(monkeypatch, before, state):
    monkeypatch.setattr(server, "installed", lambda database: before)
    server.update("db", state)


def test_nothing_changed_nothing_done(calls, monkeypatch):
    _update(monkeypatch, {"": "1", "a": "x"}, {"": "1", "a": "x"})
    assert calls == []


def test_only_changed_addons_are_updated_and_new_ones_installed(calls, monkeypatch):
    state = {"": "1", "a": "x", "b": "new", "c": "y2"}
    _update(monkeypatch, {"": "1", "a": "x", "c": "y1"}, state)
    assert calls == [("-i", "b", "-u", "b,c"), ("demo",), state]


def test_another_odoo_updates_everything(calls, monkeypatch):
    state = {"": "2", "a": "x"}
    _update(monkeypatch, {"": "1", "a": "x"}, state)
    assert calls[0][:2] == ("-u", "base")


def test_an_addon_that_is_gone_is_no_update(calls, monkeypatch):
    state = {"": "1", "a": "x"}
    _update(monkeypatch, {"": "1", "a": "x", "old": "z"}, state)
    assert calls == [state]


def test_tests_and_styles_of_an_addon_need_no_update(tmp_path, monkeypatch):
    for name, text in {"__manifest__.py": "{'depends': []}", "models/a.py": "1"}.items():
        path = tmp_path / "addons" / "a" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "uv.lock").write_text("package = []")
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    monkeypatch.setattr(settings, "ADDONS", tmp_path / "addons")
    first = server.wanted()
    (tmp_path / "addons" / "a" / "tests").mkdir()
    (tmp_path / "addons" / "a" / "tests" / "test_a.py").touch()
    assert server.wanted() == first
    (tmp_path / "addons" / "a" / "models" / "a.py").write_text("2")
    assert server.wanted() != first


def test_the_terminal_shows_warnings_with_their_tracebacks(tmp_path, capsys):
    log = (
        "2026-05-01 10:00:00,000 12 INFO db odoo: quiet\n"
        "2026-05-01 10:00:00,000 12 ERROR db odoo: loud\n"
        "Traceback\n"
        "2026-05-01 10:00:00,000 12 INFO db odoo: quiet again\n"
    )
    server.follow(io.StringIO(log), tmp_path / "server.log")
    shown = capsys.readouterr().out
    assert "loud" in shown and "Traceback" in shown and "quiet" not in shown
    assert (tmp_path / "server.log").read_text() == log


class Fake(postgres.Cluster):
    """A server that only remembers whether it runs."""

    up = False

    def start(self):
        fresh, self.up = not self.up, True
        return fresh

    def stop(self):
        self.up = False


@pytest.fixture
def fake(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "VAR", tmp_path / "var")
    monkeypatch.delenv("PGHOST", raising=False)
    return Fake("x")


def test_the_last_one_out_stops_the_server(fake):
    with fake.hold():
        with fake.hold():
            assert fake.up
        assert fake.up
    assert not fake.up


def test_a_server_found_running_is_left_running(fake):
    fake.start()
    with fake.hold():
        pass
    assert fake.up


def test_who_wants_it_kept_gets_it_kept(fake):
    with fake.hold():
        with fake.hold(keep=True):
            pass
    assert fake.up
