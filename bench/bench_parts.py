"""Spare parts: classes, plan, requisitions at 20,000 parts and 20 warehouses

Headquarters and 19 regional centres hold every part; a part is wanted in about one month of
three. The monthly classes and the plan's consolidation are measured as the number of parts grows,
so that it shows how the time grows: a line is one part at one warehouse. "Consolidation" is all a
keeper waits for: classes anew, netting of every line, the lines written. Beside it, what Odoo's own
reordering rules cost for the same question. Requests for quotation rest on a plan of 2,000 parts
bought.
"""

# ruff: noqa: F821
from dateutil.relativedelta import relativedelta

SIZES = (1_000, 5_000, 20_000)
WAREHOUSES = 20
BOUGHT_PER_PLAN = 2_000
today = env["jinxing.policy.parameter"]._service_day(company=env.company)
month = today.replace(day=1)
company = env.company
keeper = env["res.users"].create(
    {
        "name": "Bench keeper",
        "login": "bench_keeper",
        "group_ids": [
            (6, 0, [env.ref("jinxing_base.group_parts_keeper").id,
                    env.ref("jinxing_base.group_manager").id]),
        ],
    }
)
keeper_env = env(user=keeper.id, su=False, context=user_env.context)


def timed(name, work, lines):
    """Show what one run over ``lines`` lines takes: whole, for each line, and its queries."""
    env.flush_all()
    env.invalidate_all()
    asked, began = env.cr.sql_log_count, time.perf_counter()
    work()
    env.flush_all()
    spent, asked = time.perf_counter() - began, env.cr.sql_log_count - asked
    show(name, f"{spent:.1f}", "s")
    show(name, f"{spent * 1000 / lines:.3f}", "ms/line")
    show(name, asked, "queries")


def network():
    """Make the warehouses: headquarters and its regional centres."""
    hq = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    hq.parts_role = "headquarters"
    centres = env["res.partner"].create(
        [
            {"name": f"测试中心库 {number}", "is_company": True, "is_parts_centre": True}
            for number in range(WAREHOUSES - 1)
        ]
    )
    warehouses = env["stock.warehouse"].create(
        [
            {"name": centre.name, "code": f"B{number:02d}", "partner_id": centre.id,
             "parts_role": "centre", "company_id": company.id}
            for number, centre in enumerate(centres)
        ]
    )
    env["jinxing.region"].create(
        [
            {"name": f"测试大区 {number}", "centre_id": centre.id}
            for number, centre in enumerate(centres)
        ]
    )
    return hq | warehouses


def seller():
    """Make the supplier and what he is approved by."""
    partner = env["res.partner"].create(
        {"name": "测试供应商", "is_company": True, "supplier_rank": 1}
    )
    for kind in env["jinxing.supplier.paper.kind"].search([("required", "=", True)]):
        scan = env["ir.attachment"].create({"name": "scan.pdf", "raw": b"%PDF-1.4"})
        env["jinxing.supplier.paper"].create(
            {
                "partner_id": partner.id,
                "kind_id": kind.id,
                "number": "JC-1",
                "valid_from": today - relativedelta(years=1),
                "valid_to": today + relativedelta(years=3),
                "attachment_ids": [(6, 0, scan.ids)],
            }
        )
    return partner


def first_part(partner):
    """Make the part that the others are copied from, with its offer and the approval."""
    template = env["product.template"].create(
        {
            "name": "测试配件",
            "default_code": "BP",
            "is_storable": True,
            "is_spare_part": True,
            "seller_ids": [
                (0, 0, {"partner_id": partner.id, "price": 20, "min_qty": 10, "pack_qty": 5,
                        "delay": 20}),
            ],
        }
    )
    approval = env["jinxing.supplier.approval"].create(
        {
            "partner_id": partner.id,
            "product_tmpl_ids": [(6, 0, template.ids)],
            "valid_from": today - relativedelta(months=1),
        }
    )
    approval.with_user(keeper).action_approve()
    return template, approval


class Load:
    """Parts, stock and demand, more and more of them."""

    def __init__(self):
        self.warehouses = network()
        self.partner = seller()
        self.template, self.approval = first_part(self.partner)
        self.parts = 0
        env.cr.execute("create sequence bench_part")
        keep()

    def grow(self, parts):
        """Bring the parts to ``parts``: each with an offer, an approval, stock, demand."""
        first, more = self.parts, parts - self.parts
        if more <= 0:
            return
        code = f"'BP' || lpad((g + {first})::text, 6, '0')"
        clone("product_template", self.template.ids, more, default_code=code)
        env.cr.execute(
            "select id from product_template where default_code like 'BP_%%' and id > %s"
            " and not exists (select 1 from product_product p where p.product_tmpl_id ="
            " product_template.id) order by id",
            [self.template.id],
        )
        made = [record_id for (record_id,) in env.cr.fetchall()]
        begin = made[0]
        assert made == list(range(begin, begin + more)), "ids in a row"
        clone(
            "product_product", self.template.product_variant_id.ids, more,
            product_tmpl_id=f"{begin} + g - 1", default_code=code,
            standard_price=(
                f"jsonb_build_object('{company.id}', (g %% 97 + 1) * (g %% 13 + 1))"
            ),
        )
        clone(
            "product_supplierinfo", self.template.seller_ids.ids, more,
            product_tmpl_id=f"{begin} + g - 1",
        )
        field = self.approval._fields["product_tmpl_ids"]
        env.cr.execute(
            f"insert into {field.relation} ({field.column1}, {field.column2})"
            " select %s, id from unnest(%s) id",
            [self.approval.id, made],
        )
        self.parts = parts
        for number, warehouse in enumerate(self.warehouses):
            values = {
                "first": begin, "end": begin + more, "warehouse": warehouse.id,
                "location": warehouse.lot_stock_id.id, "company": company.id, "n": number,
                "month": month,
            }
            env.cr.execute(
                """
                insert into stock_quant (product_id, location_id, company_id, quantity,
                                         reserved_quantity, in_date)
                select id, %(location)s, %(company)s, (id * 31 + %(n)s * 7) %% 60, 0, now()
                  from product_product
                 where product_tmpl_id >= %(first)s and product_tmpl_id < %(end)s
                """,
                values,
            )
            env.cr.execute(
                """
                insert into jinxing_parts_demand (product_id, warehouse_id, company_id, month, qty)
                select id, %(warehouse)s, %(company)s,
                       (%(month)s::date - make_interval(months => back))::date,
                       1 + (id * 17 + back * 5 + %(n)s) %% 23
                  from product_product, generate_series(1, 12) back
                 where product_tmpl_id >= %(first)s and product_tmpl_id < %(end)s
                   and (id * 7 + back * 11 + %(n)s * 3) %% 3 = 0
                """,
                values,
            )
            env.cr.execute(
                """
                insert into jinxing_parts_forecast (product_id, warehouse_id, company_id, month,
                                                    kind, qty)
                select id, %(warehouse)s, %(company)s, %(month)s::date + interval '1 month',
                       'forecast', 1 + (id * 13 + %(n)s) %% 12
                  from product_product
                 where product_tmpl_id >= %(first)s and product_tmpl_id < %(end)s
                """,
                values,
            )
        keep()

    def plan(self):
        """Return a new plan of the coming month."""
        return keeper_env["jinxing.parts.plan"].create(
            {
                "date_from": month + relativedelta(months=1),
                "date_to": month + relativedelta(months=2, days=-1),
            }
        )


def measure_growth(load):
    """Show classes and consolidation as the parts grow; return the last plan."""
    plan = None
    for parts in SIZES:
        load.grow(parts)
        lines = parts * WAREHOUSES
        title = f"{parts:,} parts at {WAREHOUSES} warehouses, {lines:,} lines"
        timed(
            f"{title}: classes of the month",
            lambda: env["jinxing.part.stock"]._classify(company),
            lines,
        )
        keep()
        plan = load.plan()
        timed(f"{title}: consolidation", plan.action_consolidate, lines)
        keep()
        show(f"{title}: consolidation", f"{plan.line_count:,}", "lines")
    return plan


def measure_reordering(load):
    """Show what Odoo's own reordering rules take for the same question."""
    count = 500
    products = env["product.product"].search([("default_code", "like", "BP0")], limit=count)
    hq = load.warehouses[0]
    rules = env["stock.warehouse.orderpoint"].create(
        [
            {
                "product_id": product.id,
                "warehouse_id": hq.id,
                "location_id": hq.lot_stock_id.id,
                "product_min_qty": 40,
                "product_max_qty": 80,
                "trigger": "manual",
            }
            for product in products
        ]
    )
    keep()
    timed(
        f"{count} of Odoo's reordering rules: quantity to order",
        lambda: rules.mapped("qty_to_order"),
        count,
    )
    env.cr.rollback()


def measure_orders(load, plan):
    """Show approval and requests for quotation of a plan with ``BOUGHT_PER_PLAN`` parts."""
    env.cr.execute(
        """
        delete from jinxing_parts_plan_line
         where plan_id = %(plan)s and (not bought or quantity <= 0 or id not in (
               select id from jinxing_parts_plan_line
                where plan_id = %(plan)s and bought and quantity > 0
             order by id limit %(kept)s))
        """,
        {"plan": plan.id, "kept": BOUGHT_PER_PLAN},
    )
    keep()
    timed(
        f"{BOUGHT_PER_PLAN:,} parts bought: hand in for approval",
        plan.action_request_approval,
        BOUGHT_PER_PLAN,
    )
    timed(f"{BOUGHT_PER_PLAN:,} parts bought: approve", plan.action_approve, BOUGHT_PER_PLAN)
    timed(
        f"{BOUGHT_PER_PLAN:,} parts bought: requests for quotation",
        plan.action_make_rfqs,
        BOUGHT_PER_PLAN,
    )


def measure_screens(plan):
    """Show the lists over all parts, and the budget."""
    measure_list("jinxing.part.stock")
    measure_list("jinxing.part.stock", [("is_dead", "=", True)], ", dead stock")
    measure_list("jinxing.parts.plan.line", [("plan_id", "=", plan.id)])
    measure_list(
        "jinxing.parts.plan.line",
        [("plan_id", "=", plan.id), ("warnings", "!=", False)],
        ", with a warning",
    )
    measure(
        "budget by supplier and month",
        lambda: user_env["jinxing.parts.plan.line"].formatted_read_group(
            [("plan_id", "=", plan.id), ("bought", "=", True), ("quantity", ">", 0)],
            ["supplier_id", "budget_month:month"],
            ["amount:sum", "__count"],
        ),
    )


def measure_requisitions(load):
    """Show one requisition of 20 parts, step by step, from the station to the shipment."""
    region = env["jinxing.region"].search([("name", "=", "测试大区 0")])
    station = env["res.partner"].create(
        {"name": "测试服务站", "is_company": True, "is_service_station": True,
         "region_id": region.id}
    )
    station.action_make_parts_store()
    env.cr.execute(
        "select product_id from jinxing_part_stock where warehouse_id = %s and on_hand > 20"
        " order by id limit 20",
        [load.warehouses[1].id],
    )
    products = [product_id for (product_id,) in env.cr.fetchall()]
    keep()

    def entered():
        return keeper_env["jinxing.parts.requisition"].create(
            {
                "partner_id": station.id,
                "line_ids": [
                    (0, 0, {"product_id": product_id, "qty": 2, "purpose": "warranty"})
                    for product_id in products
                ],
            }
        )

    def submitted():
        record = entered()
        record.action_submit()
        return record

    measure("requisition of 20 parts: enter", entered)
    measure("requisition of 20 parts: hand in", lambda r: r.action_submit(), setup=entered)
    measure("requisition of 20 parts: approve", lambda r: r.action_approve(), setup=submitted)


load = Load()
last = measure_growth(load)
measure_screens(last)
measure_requisitions(load)
measure_reordering(load)
measure_orders(load, last)
