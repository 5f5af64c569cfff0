"""Fed to ``odoo shell``: ROWS repair orders of Odoo's own, 200 parts, 2,000 models."""

# ruff: noqa: F821
admin = env.ref("base.user_admin")
admin.group_ids += (
    env.ref("stock.group_production_lot")
    + env.ref("stock.group_stock_manager")
    + env.ref("sales_team.group_sale_manager")
)
location = env["stock.warehouse"].search([], limit=1).lot_stock_id
parts = env["product.product"].create(
    [
        {
            "name": f"配件 {number}",
            "default_code": f"PART{number:04d}",
            "is_storable": True,
            "list_price": 20 + number % 30,
            "standard_price": 10,
        }
        for number in range(200)
    ]
)
models = env["product.product"].create(
    [
        {
            "name": f"收割机 {number}",
            "default_code": f"MODEL{number:04d}",
            "is_storable": True,
            "tracking": "serial",
        }
        for number in range(2000)
    ]
)
customers = env["res.partner"].create([{"name": f"客户 {number}"} for number in range(5000)])
for part in parts:
    env["stock.quant"]._update_available_quantity(part, location, 1000000)
lots = env["stock.lot"].create(
    [{"name": f"ORM{number:06d}", "product_id": models[number].id} for number in range(400)]
)
for lot in lots:
    env["stock.quant"]._update_available_quantity(lot.product_id, location, 1, lot_id=lot)
orders = env["repair.order"].create(
    [
        {
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
        for number in range(40)
    ]
)
keep()

customer, part, model = customers[0].id, parts[0].id, models[0].id
clone("stock_lot", lots[:1].ids, ROWS // 2 + 1, name="'SN' || lpad(g::text, 8, '0')")
env.cr.execute("select min(id) from stock_lot where name like 'SN%%'")
(lot,) = env.cr.fetchone()
last = max(orders.ids)
clone(
    "repair_order",
    orders.ids,
    ROWS - len(orders),
    name="'WH/RO/' || lpad((g + 1000000)::text, 8, '0')",
    partner_id=f"{customer} + (g * 7919) %% 5000",
    lot_id=f"{lot} + g / 2",
    product_id=f"{model} + (g / 2) %% 2000",
    state=(
        "(array['draft','confirmed','confirmed','under_repair','done','done','done','cancel'])"
        "[1 + g %% 8]"
    ),
    priority="case when g %% 10 = 0 then '1' else '0' end",
    create_date="now() - (g * 37 %% 259200) * interval '1 minute'",
    schedule_date="now() + ((g * 31) %% 40000 - 30000) * interval '1 minute'",
)
clone(
    "stock_move", orders.move_ids.ids, 2 * (ROWS - len(orders)), repair_id=f"{last} + (g + 1) / 2"
)
env.cr.execute(
    """
    update stock_move m
       set product_id = %s + (r.id + m.id * 37) %% 200, origin = r.name, reference = r.name,
           date = r.schedule_date,
           quantity = case when r.state in ('draft', 'cancel') then 0 else 1 end,
           state = case r.state when 'draft' then 'draft' when 'done' then 'done'
                                when 'cancel' then 'cancel' else 'assigned' end
      from repair_order r where r.id = m.repair_id and r.id > %s
    """,
    [part, last],
)
keep()
