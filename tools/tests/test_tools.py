"""Order of addons, hashes, locks and ports: what every script leans on."""

import multiprocessing
import socket

import pytest

from tools import runner, settings
from tools.fetch import SetupError
from tools.locks import only_one


def _addon(folder, name, depends):
    (folder / name).mkdir(parents=True)
    (folder / name / "__manifest__.py").write_text(repr({"depends": depends}))


def test_addons_come_after_what_they_stand_on(tmp_path, monkeypatch):
    _addon(tmp_path, "a_top", ["c_middle", "stock"])
    _addon(tmp_path, "b_ground", ["mail"])
    _addon(tmp_path, "c_middle", ["b_ground"])
    monkeypatch.setattr(settings, "ADDONS", tmp_path)
    assert settings.our_addons() == ["b_ground", "c_middle", "a_top"]


def test_tree_hash_follows_contents_and_names(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.py").write_text("1")
    first = settings.tree_hash(tmp_path / "x")
    assert settings.tree_hash(tmp_path / "x") == first
    (tmp_path / "x" / "a.py").write_text("2")
    second = settings.tree_hash(tmp_path / "x")
    (tmp_path / "x" / "a.py").rename(tmp_path / "x" / "b.py")
    assert len({first, second, settings.tree_hash(tmp_path / "x")}) == 3


def test_a_port_in_use_is_named():
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=f"Port {port} is in use.*JINXING_PORT={port + 1}"):
            runner.check_port(port)
    runner.check_port(runner.free_port())


def _wait_for(path, heard):
    with only_one(path, heard.set):
        pass


def test_the_second_run_waits_and_says_so(tmp_path):
    path = tmp_path / "x.lock"
    context = multiprocessing.get_context("fork")
    heard = context.Event()
    with only_one(path):
        other = context.Process(target=_wait_for, args=(path, heard))
        other.start()
        assert heard.wait(10)
        assert other.is_alive()
    other.join(10)
    assert other.exitcode == 0


def test_bytecode_goes_to_the_cache_and_not_into_the_tree():
    env = runner.python_environment({"PATH": "/bin", "PYTHONDONTWRITEBYTECODE": "1"})
    assert env["PYTHONPYCACHEPREFIX"].startswith(str(settings.CACHE))
    assert "PYTHONDONTWRITEBYTECODE" not in env
    assert env["PATH"] == f"{settings.VENV / 'bin'}:/bin"
