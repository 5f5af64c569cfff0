"""Fed to ``odoo shell`` before every file of this folder: measuring, and loading in bulk.

``measure`` takes the time of what one request does: the record cache is cold, PostgreSQL and the
ORM's other caches are warm, what is written is flushed, mail tracking included, and undone again.
Every result is one line ``name | value | unit``.
"""

# ruff: noqa: F821
import json
import os
import statistics
import time

from lxml import etree

ROWS = int(os.environ["JINXING_ROWS"])
#: a person with access rules, not the superuser
user_env = env(
    user=env.ref("base.user_admin").id,
    su=False,
    context={
        "lang": "zh_CN",
        "tz": "Asia/Shanghai",
        "allowed_company_ids": env.companies.ids or env["res.company"].search([]).ids,
    },
)


def show(name, value, unit):
    """Print one result."""
    print(f"{name} | {value} | {unit}", flush=True)


def measure(name, work, setup=None, per=1, runs=7, warmup=1):
    """Show milliseconds (median) and queries of ``work``, for each of the ``per`` it does.

    :param setup: called before each run, outside the measure; its result goes to ``work``
    """
    times, queries = [], []
    for run in range(warmup + runs):
        env.cr.execute("SAVEPOINT bench")
        arguments = () if setup is None else (setup(),)
        env.flush_all()
        env.cr.flush()
        env.invalidate_all()
        asked, began = env.cr.sql_log_count, time.perf_counter()
        work(*arguments)
        env.flush_all()
        env.cr.flush()  # runs what waits for the commit: tracking messages
        spent, asked = time.perf_counter() - began, env.cr.sql_log_count - asked
        env.cr.postcommit.clear()
        env.cr.clear()
        env.cr.execute("ROLLBACK TO SAVEPOINT bench")
        env.cr.execute("RELEASE SAVEPOINT bench")
        env.invalidate_all(flush=False)
        if run >= warmup:
            times.append(spent * 1000 / per)
            queries.append(asked / per)
    show(name, f"{statistics.median(times):.1f}", "ms")
    show(name, f"{statistics.median(queries):g}", "queries")


def measure_steps(steps, per=1, runs=3):
    """Show what each step of one way costs, for each of the ``per`` it does; undone in the end.

    :param steps: ``(name, work)`` in their order, or ``(None, work)`` for what is not measured;
        ``work`` is given what the step before returned
    :return: ``{name: (ms, queries)}``
    """
    found = {}
    for _run in range(runs):
        env.cr.execute("SAVEPOINT bench")
        result = None
        for name, work in steps:
            env.flush_all()
            env.cr.flush()
            env.invalidate_all()
            asked, began = env.cr.sql_log_count, time.perf_counter()
            result = work(result)
            env.flush_all()
            env.cr.flush()
            spent, asked = time.perf_counter() - began, env.cr.sql_log_count - asked
            if name:
                found.setdefault(name, []).append((spent * 1000 / per, asked / per))
        env.cr.postcommit.clear()
        env.cr.clear()
        env.cr.execute("ROLLBACK TO SAVEPOINT bench")
        env.cr.execute("RELEASE SAVEPOINT bench")
        env.invalidate_all(flush=False)
    medians = {
        name: tuple(statistics.median(column) for column in zip(*values, strict=True))
        for name, values in found.items()
    }
    for name, (spent, asked) in medians.items():
        show(name, f"{spent:.1f}", "ms")
        show(name, f"{asked:.2f}", "queries")
    return medians


def specification(model, kind):
    """Return what the web client asks of a view: (specification, the view)."""
    views = [(False, kind)] + ([(False, "search")] if kind != "form" else [])
    view = etree.fromstring(user_env[model].get_views(views)["views"][kind]["arch"])
    return _wanted(user_env[model], view), view


def _wanted(model, view):
    wanted = {}
    for node in _fields(view):
        field = model._fields.get(node.get("name"))
        if not field:
            continue
        entry = wanted.setdefault(field.name, {})
        never = ("1", "True")
        if node.get("invisible") in never or node.get("column_invisible") in never:
            continue
        if field.type == "many2one":
            entry.setdefault("fields", {})["display_name"] = {}
        elif field.type in ("one2many", "many2many"):
            inner = [child for child in node if child.tag in ("list", "kanban")]
            fields = entry.setdefault("fields", {})
            if inner and "tags" not in (node.get("widget") or ""):
                fields |= _wanted(model.env[field.comodel_name], inner[0])
                entry["limit"] = 40
            elif node.get("widget"):
                fields["display_name"] = {}
    return wanted


def _fields(node):
    for child in node:
        if child.tag == "field":
            yield child
        elif isinstance(child.tag, str):
            yield from _fields(child)


def measure_list(model, domain=(), name="", runs=9):
    """Show what the first page of the list costs: 80 rows and the count, as the client asks."""
    wanted, view = specification(model, "list")
    order = view.get("default_order") or user_env[model]._order
    measure(
        f"{model} list{name}",
        lambda: user_env[model].web_search_read(
            list(domain), wanted, limit=80, order=order, count_limit=10001
        ),
        runs=runs,
    )


def measure_kanban(model, group, domain=(), name="", runs=9):
    """Show what the kanban grouped by ``group`` costs, its progress bar included."""
    wanted, view = specification(model, "kanban")
    bar = view.find(".//progressbar")

    def open_it():
        user_env[model].web_read_group(
            list(domain),
            [group],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=wanted,
            unfold_read_default_limit=80,
            order=view.get("default_order") or None,
        )
        if bar is not None:
            colors = {"field": bar.get("field"), "colors": json.loads(bar.get("colors"))}
            user_env[model].read_progress_bar(list(domain), group, colors)

    measure(f"{model} kanban by {group}{name}", open_it, runs=runs)


def measure_form(model, record_id, name="", runs=9):
    """Show what opening the form costs."""
    wanted, _view = specification(model, "form")
    measure(
        f"{model} form{name}", lambda: user_env[model].browse(record_id).web_read(wanted), runs=runs
    )


def clone(table, templates, count, **overrides):
    """Insert ``count`` rows, copied in turn from the rows with the ids ``templates``.

    :param overrides: column → SQL over ``t`` (the row copied) and ``g`` (1 to ``count``)
    """
    env.flush_all()
    env.cr.execute(
        "select column_name from information_schema.columns"
        " where table_name = %s and table_schema = 'public' and column_name <> 'id'",
        [table],
    )
    columns = [name for (name,) in env.cr.fetchall()]
    if unknown := set(overrides) - set(columns):
        raise ValueError(f"{table} has no {', '.join(unknown)}")
    values = ", ".join(overrides.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"""
        insert into {table} ({names})
        select {values}
          from generate_series(1, %s) g
          join (select row_number() over (order by id) - 1 as turn, *
                  from {table} where id = any(%s)) t on t.turn = g %% %s
        """,
        [count, list(templates), len(templates)],
    )
    env.invalidate_all()


def keep():
    """Commit, and let PostgreSQL learn what is there: stale statistics cost a factor of 8."""
    env.cr.commit()
    env.cr.execute("analyze")
    env.cr.commit()
