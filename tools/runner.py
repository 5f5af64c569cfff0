"""Run Odoo's commands on our databases."""

import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import settings
from .checks.logs import bad_lines
from .fetch import SetupError
from .postgres import Cluster

LAUNCHER = Path(__file__).parent / "launcher" / "odoo_launch.py"


def environment(cluster: Cluster) -> dict[str, str]:
    """Return the environment Odoo runs in: our programs first on PATH, our server."""
    return python_environment(cluster.env())


def python_environment(env: Mapping[str, str]) -> dict[str, str]:
    """Return ``env`` for a Python of ours: bytecode goes to the cache, never into the tree.

    Odoo starts in a third of the time when its source need not be compiled.
    """
    env = {**env, "PYTHONPYCACHEPREFIX": str(settings.CACHE / "bytecode")}
    env["PATH"] = f"{settings.VENV / 'bin'}{os.pathsep}{env['PATH']}"
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env.pop("PYTHONPATH", None)
    return env


def command(
    cluster: Cluster,
    *args: str,
    sub: str = "server",
    interface: str = "127.0.0.1",
    launcher: Path = LAUNCHER,
) -> list[str]:
    """Return the command line of one Odoo command on ``cluster``.

    :param interface: where it listens; Odoo warns in every log when it is not told
    :param launcher: the script that starts Odoo
    """
    common = [
        *([f"--addons-path={settings.ADDONS}"] if settings.our_addons() else []),
        f"--data-dir={cluster.data_dir()}",
        f"--db_host={cluster.socket}",
        f"--db_user={cluster.user}",
        f"--http-interface={interface}",
    ]
    return [str(settings.PYTHON), str(launcher), sub, *common, *map(str, args)]


def finish(
    cluster: Cluster, *args: str, log: Path, variables: Mapping[str, str] | None = None, **how
) -> tuple[int, str]:
    """Run an Odoo command to its end; return its exit code and its log, kept in ``log``.

    :param variables: what its environment holds beside our own
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as stream:
        done = subprocess.run(
            command(cluster, *args, **how),
            env=environment(cluster) | dict(variables or {}),
            cwd=settings.VAR,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    return done.returncode, log.read_text(encoding="utf-8", errors="replace")


def run(
    cluster: Cluster, *args: str, log: Path, variables: Mapping[str, str] | None = None
) -> str:
    """Run an Odoo command to its end and return its log.

    :param variables: what its environment holds beside our own
    :raises SetupError: it ended with an error; the message holds the end of the log
    """
    code, text = finish(cluster, *args, log=log, variables=variables)
    if code:
        tail = "\n".join(text.splitlines()[-40:])
        raise SetupError(
            f"odoo {' '.join(map(str, args))} ended with {code}.\n{tail}\n"
            f"The whole log: {log.relative_to(settings.ROOT)}"
        )
    return text


def script(
    cluster: Cluster, database: str, *paths: Path, more: Sequence[str] = (), **variables: str
) -> str:
    """Feed Python files to ``odoo shell`` and return what they print.

    :param more: further options of the command
    :raises SetupError: one of them did not come to its end
    """
    ended = "SCRIPT-ENDED"
    source = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    done = subprocess.run(
        command(cluster, "-d", database, "--no-http", "--log-level=warn", *more, sub="shell"),
        env=environment(cluster) | variables,
        cwd=settings.VAR,
        input=f"{source}\nprint({ended!r})\n",
        text=True,
        capture_output=True,
    )
    names = ", ".join(path.name for path in paths)
    if ended not in done.stdout:
        raise SetupError(f"{names} failed:\n{(done.stderr + done.stdout)[-3000:]}")
    if bad := bad_lines(done.stderr):
        raise SetupError(f"{names} brought warnings:\n" + "\n".join(bad))
    return done.stdout.replace(ended, "").strip()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_port(port: int) -> None:
    """Refuse a port in use with a message that names it.

    :raises SetupError: somebody listens there
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError as error:
            raise SetupError(
                f"Port {port} is in use by another program. Choose one: JINXING_PORT={port + 1} "
                "script/server"
            ) from error
