"""Steps of Odoo's own repair orders

What a dispatch order stands on: one order with two parts and a serial number, by one person, each
step as a request of its own (record cache cold). Ours are shown beside these.
"""

# ruff: noqa: F821
# databases: plain
Repair = user_env["repair.order"]
lots = user_env["stock.lot"].search([("name", "=like", "ORM%")], order="id")[100:]
parts = user_env["product.product"].search([("default_code", "=like", "PART%")], order="id")
customers = user_env["res.partner"].search([("name", "=like", "客户 %")], limit=400)


def values(number):
    """Return what makes one order."""
    return {
        "product_id": lots[number].product_id.id,
        "lot_id": lots[number].id,
        "partner_id": customers[number].id,
        "move_ids": [
            (
                0,
                0,
                {
                    "repair_line_type": "add",
                    "product_id": parts[(number + step) % 200].id,
                    "product_uom_qty": 1,
                },
            )
            for step in range(2)
        ],
    }


def order(*steps):
    """Return the id of a new order after these steps."""
    record = Repair.create(values(0))
    for step in steps:
        getattr(record, step)()
    return record.id


def step(name, method, *before):
    """Measure one step of an order that has taken those before."""
    measure(name, lambda id_: getattr(Repair.browse(id_), method)(), setup=lambda: order(*before))


measure("create", lambda: Repair.create(values(0)))
measure(
    "create 200 in one batch, each",
    lambda: Repair.create([values(number) for number in range(200)]),
    per=200,
    runs=3,
)
step("confirm", "action_validate")
step("start", "action_repair_start", "action_validate")
step("end", "action_repair_end", "action_validate", "action_repair_start")
step("sale order", "action_create_sale_order", "action_validate", "action_repair_start")
measure_list("repair.order")
measure_list("repair.order", [("state", "=", "under_repair")], ", under repair")
measure_kanban("repair.order", "state")
measure_form("repair.order", Repair.search([("state", "=", "confirmed")], limit=1, order="id").id)
