"""How long a newcomer waits: from ``git clone`` with empty caches, and with warm ones."""

import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from . import runner, settings
from .fetch import SetupError

#: what each measure may take at most, in seconds
TARGETS = {
    "clone to login page, empty caches": 240,
    "second start to login page": 10,
    "clone to login page, warm caches": 60,
    "clone to green script/test, empty caches": 900,
    "clone to green script/test, warm caches": 900,
}


class Newcomer:
    """One clone in a folder of its own, with a cache of its own."""

    def __init__(self, folder: Path, cache: Path):
        self.folder = folder
        self.env = {**os.environ, "XDG_CACHE_HOME": str(cache), "JINXING_DB": "jinxing"}
        self.env["JINXING_PORT"] = str(runner.free_port())
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)

    def clone(self) -> None:
        """Clone this tree's commit."""
        subprocess.run(["git", "clone", "-q", "--no-local", settings.ROOT, self.folder], check=True)

    def login(self) -> None:
        """Start the server, wait for its login page, stop it.

        :raises SetupError: the server ended before the page was there
        """
        page = f"http://127.0.0.1:{self.env['JINXING_PORT']}/web/login"
        server = subprocess.Popen(
            ["script/server"], cwd=self.folder, env=self.env, stdout=subprocess.PIPE, text=True
        )
        try:
            while True:
                if server.poll() is not None:
                    raise SetupError(f"script/server ended:\n{server.stdout.read()[-3000:]}")
                with suppress(urllib.error.URLError, OSError):
                    with urllib.request.urlopen(page, timeout=60) as answer:
                        if answer.status == 200:
                            self.reached = time.monotonic()
                            return
                time.sleep(0.1)
        finally:
            server.terminate()
            server.communicate(timeout=60)

    def test(self) -> None:
        """Run all tests.

        :raises SetupError: they are not green
        """
        done = subprocess.run(
            [".ci/run"], cwd=self.folder, env=self.env, capture_output=True, text=True
        )
        self.reached = time.monotonic()
        if done.returncode:
            raise SetupError(f".ci/run ended with {done.returncode}:\n{done.stdout[-6000:]}")

    def leave(self) -> None:
        """Take away what the clone has made on this machine."""
        if (self.folder / "script" / "dev").exists():
            subprocess.run(["script/dev", "clean"], cwd=self.folder, env=self.env, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def run(say: Callable[[str], None], about: str) -> str:
    """Measure, and return the page with the table."""
    measured: dict[str, float] = {}
    # a bare folder, not below /tmp's root alone: the names of sockets must stay short
    with tempfile.TemporaryDirectory(prefix="jx-") as place:
        home = Path(place)

        def take(name: str, person: Newcomer, *steps: Callable[[], None]) -> None:
            began = time.monotonic()
            for step in steps:
                step()
            measured[name] = person.reached - began
            say(f"{name}: {measured[name]:.0f} s")

        first = Newcomer(home / "a", home / "cache-a")
        try:
            take("clone to login page, empty caches", first, first.clone, first.login)
            take("second start to login page", first, first.login)
        finally:
            first.leave()
        again = Newcomer(home / "b", home / "cache-a")
        try:
            take("clone to login page, warm caches", again, again.clone, again.login)
        finally:
            again.leave()
        shutil.rmtree(home / "cache-a", ignore_errors=True)
        tester = Newcomer(home / "c", home / "cache-c")
        try:
            take("clone to green script/test, empty caches", tester, tester.clone, tester.test)
        finally:
            tester.leave()
        tester = Newcomer(home / "d", home / "cache-c")
        try:
            take("clone to green script/test, warm caches", tester, tester.clone, tester.test)
        finally:
            tester.leave()
    return page(measured, about)


def page(measured: dict[str, float], about: str) -> str:
    """Return the page with the table."""
    rows = "".join(
        f"| {name} | {seconds:.0f} s | {TARGETS[name]} s |\n" for name, seconds in measured.items()
    )
    return (
        "# How long a newcomer waits\n\n"
        f"{about} Made by `script/bench start`.\n\n"
        f"| what | measured | at most |\n|---|---:|---:|\n{rows}"
    )
