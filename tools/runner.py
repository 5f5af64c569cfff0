"""Run Odoo's commands on our databases, and make the databases others are copied from."""

import hashlib
import os
import shutil
import socket
import subprocess
from pathlib import Path

from . import settings
from .fetch import SetupError
from .locks import only_one
from .postgres import Cluster


def environment(cluster: Cluster) -> dict[str, str]:
    """Return the environment Odoo runs in: our programs first on PATH, our server."""
    env = cluster.env()
    env["PATH"] = f"{settings.VENV / 'bin'}{os.pathsep}{env['PATH']}"
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    env.pop("PYTHONPATH", None)
    return env


def command(
    cluster: Cluster, *args: str, sub: str = "server", interface: str = "127.0.0.1"
) -> list[str]:
    """Return the command line of one Odoo command on ``cluster``.

    :param interface: where it listens; Odoo warns in every log when it is not told
    """
    common = [
        *([f"--addons-path={settings.ADDONS}"] if settings.our_addons() else []),
        f"--data-dir={cluster.data_dir()}",
        f"--db_host={cluster.socket}",
        f"--db_user={cluster.user}",
        f"--http-interface={interface}",
    ]
    launch = str(settings.ROOT / "tools" / "launcher" / "odoo_launch.py")
    return [str(settings.PYTHON), launch, sub, *common, *map(str, args)]


def run(cluster: Cluster, *args: str, log: Path | None = None, sub: str = "server") -> str:
    """Run an Odoo command to its end and return its log.

    :raises SetupError: it ended with an error; the message holds the end of the log
    """
    done = subprocess.run(
        command(cluster, *args, sub=sub),
        env=environment(cluster),
        cwd=settings.VAR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout)
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-40:])
        raise SetupError(f"odoo {' '.join(map(str, args))} ended with {done.returncode}:\n{tail}")
    return done.stdout


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


def base_key() -> str:
    """Return what a base template is made of, as a short hash."""
    parts = (
        settings.tree_hash(settings.ROOT / "uv.lock"),
        str(settings.odoo_home()),
        *settings.BASE_MODULES,
        settings.LANGUAGE,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]


def base_template(cluster: Cluster, demo: bool = False, say=print) -> str:
    """Return a database with all that our addons stand on, made when it is missing.

    Copying it and installing ours takes a tenth of installing everything.
    """
    name = f"base_{'demo' if demo else 'plain'}_{base_key()}"
    with only_one(settings.VAR / f"{name}.lock", lambda: say(f"Waiting for {name}")):
        if name not in cluster.databases():
            _make_template(cluster, name, demo, say)
    return name


def _make_template(cluster: Cluster, name: str, demo: bool, say) -> None:
    for old in cluster.databases():
        if old.startswith(f"base_{'demo' if demo else 'plain'}_"):
            cluster.drop(old)
    say(f"Template database {name} (once, about two minutes)")
    part = f"making_{name}"
    cluster.drop(part)
    cluster.create(part)
    args = ["-d", part, "-i", ",".join(settings.BASE_MODULES), "--stop-after-init", "--no-http"]
    args += [f"--load-language={settings.LANGUAGE}", "--unaccent"]
    if demo:
        args.append("--with-demo")
    run(cluster, *args, log=settings.VAR / "log" / f"{name}.log")
    cluster.psql(f'alter database "{part}" rename to "{name}"')
    if cluster.filestore(part).exists():
        shutil.move(cluster.filestore(part), cluster.filestore(name))
