"""The service clock: finding what is due, telling of it, rights to an exchange

As many open dispatch orders as there are machines, each with a promise; a hundred of them are due:
forty customers not called, twenty faults not assessed, 25 arrivals missed, fifteen promises broken.
A hundred repairs have come to the day on which a right to an exchange is looked for.
"""

# ruff: noqa: F821
import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import SQL

DUE = {"contact": 40, "preliminary": 20, "arrival": 25, "promise": 15}
LOOKED_AT = 100

now = fields.Datetime.now()
Order = env["repair.order"]
supervisors = env["res.users"].create(
    [
        {
            "name": f"主管 {number}",
            "login": f"bench_supervisor_{number}",
            "group_ids": [(6, 0, env.ref("jinxing_base.group_supervisor").ids)],
        }
        for number in range(3)
    ]
)
machines = env["stock.lot"].search([("is_machine", "=", True)], limit=40, order="id")
component = env.ref("jinxing_warranty.component_gearbox_housing")
tickets = env["helpdesk.ticket"].create(
    [
        {
            "lot_id": machine.id,
            "partner_id": machine.owner_id.id,
            "caller_name": machine.owner_id.name,
            "fault_description": "变速箱漏油",
            "service_address": "三台县芦溪镇",
            "called_at": now,
        }
        for machine in machines
    ]
)
tickets.action_create_dispatch_order()
orders = tickets.order_ids
orders.with_user(supervisors[0]).action_approve()
env["jinxing.repair.fault"].create(
    [{"order_id": order.id, "component_id": component.id} for order in orders]
)
orders._make_promise(now + timedelta(days=3), now)
keep()

# The crowd: approved, called, a week to arrive, a promise to keep, nothing due.
later = "now() at time zone 'UTC' + interval '7 days' + g * interval '1 second'"
called = "now() at time zone 'UTC'"
clone(
    "repair_order",
    orders.ids,
    ROWS,
    name="'PGB' || lpad(g::text, 8, '0')",
    ticket_id="null",
    contacted_at=called,
    preliminary_at=called,
    arrival_deadline=later,
    promise_at=later,
    exchange_look_on="current_date + 30 + (g %% 60)::int",
)
env.cr.execute("select id from repair_order where name like 'PGB%%' order by id")
crowd = [order for (order,) in env.cr.fetchall()]
first = crowd[0]
clone("jinxing_repair_promise", orders.promise_ids[:1].ids, ROWS,
      order_id=f"{first} + g - 1", promise_at=later)
clone("jinxing_repair_fault", orders.fault_ids[:1].ids, ROWS, order_id=f"{first} + g - 1",
      lot_id=f"(select lot_id from repair_order where id = {first} + g - 1)")
begin = 0
for kind, count in DUE.items():
    ids = crowd[begin : begin + count]
    begin += count
    if kind == "contact":
        env.cr.execute(
            "update repair_order set contacted_at = null,"
            " contact_deadline = now() at time zone 'UTC' - interval '1 minute' where id = any(%s)",
            [ids],
        )
    elif kind == "preliminary":
        env.cr.execute(
            "update repair_order set preliminary_at = null, preliminary_deadline ="
            " now() at time zone 'UTC' - interval '1 minute' where id = any(%s)",
            [ids],
        )
    elif kind == "arrival":
        env.cr.execute(
            "update repair_order set"
            " arrival_deadline = now() at time zone 'UTC' - interval '1 minute' where id = any(%s)",
            [ids],
        )
    else:
        env.cr.execute(
            "update jinxing_repair_promise set made_at = made_at - interval '1 day',"
            " promise_at = now() at time zone 'UTC' - interval '1 minute' where order_id = any(%s)",
            [ids],
        )
looked_at = crowd[begin : begin + LOOKED_AT]
env.cr.execute(
    "update repair_order set exchange_look_on = current_date - 1,"
    " handed_over_at = handed_over_at - interval '29 days' where id = any(%s)",
    [looked_at],
)
keep()

due = sum(DUE.values())
measure(f"find {due} due", lambda: Order._find_due(fields.Datetime.now(), 200))
found = Order._find_due(fields.Datetime.now(), 200)
if len(found) != due:
    raise AssertionError(f"{len(found)} found, not {due}")
with patch.object(type(env), "execute_query", autospec=True, return_value=[]) as asked:
    Order._find_due(now, 200)
plan = env.execute_query(SQL("EXPLAIN %s", asked.call_args.args[1]))
plan = "\n".join(line for (line,) in plan)
show("find: tables read from end to end", plan.count("Seq Scan"), "plan")
for index in re.findall(r"Index(?: Only)? Scan using (\S+)", plan):
    show(f"find: by {index}", "yes", "plan")
measure(
    f"find and tell of {due}: decisions, marks, activities, messages",
    lambda: Order._notify_due(Order._find_due(fields.Datetime.now(), 200)),
)
measure("find when nothing is due", lambda: Order._find_due(now - timedelta(days=9), 200))
for field in ("contact_breach", "preliminary_breach", "arrival_breach", "promise_breach"):
    measure(
        f"list of {field}, first 80",
        lambda field=field: user_env["repair.order"].search([(field, "=", True)], limit=80),
    )
measure(
    f"look at {LOOKED_AT} for rights to an exchange",
    lambda: Order.browse(looked_at)._look_at_exchange(),
)
measure(
    f"find {LOOKED_AT} to look at",
    lambda: Order.search([("exchange_look_on", "<=", fields.Date.today())], limit=500),
)
