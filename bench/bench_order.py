"""One dispatch order from the call to closed, beside the steps of core it stands on

One order with two parts and a machine with a serial number, taken through all its steps by one
person with access rules; each step is a request of its own (record cache cold). The parts are in
the technician's van, the faults are covered, the customer has no address for letters.

- plain is Odoo's own: a helpdesk ticket, a repair order with the same two parts, the ticket moved
  on. Ours moves the ticket within "create" and "close"; core tries to send a letter when the
  ticket is done, though there is no address.
- create, approve (core: confirm), arrive (core: start) and sign (core: end) stand on core's steps;
  core plans the parts when it creates and reserves them when it confirms, ours does both in
  "fit the parts", each part for its fault.
- The columns are measured one after the other: milliseconds drift with what else the machine does,
  queries do not.
- "find the faults" and "write down" (causes, quality, checklist, explanation) are what the
  technician says, saved at once; the other steps are the handbook's, and core has none of them.
"""

# ruff: noqa: F821
# databases: plain, ours
# compare: ours / plain
from odoo import fields

ours_here = "jinxing.repair.step" in env


def part_vals(parts, **vals):
    """Return what adds one of each part to an order."""
    return [
        {"repair_line_type": "add", "product_id": part.id, "product_uom_qty": 1, **vals}
        for part in parts
    ]


def core():
    """Odoo's own ticket and repair order."""
    Repair = user_env["repair.order"]
    Ticket = user_env["helpdesk.ticket"]
    lot = user_env["stock.lot"].search([("name", "=like", "ORM%")], order="id", offset=100, limit=1)
    parts = user_env["product.product"].search([("default_code", "=like", "PART%")], limit=2)
    customer = user_env["res.partner"].search([("name", "=like", "客户 %")], limit=1)
    ticket = {
        "name": "变速箱漏油",
        "description": "变速箱漏油",
        "partner_id": customer.id,
        "partner_name": customer.name,
        "team_id": user_env["helpdesk.ticket.team"].search([], limit=1).id,
    }
    vals = {
        "product_id": lot.product_id.id,
        "lot_id": lot.id,
        "partner_id": customer.id,
        "move_ids": [(0, 0, part) for part in part_vals(parts)],
    }

    stages = user_env["helpdesk.ticket.stage"]
    known = {}

    def register(_none):
        known["ticket"] = Ticket.create(dict(ticket))

    def move(stage):
        target = env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{stage}").id

        def work(order):
            known["ticket"].stage_id = stages.browse(target)
            return order

        return work

    def create(_ticket):
        return Repair.create(dict(vals))

    def then(method):
        def work(order):
            getattr(order, method)()
            return order

        return work

    return [
        ("register", register),
        ("create", create),
        ("ticket in progress", move("in_progress")),
        ("approve", then("action_validate")),
        ("arrive", then("action_repair_start")),
        ("sign", then("action_repair_end")),
        ("ticket done", move("done")),
    ]


def ours():
    """A registration and its dispatch order."""
    sold = env["stock.lot"].search(
        [("is_machine", "=", True), ("name", "=like", "JYB0%")], limit=1, order="id"
    )
    machine = env["stock.lot"].create({"name": "JYBNEW", "product_id": sold.product_id.id})
    env["jinxing.warranty.card"].create(
        {
            "lot_id": machine.id,
            "owner_id": sold.owner_id.id,
            "dealer_id": sold.dealer_id.id,
            "invoice_number": "87654321",
            "invoice_date": fields.Date.subtract(fields.Date.today(), months=3),
        }
    ).action_activate()
    store = env["stock.warehouse"].search([], limit=1).lot_stock_id
    van = env["stock.location"].create(
        {"name": "服务车", "usage": "internal", "location_id": store.id}
    )
    technician = env["res.partner"].create(
        {"name": "王建国", "is_technician": True, "parts_location_id": van.id}
    )
    env["jinxing.post.certificate"].create(
        {
            "name": "上岗证",
            "partner_id": technician.id,
            "issuer": "德阳市农业农村局",
            "date_issue": "2024-01-05",
        }
    )
    components = env["jinxing.component"].search([("cover_class", "=", "main")], limit=2)
    parts = env["product.product"].create(
        [
            {
                "name": component.name,
                "is_storable": True,
                "component_id": component.id,
                "approved_model_ids": [(6, 0, machine.product_id.product_tmpl_id.ids)],
            }
            for component in components
        ]
    )
    for part in parts:
        env["stock.quant"]._update_available_quantity(part, van, 100)
    keep()
    moves = user_env["stock.move"]
    faults = user_env["jinxing.repair.fault"]
    picture = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
        "RU5ErkJggg=="
    )

    registration = {
        "lot_id": machine.id,
        "partner_id": machine.owner_id.id,
        "caller_name": machine.owner_id.name,
        "fault_description": "变速箱漏油",
        "service_address": "三台县芦溪镇",
    }
    known = {}

    def register(_none):
        return user_env["helpdesk.ticket"].create(dict(registration))

    def create(ticket):
        ticket.action_create_dispatch_order()
        return ticket

    def made(ticket):
        return user_env["repair.order"].search([("ticket_id", "=", ticket.id)])

    def then(method, **arguments):
        def work(order):
            getattr(order, method)(**arguments)
            return order

        return work

    def find(order):
        faults.create(
            [
                {"order_id": order.id, "component_id": component.id, "symptom": "漏油"}
                for component in components
            ]
        )
        return order

    def listed(order):
        lines = order.check_ids.filtered(lambda check: check.phase == "departure")
        known["departure"] = lines.ids
        return order

    def pack(order):
        user_env["jinxing.repair.check"].browse(known["departure"]).write({"done": True})
        return order

    def two_hours_later(order):
        """Let the work take its time: no time at all is not logged."""
        env.flush_all()
        env.cr.execute(
            "update jinxing_repair_visit set arrived_at = arrived_at - interval '2 hours',"
            " departed_at = departed_at - interval '2 hours'"
            " where order_id = %s",
            [order.id],
        )
        env.invalidate_all()
        return order

    def look(order):
        known.update(faults=order.fault_ids.ids, checks=order.check_ids.ids)
        return order

    def fit(order):
        moves.create(
            [
                {**vals, "repair_id": order.id, "fault_id": fault}
                for vals, fault in zip(part_vals(parts), known["faults"], strict=True)
            ]
        )
        return order

    def write_down(order):
        order.write(
            {
                "explanation": "箱体铸造缺陷",
                "precautions": "每班检查油位",
                "trial_run_ok": True,
                "fault_ids": [
                    (1, fault, {"cause": "铸造缺陷", "quality_after": "good"})
                    for fault in known["faults"]
                ],
                "check_ids": [(1, check, {"done": True}) for check in known["checks"]],
            }
        )
        return order

    return [
        ("register", register),
        ("create", create),
        (None, made),
        ("approve", then("action_approve")),
        ("assign", then("action_assign", technician_id=technician.id, reason="经销商无人可派")),
        ("accept", then("action_accept")),
        ("contact", then("action_contact")),
        (None, listed),
        ("tick the departure list", pack),
        ("depart", then("action_depart")),
        ("arrive", then("action_arrive")),
        (None, two_hours_later),
        ("find the faults", find),
        (None, look),
        ("fit the parts", fit),
        ("write down", write_down),
        ("finish", then("action_finish")),
        ("sign", then("action_sign", signature=picture, signed_by="张德富")),
        ("hand in", then("action_hand_in")),
        ("close", then("action_close", quality_score=5)),
    ]


costs = measure_steps(ours() if ours_here else core(), runs=9)
TICKET = {"register", "ticket in progress", "ticket done"}
for name, left_out in (("all but the ticket", TICKET), ("all", set())):
    for unit, number in (("ms", 0), ("queries", 1)):
        whole = sum(cost[number] for step, cost in costs.items() if step not in left_out)
        show(name, f"{whole:.1f}", unit)
