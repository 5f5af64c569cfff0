"""The developer's loop: one addon's tests in seconds, scratch databases, the dev server's.

python -m tools.dev db start|stop|psql [DB]
python -m tools.dev test ADDON[,ADDON] [--tags TAGS] [--keep] [--demo]
python -m tools.dev scratch NAME ADDON[,ADDON] [--demo]
python -m tools.dev serve NAME [PORT]
python -m tools.dev i18n [ADDON[,ADDON]]      bring .pot and zh_CN.po up to the sources
python -m tools.dev lint [--fix]              what script/test lint asks, mended where it can be
python -m tools.dev handbook                  bring docs/handbook.md up to the sources
python -m tools.dev image                     bring config/requirements.txt up to uv.lock
python -m tools.dev clean                     stop and remove this tree's servers and databases
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from . import image, runner, settings, templates
from .checks import logs, po, traceability
from .fetch import SetupError
from .gate import lint
from .locks import only_one
from .postgres import Cluster, binaries

CLUSTER = Cluster("test")


def below(addons: str) -> str:
    """Return a database with what ``addons`` stand on, ours included; made when it is missing."""
    base = templates.base(CLUSTER)
    names = settings.addons_below(addons.split(","))
    if not names:
        return base
    key = settings.tree_hash(*(settings.ADDONS / name for name in names))
    name = f"below_{base.rsplit('_', 1)[1]}_{key}"
    with only_one(settings.VAR / "below.lock", lambda: print("Waiting for what is below")):
        databases = CLUSTER.databases()
        if name not in databases:
            for old in [n for n in databases if n.startswith("below_")][:-2]:
                CLUSTER.drop(old)
            part = f"making_{name}"
            CLUSTER.copy(base, part)
            runner.run(
                CLUSTER,
                *("-d", part, "-i", ",".join(names), "--stop-after-init", "--no-http"),
                log=settings.VAR / "log" / "below.log",
            )
            CLUSTER.rename(part, name)
    return name


def install(name: str, addons: str, demo: bool, *more: str) -> str:
    """Copy a database with what ``addons`` stand on to ``name``, install, return the log."""
    CLUSTER.copy(below(addons), name)
    log = runner.run(
        CLUSTER,
        *("-d", name, "-i", addons, "--stop-after-init", "--unaccent"),
        *(f"--http-port={runner.free_port()}", f"--gevent-port={runner.free_port()}"),
        *more,
        log=settings.VAR / "log" / f"{name}.log",
    )
    if demo:
        load_demo(CLUSTER, name)
    return log


def load_demo(cluster: Cluster, name: str) -> None:
    """Load our addons' demo data, and nobody else's: the factory's life, no furniture."""
    addons = ",".join(settings.our_addons())
    runner.script(cluster, name, settings.ROOT / "tools" / "load_demo.py", JINXING_ADDONS=addons)


def test(options) -> int:
    """Install the addons on a copy of the template and run their tests."""
    began = time.monotonic()
    name = f"t_{os.getpid()}"
    tags = options.tags or ",".join(f"/{addon}" for addon in options.addons.split(","))
    try:
        log = install(name, options.addons, False, "--test-tags", tags)
        failed = 0
    except SetupError as error:
        log, failed = str(error), 1
        with suppress(OSError):
            log = (settings.VAR / "log" / f"{name}.log").read_text()
        if "failed, " not in log and "error(s) of" not in log:
            print(log[-6000:])
    keep = (" FAIL: ", " ERROR: ", "failed, ", "Traceback", "  File", "Error", "post-tests in")
    for line in log.splitlines():
        bad = logs.BAD_LINE.match(line)
        if bad or "tests in " in line or not line[:4].isdigit() or any(k in line for k in keep):
            print(line[:600])
    print(f"log: var/log/{name}.log, {time.monotonic() - began:.0f} s")
    if options.keep:
        print(f"database kept: {name}")
    else:
        CLUSTER.drop(name)
    return failed


def i18n(options) -> int:
    """Export the texts of the addons; return 1 when some have no Chinese yet, and name them."""
    addons = (options.addons or ",".join(settings.our_addons())).split(",")
    name = f"i18n_{os.getpid()}"
    missing = 0
    try:
        install(name, ",".join(addons), False)
        with tempfile.TemporaryDirectory() as folder:
            runner.script(
                CLUSTER,
                name,
                settings.ROOT / "tools" / "export_words.py",
                JINXING_ADDONS=",".join(addons),
                JINXING_FOLDER=folder,
            )
            for addon in addons:
                lacking = po.refresh(settings.ADDONS / addon, Path(folder) / f"{addon}.pot")
                missing += len(lacking)
                for text in lacking:
                    print(f"{addon}: no Chinese for {text!r}")
    finally:
        CLUSTER.drop(name)
    print(f"{', '.join(addons)}: {missing or 'no'} texts without Chinese")
    return int(missing > 0)


def clean() -> int:
    """Remove all this tree has made on the machine outside of itself, and ``var``."""
    for name in ("dev", "test", "bench"):
        Cluster(name).remove()
    shutil.rmtree(settings.VAR, ignore_errors=True)
    return 0


def sources(options) -> int:
    """Check the sources, or bring up to them what is made from them."""
    if options.verb == "handbook":
        traceability.write(settings.ROOT)
        problems = traceability.check(settings.ROOT)
    else:
        if options.fix:
            lint.fix()
        problems = lint.run().problems
    print(*problems, sep="\n")
    return int(bool(problems))


def serve(options) -> int:
    """Serve a scratch database until interrupted."""
    port = options.port or runner.free_port()
    runner.check_port(port)
    line = runner.command(
        CLUSTER,
        *("-d", options.name, f"--http-port={port}", f"--gevent-port={runner.free_port()}"),
        *(f"--db-filter=^{options.name}$", "--max-cron-threads=0"),
    )
    print(f"http://127.0.0.1:{port}/odoo", flush=True)
    os.execvpe(line[0], line, runner.environment(CLUSTER))


def database(options) -> int:
    """List, drop or open the databases of the test server."""
    if options.action == "psql":
        psql = str(binaries() / "psql")
        os.execvpe(psql, [psql, options.name], CLUSTER.env())
    if options.action == "drop":
        CLUSTER.drop(options.name)
    print(f"socket {CLUSTER.socket}, user {CLUSTER.user}", *CLUSTER.databases(), sep="\n  ")
    return 0


def main() -> int:
    """Parse the command line and run it."""
    parser = argparse.ArgumentParser(prog="script/dev")
    sub = parser.add_subparsers(dest="verb", required=True)
    verb = sub.add_parser("db")
    verb.add_argument("action", choices=["start", "stop", "psql", "list", "drop"])
    verb.add_argument("name", nargs="?", default="postgres")
    verb = sub.add_parser("test")
    verb.add_argument("addons")
    verb.add_argument("--tags")
    verb.add_argument("--keep", action="store_true")
    verb = sub.add_parser("scratch")
    verb.add_argument("name")
    verb.add_argument("addons")
    verb.add_argument("--demo", action="store_true")
    verb = sub.add_parser("serve")
    verb.add_argument("name")
    verb.add_argument("port", nargs="?", type=int)
    verb = sub.add_parser("i18n")
    verb.add_argument("addons", nargs="?")
    verb = sub.add_parser("lint")
    verb.add_argument("--fix", action="store_true")
    verb = sub.add_parser("handbook")
    verb = sub.add_parser("image")
    verb = sub.add_parser("clean")
    options = parser.parse_args()
    settings.VAR.mkdir(exist_ok=True)
    try:
        if options.verb in ("lint", "handbook"):
            return sources(options)
        if options.verb == "image":
            image.write()
            return 0
        if options.verb == "clean":
            return clean()
        if options.verb == "db":
            if options.action == "stop":
                CLUSTER.stop()
                return 0
            with CLUSTER.hold(keep=True):
                return database(options)
        with CLUSTER.hold(keep=True):
            if options.verb == "test":
                return test(options)
            if options.verb == "i18n":
                return i18n(options)
            if options.verb == "serve":
                return serve(options)
            log = install(options.name, options.addons, options.demo)
            print(*logs.bad_lines(log), f"database {options.name} ready", sep="\n")
            return 0
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
