"""Money: a day's vouchers invoiced in one batch action

Five hundred signed orders with labour and travel to pay, each with its service voucher; one of them
is bad (its sale order was cancelled by hand). Finance chooses all and presses the button once:
the bad one is reported and the others are invoiced and posted, with taxes of l10n_cn, by a person
with access rules. Beside it one voucher alone, and Odoo's own invoicing of sale orders like those,
which the batch stands on.
"""

# ruff: noqa: F821
from odoo import Command

COUNT = 500
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)

if not env.company.chart_template:
    env["account.chart.template"].try_loading("cn", company=env.company, install_demo=False)
finance = env["res.users"].create(
    {
        "name": "财务",
        "login": "bench_finance",
        "group_ids": [
            Command.set(
                (env.ref("base.group_user") | env.ref("account.group_account_invoice")).ids
            )
        ],
    }
)
labour = env.ref("jinxing_repair.product_labour")
travel = env.ref("jinxing_repair.product_travel")
items = env["jinxing.fee.item"].create(
    [
        {"code": "BENCH1", "name": "更换电瓶", "product_id": labour.id, "hours": 1,
         "price_unit": 60},
        {"code": "BENCH2", "name": "上门里程", "product_id": travel.id, "hours": 120,
         "price_unit": 2, "kind": "travel"},
    ]
)
component = env["jinxing.component"].search([], limit=1)
customers = env["res.partner"].create([{"name": f"客户 {n}"} for n in range(COUNT)])


def orders_to_invoice():
    """Return signed orders with their vouchers, as the day has left them."""
    orders = env["repair.order"].create(
        [{"service_kind": "repair", "partner_id": customer.id} for customer in customers]
    )
    faults = env["jinxing.repair.fault"].create(
        [{"order_id": order.id, "component_id": component.id} for order in orders]
    )
    faults._store({"cover": "chargeable"})
    env["repair.service"].create(
        [
            {"repair_id": fault.order_id.id, "fault_id": fault.id, "fee_item_id": item.id}
            for fault in faults
            for item in items
        ]
    )
    for order in orders:
        order.sale_order_id = env["sale.order"].create(order._prepare_dispatch_sale_order())
    for order in orders:
        order._sync_sale_lines()
    orders.sale_order_id.action_confirm()
    orders.write(
        {
            "quote_state": "accepted",
            "acceptance_signature": SIGNATURE,
            "service_state": "signed",
            "state": "done",
            "move_ids": [Command.clear()],
        }
    )
    orders._issue_vouchers()
    return orders


orders = orders_to_invoice()
bad = orders[COUNT // 2]
bad.sale_order_id._action_cancel()
vouchers = orders.voucher_ids
keep()
as_finance = vouchers.with_user(finance)


def batch():
    """Press the button once, and see what came of it."""
    as_finance.action_invoice()
    done = orders.filtered(lambda order: order.dispatch_invoice_id.state == "posted")
    if len(done) != COUNT - 1 or not bad.voucher_ids.failure:
        raise ValueError(f"{len(done)} of {COUNT} invoiced")


measure(f"invoice {COUNT} vouchers, one bad, each", batch, per=COUNT, runs=2, warmup=0)
measure("invoice one voucher", lambda: as_finance[:1].action_invoice(), runs=5)
measure(
    f"Odoo: create and post invoices of {COUNT - 1} such sale orders, each",
    lambda: (orders - bad).sale_order_id._create_invoices().action_post(),
    per=COUNT - 1,
    runs=2,
    warmup=0,
)
show("invoiced in one action", COUNT - 1, "vouchers")
show("reported, not invoiced", 1, "vouchers")
