"""Dispatch orders: creation, approval, assignment, hand-in of 1,000 at once

Beside Odoo's own repair order and the field service of the OCA, in the same run. Each step is one
request over all of them with a cold record cache; what is shown is what it costs for each order.

- create: ours makes the dispatch orders of registrations: provider by the rule with its decision,
  checklist, deadlines, first step;
- approve: core confirms, field service writes the stage, ours confirms, starts the clock and logs
  the step;
- assign: core writes the responsible, field service the worker; ours asks grade, load and provider
  first, stores what speaks for and against the technician, and logs the step;
- hand in: core has none, field service completes; ours locks, checks, and logs the step.

None has parts. The numbers of core are in ours: a dispatch order is a repair order.
"""

# ruff: noqa: F821
# databases: plain, fsm, ours
MANY = 1000


def core():
    """Odoo's own repair orders."""
    Repair = user_env["repair.order"]
    lots = user_env["stock.lot"].search([("name", "=like", "SN%")], limit=MANY, order="id")
    customers = user_env["res.partner"].search([("name", "=like", "客户 %")], limit=MANY)
    values = [
        {"product_id": lot.product_id.id, "lot_id": lot.id, "partner_id": customer.id}
        for lot, customer in zip(lots, customers, strict=True)
    ]

    def approve(orders):
        orders._action_repair_confirm()
        return orders

    def assign(orders):
        orders.write({"user_id": user_env.uid})
        return orders

    return lambda count: [
        ("create", lambda _none: Repair.create([dict(vals) for vals in values[:count]])),
        ("approve", approve),
        ("assign", assign),
    ]


def fsm():
    """The OCA's field service orders."""
    Order = user_env["fsm.order"]
    places = user_env["fsm.location"].search([], limit=500)
    worker = user_env["fsm.person"].search([], limit=1)
    stage = user_env["fsm.stage"].search([("name", "=", "已派工")], limit=1)
    values = [
        {"location_id": places[number % len(places)].id, "description": "变速箱漏油"}
        for number in range(MANY)
    ]

    def approve(orders):
        orders.write({"stage_id": stage.id})
        return orders

    def assign(orders):
        orders.write({"person_id": worker.id})
        return orders

    return lambda count: [
        ("create", lambda _none: Order.create([dict(vals) for vals in values[:count]])),
        ("approve", approve),
        ("assign", assign),
        ("hand in", lambda orders: orders.action_complete() and orders),
    ]


def ours():
    """Dispatch orders, made from registrations."""
    technician = env["res.partner"].create({"name": "王建国", "is_technician": True})
    env["jinxing.post.certificate"].create(
        {
            "name": "上岗证",
            "partner_id": technician.id,
            "issuer": "德阳市农业农村局",
            "date_issue": "2024-01-05",
        }
    )
    machines = env["stock.lot"].search(
        [("is_machine", "=", True), ("name", "=like", "JYB0%")], limit=MANY, order="id"
    )
    tickets = env["helpdesk.ticket"].create(
        [
            {
                "lot_id": machine.id,
                "partner_id": machine.owner_id.id,
                "caller_name": machine.owner_id.name,
                "fault_description": "变速箱漏油",
                "service_address": "三台县芦溪镇",
            }
            for machine in machines
        ]
    ).with_env(user_env)
    keep()

    def create(count):
        some = tickets[:count]
        some.action_create_dispatch_order()
        return user_env["repair.order"].search([("ticket_id", "in", some.ids)])

    def approve(orders):
        orders.action_approve()
        return orders

    def assign(orders):
        orders.action_assign(technician_id=technician.id, reason="经销商无人可派")
        return orders

    def repaired(orders):
        orders.sudo().write({"service_state": "signed", "explanation": "x", "precautions": "x"})
        return orders

    def hand_in(orders):
        orders.action_hand_in()
        return orders

    return lambda count: [
        ("create", lambda _none: create(count)),
        ("approve", approve),
        ("assign", assign),
        (None, repaired),
        ("hand in", hand_in),
    ]


if "fsm.order" in env:
    steps = fsm()
elif "jinxing.repair.step" in env:
    steps = ours()
else:
    steps = core()
measure_steps([(name and f"{name} 1,000, each", work) for name, work in steps(MANY)], per=MANY)
measure_steps([(name and f"{name} one", work) for name, work in steps(1)], runs=9)
