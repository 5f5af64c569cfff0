"""What stops the set-up is said in words a person can act on, and nothing half done is left."""

import os
import platform
import shutil
import subprocess
import sys
from collections import namedtuple

import pytest

from tools import settings, setup
from tools.fetch import SetupError

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "CACHE", tmp_path / "cache")
    monkeypatch.delenv("ODOO_SOURCE", raising=False)
    return tmp_path / "cache"


def test_this_machine_will_do(cache):
    setup.check_machine()


def test_another_system_is_sent_to_docker(cache, monkeypatch):
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    with pytest.raises(SetupError, match="runs Darwin. Use Linux .*docker compose up"):
        setup.check_machine()


def test_another_processor_is_named(cache, monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(SetupError, match="Processor riscv64 is not supported"):
        setup.check_machine()


def test_an_old_python_is_named_with_the_way_out(cache, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SetupError, match="is needed; this is .* PYTHON=python3.12 script/setup"):
        setup.check_machine()


def test_a_machine_without_dpkg_is_sent_to_docker(cache, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SetupError, match="dpkg-deb is missing"):
        setup.check_machine()


def test_a_full_disk_is_seen_before_anything_is_fetched(cache, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**11, 10**11, 3 * 10**8))
    with pytest.raises(SetupError, match="The disk is full: 0.3 GB free in .*, 2.5 GB needed"):
        setup.check_machine()


def test_what_is_fetched_already_needs_no_room(cache, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**11, 10**11, 3 * 10**8))
    (cache / f"odoo-{settings.ODOO_VERSION}").mkdir(parents=True)
    setup.check_machine()


def test_no_python_at_all(tmp_path):
    """The shell says it, since there is no Python to say it."""
    for name in ("bash", "dirname", "env"):
        (tmp_path / name).symlink_to(shutil.which(name))
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # as a Python 3.9 answers the question
    old.chmod(0o755)
    done = subprocess.run(
        [settings.ROOT / "script" / "setup"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "setup stopped: Python 3.11, 3.12 or 3.13 is needed and none was found.\n"
    )


def test_a_failing_setup_fails_the_tests_in_a_way_machines_read(tmp_path):
    for name in ("bash", "dirname", "env"):
        (tmp_path / name).symlink_to(shutil.which(name))
    done = subprocess.run(
        [settings.ROOT / ".ci" / "run"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed"


def _uv(monkeypatch, tmp_path, script):
    program = tmp_path / "uv"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(setup, "uv", lambda: program)


def test_what_uv_says_is_passed_on(cache, monkeypatch, tmp_path):
    _uv(monkeypatch, tmp_path, "echo 'error: Failed to fetch: pypi.org' >&2; exit 2")
    with pytest.raises(SetupError, match="uv sync failed(.|\n)*Failed to fetch: pypi.org"):
        setup.run_uv("sync")


def test_an_odoo_source_that_is_none_is_named(cache, monkeypatch, tmp_path):
    monkeypatch.setenv("ODOO_SOURCE", str(tmp_path))
    with pytest.raises(SetupError, match="holds no odoo/ package"):
        setup.odoo()


@pytest.fixture
def archive(cache, monkeypatch):
    """Let set-up fetch one archive, whose unpacking may be told to fail."""
    monkeypatch.setattr(settings, "DEBS", {"o/odoo/odoo.deb": "0"})
    monkeypatch.setattr(setup, "download", lambda url, target, digest: target)
    monkeypatch.setattr(setup, "say", lambda text: None)
    state = {"fails": False}

    def unpack(command, **how):
        if state["fails"]:
            return subprocess.CompletedProcess(command, 2, "", "No space left on device")
        place = command[3] / "usr/lib/python3/dist-packages"
        for folder in ("odoo/api", "doc"):
            (place / folder).mkdir(parents=True)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", unpack)
    return state


def test_odoo_is_unpacked_once_and_whole(archive, cache, monkeypatch):
    archive["fails"] = True
    with pytest.raises(SetupError, match="odoo.deb cannot be unpacked: No space left"):
        setup.odoo()
    home = cache / f"odoo-{settings.ODOO_VERSION}"
    assert not home.exists()
    archive["fails"] = False
    setup.odoo()
    packages = home / "usr/lib/python3/dist-packages"
    assert (packages / "odoo/api").exists() and not (packages / "doc").exists()
    assert (packages / setup.STUB[0]).read_text().startswith("//")
    archive["fails"] = True
    setup.odoo()  # nothing is unpacked again


@pytest.mark.parametrize(
    ("root", "sudo", "expected"),
    [
        (True, False, "System packages: fonts-noto-cjk chromium"),
        (False, True, "System packages: fonts-noto-cjk chromium"),
        (False, False, "sudo apt-get install fonts-noto-cjk chromium"),
    ],
)
def test_system_packages_are_installed_or_named(monkeypatch, root, sudo, expected):
    said, ran = [], []

    def run(command, **how):
        ran.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(setup, "say", said.append)
    monkeypatch.setattr(setup, "have_font", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda name: name if name == "sudo" and sudo else None)
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setattr(subprocess, "run", run)
    setup.system_packages()
    assert expected in said[0]
    installs = [command for command in ran if "install" in command]
    assert len(installs) == int(root or sudo)
    if sudo and not root:
        assert installs[0][:2] == ["sudo", "-n"]


def test_failing_to_install_system_packages_is_no_stop(monkeypatch):
    said = []
    monkeypatch.setattr(setup, "say", said.append)
    monkeypatch.setattr(setup, "have_font", lambda: False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    failed = subprocess.CompletedProcess([], 100, "", "E: Unable to fetch some archives")
    monkeypatch.setattr(subprocess, "run", lambda *args, **how: failed)
    setup.system_packages()
    assert "Unable to fetch" in said[1] and "The server works without" in said[2]


def test_a_stop_has_a_message_and_a_code(monkeypatch, capsys):
    def stop():
        raise SetupError("Odoo is on the moon.")

    monkeypatch.setattr(setup, "check_machine", stop)
    assert setup.main() == 1
    assert capsys.readouterr().err == "\nsetup stopped: Odoo is on the moon.\n"
