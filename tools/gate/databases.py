"""Install, update and uninstall our addons; a warning in a log is a failure."""

import tempfile
from contextlib import suppress
from pathlib import Path

from .. import runner, settings, templates
from ..checks import logs, po
from ..fetch import SetupError
from ..postgres import Cluster
from .plan import Outcome

FED = Path(__file__).parent / "fed"
PREFIX = "gate_"
PLAIN, DEMO, LIFE = "gate_plain", "gate_demo", "gate_life"
HALVES = ("gate_first", "gate_second")

#: what an uninstalled addon must not leave behind
SCHEMA = """
    select 'column ' || table_name || '.' || column_name
      from information_schema.columns where table_schema = 'public'
    union all
    select 'index ' || tablename || '.' || indexname from pg_indexes where schemaname = 'public'
    union all
    select 'constraint ' || conrelid::regclass || '.' || conname
      from pg_constraint where conrelid <> 0 and contype <> 'n'
       and connamespace = 'public'::regnamespace
"""


def log_of(name: str) -> Path:
    """Return where the log of a task is kept."""
    return settings.VAR / "log" / f"gate-{name}.log"


class Databases:
    """The gate's databases on the test server, all dropped at the end."""

    def __init__(self, cluster: Cluster, say):
        self.cluster = cluster
        self.say = say

    def drop_all(self) -> None:
        """Drop what this or an interrupted run has made."""
        for name in self.cluster.databases():
            if name.startswith(PREFIX) or name.startswith(f"making_{PREFIX}"):
                self.cluster.drop(name)

    def odoo(self, name: str, database: str, *args: str) -> Outcome:
        """Run one Odoo command; a bad line in its log, or a bad end, is a failure."""
        ports = (f"--http-port={runner.free_port()}", f"--gevent-port={runner.free_port()}")
        code, log = runner.finish(
            self.cluster, "-d", database, *args, "--stop-after-init", *ports, log=log_of(name)
        )
        problems = [logs.excerpt(log)] if logs.bad_lines(log) else []
        if code and not problems:
            problems = [f"odoo ended with {code}: {log[-2000:]}"]
        return Outcome().check(problems)

    def template(self, demo: bool = False) -> Outcome:
        """Have the database ready that holds what our addons stand on."""
        templates.base(self.cluster, demo, say=lambda text: self.say(f"{'':15}{text}"))
        return Outcome()

    def install(self) -> Outcome:
        """Install all our addons in one database without demo data; copy it for the tests."""
        self.cluster.copy(templates.base(self.cluster), PLAIN)
        outcome = self.odoo("install", PLAIN, "-i", ",".join(settings.our_addons()), "--no-http")
        outcome.check(self.not_installed(PLAIN))
        if not outcome.failed:
            for name in (LIFE, *HALVES):
                self.cluster.copy(PLAIN, name)
        return outcome

    def install_demo(self) -> Outcome:
        """Install all our addons beside Odoo's demo data, with ours."""
        self.cluster.copy(templates.base(self.cluster, True), DEMO)
        addons = ",".join(settings.our_addons())
        outcome = self.odoo("install-demo", DEMO, "-i", addons, "--with-demo", "--no-http")
        outcome.check(self.not_installed(DEMO))
        names = "', '".join(settings.our_addons())
        without = self.cluster.psql(
            f"select name from ir_module_module where name in ('{names}') and not demo",
            database=DEMO,
        )
        return outcome.check(f"{name}: its demo data is not there" for name in without.split())

    def not_installed(self, database: str) -> list[str]:
        """Return which of our addons are not installed."""
        names = self.cluster.psql(
            "select name from ir_module_module where state = 'installed'", database=database
        ).split()
        return [f"{name} is not installed" for name in settings.our_addons() if name not in names]

    def words(self) -> Outcome:
        """Compare templates and Chinese with the words the installed addons have."""
        outcome = Outcome()
        addons = settings.our_addons()
        with tempfile.TemporaryDirectory() as folder:
            runner.script(
                self.cluster,
                PLAIN,
                settings.ROOT / "tools" / "export_words.py",
                JINXING_ADDONS=",".join(addons),
                JINXING_FOLDER=folder,
            )
            for addon in addons:
                found = po.check_addon(settings.ADDONS / addon, Path(folder) / f"{addon}.pot")
                outcome.check(found + [f"script/dev i18n {addon}"] if found else [])
        return outcome

    def life(self) -> Outcome:
        """Load the factory's demo life as ``script/server`` does at its first start."""
        tools = settings.ROOT / "tools"
        files = (tools / "load_demo.py", tools / "first_run.py")
        addons = ",".join(settings.our_addons())
        runner.script(self.cluster, LIFE, *files, JINXING_ADDONS=addons)
        chart = self.cluster.psql("select chart_template from res_company where id = 1", LIFE)
        wrong = [] if chart == "cn" else [f"the factory's chart of accounts is {chart}, not cn"]
        return Outcome().check(wrong)

    def update(self) -> Outcome:
        """Update all our addons in the database with demo data."""
        outcome = self.odoo("update", DEMO, "-u", ",".join(settings.our_addons()), "--no-http")
        return outcome.check(self.not_installed(DEMO))

    def schema(self, database: str) -> set[str]:
        """Return columns, indexes and constraints of a database by name."""
        return set(self.cluster.psql(SCHEMA, database=database).splitlines())

    def uninstall(self) -> Outcome:
        """Uninstall our addons one by one; what they made must be gone."""
        outcome = Outcome()
        for addon in reversed(settings.our_addons()):
            try:
                runner.script(self.cluster, DEMO, FED / "uninstall.py", JINXING_ADDON=addon)
                left = self.cluster.psql(
                    f"select model || ' ' || name from ir_model_data where module = '{addon}'",
                    database=DEMO,
                ).splitlines()
            except SetupError as error:
                outcome.check([str(error)], addon)
                return outcome
            outcome.check((f"leaves {record}" for record in left), addon)
        before = self.schema(templates.name_of(True))
        left = sorted(self.schema(DEMO) - before)
        outcome.check([f"left behind: {', '.join(left)}"] if left else [])
        lost = sorted(before - self.schema(DEMO))
        return outcome.check([f"taken from others: {', '.join(lost)}"] if lost else [])

    def done(self, database: str) -> None:
        """Drop a database that is no longer needed."""
        with suppress(SetupError):
            self.cluster.drop(database)
