"""Databases with all that our addons stand on: made once, kept in the cache, copied.

Installing Odoo's own modules takes minutes, and the result does not depend on this tree. So it
is dumped to the cache, where the next clone, the developer's server and the tests find it.
"""

import hashlib
import shutil
import subprocess
import tomllib
from pathlib import Path

from . import runner, settings
from .fetch import SetupError
from .locks import only_one
from .postgres import Cluster, binaries


def locked_addons() -> list[str]:
    """Return the OCA addons of the lock with their versions."""
    lock = tomllib.loads((settings.ROOT / "uv.lock").read_text(encoding="utf-8"))
    return [
        f"{package['name']} {package['version']}"
        for package in lock["package"]
        if package["name"].startswith("odoo-addon-")
    ]


def key() -> str:
    """Return what a base template is made of, as a short hash."""
    parts = (
        *locked_addons(),
        settings.ODOO_VERSION,
        str(settings.odoo_home()),
        *settings.BASE_MODULES,
        settings.LANGUAGE,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]


def name_of(demo: bool) -> str:
    """Return the name of the template: with Odoo's demo data, or plain."""
    return f"base_{'demo' if demo else 'plain'}_{key()}"


def base(cluster: Cluster, demo: bool = False, say=print) -> str:
    """Return the name of a template on ``cluster``, which is made when it is missing."""
    name = name_of(demo)
    with only_one(settings.VAR / f"{name}.lock", lambda: say(f"Waiting for {name}")):
        if name not in cluster.databases():
            for old in cluster.databases():
                if old.startswith(name.rsplit("_", 1)[0]):
                    cluster.drop(old)
            fill(cluster, name, demo, say)
    return name


def fill(cluster: Cluster, name: str, demo: bool = False, say=print) -> None:
    """Make the database ``name`` like a base template: from the cache, or by installing."""
    part = f"making_{name}"
    cluster.drop(part)
    kept = settings.CACHE / "templates" / name_of(demo)
    if cluster.external:  # its version may not read our dumps
        _install(cluster, part, demo, say)
    else:
        with only_one(kept.with_suffix(".lock"), lambda: say(f"Another run makes {kept.name}")):
            if (kept / "database").exists():
                _restore(cluster, part, kept)
            else:
                _install(cluster, part, demo, say)
                _keep(cluster, part, kept)
    cluster.rename(part, name)


def _install(cluster: Cluster, name: str, demo: bool, say) -> None:
    say("Odoo's modules (once, about two minutes)")
    cluster.create(name)
    args = ["-d", name, "-i", ",".join(settings.BASE_MODULES), "--stop-after-init", "--no-http"]
    args += [f"--load-language={settings.LANGUAGE}", "--unaccent"]
    if demo:
        args.append("--with-demo")
    runner.run(cluster, *args, log=settings.VAR / "log" / f"{name}.log")


def _tool(cluster: Cluster, *command: str | Path) -> None:
    done = subprocess.run(
        [str(binaries() / command[0]), *map(str, command[1:])],
        env=cluster.env(),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SetupError(f"{command[0]}: {done.stderr.strip()[-1500:]}")


def _keep(cluster: Cluster, name: str, kept: Path) -> None:
    """Put a finished template into the cache, in place of those made for other versions."""
    for old in kept.parent.glob(f"{kept.name.rsplit('_', 1)[0]}_*"):
        if old.is_dir() and old != kept:
            shutil.rmtree(old, ignore_errors=True)
    part = kept.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    if cluster.filestore(name).exists():
        shutil.copytree(cluster.filestore(name), part / "filestore")
    _tool(cluster, "pg_dump", "-Fc", "-Z1", "-f", part / "database", name)
    shutil.rmtree(kept, ignore_errors=True)
    part.rename(kept)


def _restore(cluster: Cluster, name: str, kept: Path) -> None:
    cluster.create(name)
    _tool(
        cluster,
        *("pg_restore", "--no-owner", "--no-comments", "--exit-on-error", "-j2"),
        *("-d", name, kept / "database"),
    )
    if (kept / "filestore").exists():
        shutil.copytree(kept / "filestore", cluster.filestore(name), dirs_exist_ok=True)
    cluster.psql("analyze", database=name)
