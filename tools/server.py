"""The developer's server: a real Odoo with our addons and the factory's demo life in it.

python -m tools.server [ODOO OPTIONS]      serve, until Ctrl-C
python -m tools.server --shell             a Python prompt on the same database
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from . import runner, settings, templates
from .checks.logs import BAD_LINE
from .fetch import SetupError, explain
from .postgres import Cluster

CLUSTER = Cluster("dev")
INTERFACE = os.environ.get("JINXING_INTERFACE", "0.0.0.0")
SCRIPTS = settings.ROOT / "tools"
#: Changes in these folders of an addon need no update of the database.
NOT_INSTALLED = {"tests", "readme", "static", "__pycache__"}


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"[server] {text}", flush=True)


def wanted() -> dict[str, str]:
    """Return a hash for each of our addons, and one for all they stand on."""
    state = {"": templates.key()}
    for addon in settings.our_addons():
        parts = [p for p in (settings.ADDONS / addon).iterdir() if p.name not in NOT_INSTALLED]
        state[addon] = settings.tree_hash(*sorted(parts))
    return state


def installed(database: str) -> dict[str, str]:
    """Return what :func:`wanted` gave when the database was last made or updated."""
    query = "select shobj_description(oid, 'pg_database') from pg_database where datname = "
    comment = CLUSTER.psql(f"{query}'{database}'")
    try:
        return dict(json.loads(comment or "{}"))
    except ValueError:
        return {}


def remember(database: str, state: dict[str, str]) -> None:
    """Keep ``state`` with the database itself, so that it goes where the database goes."""
    CLUSTER.psql(f"comment on database \"{database}\" is '{json.dumps(state)}'")


def odoo(database: str, *args: str, name: str) -> None:
    """Run one installing or updating Odoo command on the database."""
    log = settings.VAR / "log" / f"server-{name}.log"
    runner.run(CLUSTER, "-d", database, *args, "--stop-after-init", "--no-http", log=log)


def demo(database: str, *more: Path) -> None:
    """Load the demo data of our addons where it is missing."""
    addons = ",".join(settings.our_addons())
    runner.script(CLUSTER, database, SCRIPTS / "load_demo.py", *more, JINXING_ADDONS=addons)


def make(database: str, state: dict[str, str]) -> None:
    """Make the database; one that is interrupted is made anew the next time."""
    say(f"Database {database}: first start")
    part = f"first_{database}"
    CLUSTER.drop(part)
    templates.fill(CLUSTER, part, say=say)
    ours = settings.our_addons()
    if ours:
        say(f"Our addons: {', '.join(ours)}")
        odoo(part, "-i", ",".join(ours), name="install")
    say("Demo data")
    demo(part, SCRIPTS / "first_run.py")
    CLUSTER.rename(part, database)
    remember(database, state)


def update(database: str, state: dict[str, str]) -> None:
    """Bring the database up to what the tree holds now."""
    before = installed(database)
    if before == state:
        return
    changed = [addon for addon in state if addon and before.get(addon, "") != state[addon]]
    if before.get("") != state[""]:
        say("Odoo or its addons have changed: updating everything")
        args = ["-u", "base", "-i", ",".join(changed)]
    else:
        say(f"Updating {', '.join(changed) or 'nothing'}")
        new = [addon for addon in changed if addon not in before]
        args = [*(["-i", ",".join(new)] if new else []), "-u", ",".join(changed)]
    if changed or args[1] == "base":
        odoo(database, *args, name="update")
        demo(database)
    remember(database, state)


def ready(database: str) -> None:
    """Make the database, or update it when our addons have changed."""
    state = wanted()
    if database in CLUSTER.databases():
        update(database, state)
    else:
        make(database, state)


def logins(database: str) -> list[str]:
    """Return the demo users' logins."""
    return CLUSTER.psql(
        "select u.login from res_users u join ir_model_data d on d.res_id = u.id"
        " where d.model = 'res.users' and d.module like 'jinxing%' and u.active order by u.id",
        database=database,
    ).split()


def follow(stream, log: Path) -> None:
    """Keep the server's log in a file; show a person what needs a look."""
    with log.open("w", encoding="utf-8") as kept:
        showing = False
        for line in stream:
            kept.write(line)
            kept.flush()
            if line[:4].isdigit():
                showing = bool(BAD_LINE.match(line))
            if showing:
                print(line, end="", flush=True)


def wait_for(server: subprocess.Popen, address: str) -> None:
    """Wait until the login page is there.

    :raises SetupError: the server ended, or the page does not come in three minutes
    """
    end = time.monotonic() + 180
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SetupError("Odoo ended at once; see var/log/server.log.")
        with suppress(urllib.error.URLError, OSError):
            with urllib.request.urlopen(address, timeout=60) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.2)
    raise SetupError(f"{address} does not answer; see var/log/server.log.")


def stop(server: subprocess.Popen) -> None:
    """Let Odoo end what it is doing, and itself."""
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def report_address(database: str, port: int) -> None:
    """Tell Odoo where its own printer finds pictures and styles."""
    CLUSTER.psql(
        "insert into ir_config_parameter (key, value) values"
        f" ('report.url', 'http://127.0.0.1:{port}')"
        " on conflict (key) do update set value = excluded.value",
        database=database,
    )


def serve(database: str, port: int, more: list[str], began: float) -> None:
    """Serve until a signal comes or Odoo ends."""
    report_address(database, port)
    line = runner.command(
        CLUSTER,
        *("-d", database, f"--db-filter=^{database}$", f"--http-port={port}"),
        *(f"--gevent-port={runner.free_port()}", "--max-cron-threads=1", *more),
        interface=INTERFACE,
    )
    server = subprocess.Popen(
        line,
        env=runner.environment(CLUSTER),
        cwd=settings.VAR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,  # Ctrl-C reaches us, and we tell it once
    )
    log = settings.VAR / "log" / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    reader = threading.Thread(target=follow, args=(server.stdout, log), daemon=True)
    reader.start()
    try:
        wait_for(server, f"http://127.0.0.1:{port}/web/login")
        people = ", ".join(logins(database))
        print(
            f"\n  http://localhost:{port}/    after {time.monotonic() - began:.0f} s"
            f"\n\n  admin / admin, and with their login as password: {people}"
            "\n  Log: var/log/server.log. Ctrl-C stops the server and its database.\n",
            flush=True,
        )
        if server.wait():
            raise SetupError(f"Odoo ended with {server.returncode}; see var/log/server.log.")
    finally:
        stop(server)
        reader.join(5)


def shell(database: str, more: list[str]) -> int:
    """Open a Python prompt on the database."""
    line = runner.command(CLUSTER, "-d", database, "--no-http", *more, sub="shell")
    return subprocess.run(line, env=runner.environment(CLUSTER), cwd=settings.VAR).returncode


def _interrupt(signum, frame):
    raise KeyboardInterrupt


def main(args: list[str]) -> int:
    """Run what the command line asks for."""
    began = time.monotonic()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    database, port = settings.DATABASE, settings.PORT
    try:
        if args[:1] == ["--shell"]:
            with CLUSTER.hold():
                if database not in CLUSTER.databases():
                    raise SetupError(f"There is no database {database}: run script/server first.")
                return shell(database, args[1:])
        runner.check_port(port)
        with CLUSTER.hold():
            ready(database)
            serve(database, port, args, began)
    except SetupError as error:
        print(f"\nserver stopped: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nserver stopped: {explain(error, 'the database')}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
