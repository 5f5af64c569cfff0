"""Replenishment: Odoo's reordering rules, the OCA's demand driven planning, our plan

The same question to each: what is to be bought today, of 125 and of 500 parts at one warehouse,
for the same stock, the same deliveries of the last 13 months (drawn anew for each part from its own
number, the same in each database) and a supplier who needs 20 days. One month later is the next
time to order, so an order must last until day 50.

Each plans on two levels, a leaner and a fuller one, so that stock can be read against what runs
out:

- plain: a reordering rule for each part. Odoo leaves lowest and highest to the keeper; here they
  are the mean daily demand of the year times 30 and 60 days (lead time and 10 days of safety, and
  a month on top), fuller 45 and 90. Planning is to compute the quantity to order of all anew, as
  the forced recompute of Odoo's replenishment does, not to read what is stored;
- ddmrp: a buffer for each part, purchased, medium lead time, medium (fuller: high) variability, the
  profiles it brings, and the average daily usage of the last 365 days. Planning is its two
  scheduled actions;
- ours: planning is the monthly runs (demand gathered from the deliveries, forecast, classes) and
  the consolidation of a plan of headquarters over the coming month (fuller: two). It takes whole
  months, so its fuller plan looks further ahead than day 50. The forecasting library is loaded
  before the clock runs, as on a server that has forecast once.

"Set up" is to make the rules or buffers; ours has none. What comes after planning is plain Python:
the demand that follows, drawn as the past was, takes from the stock day by day; what was proposed
comes in after 20 days. What is wanted and not there is lost. Until day 20 the same parts run out
whoever plans. "Once" orders today alone, as our monthly plan does. Rules and buffers are meant to
be asked every day: "daily" orders up to the same levels whenever stock and orders fall below, which
is more orders and no plan to approve; ours has no such levels at headquarters.

Each time is one run, whatever the rows. Fewer parts run out where more is bought: compare them at a
like stock. It is one draw of made-up parts without season or trend, and how far our whole months
reach depends on the day it is run; how well ours follows real demand is in forecast.md.

What it says: the queries of our plan do not grow with the parts, those of both others do by the
part; buffers take several times as long as either, rules about as long as ours with the forecast
in it. Asked once, ours at a leaner stock loses as much as buffers and more than rules that hold
more; at the fuller one it loses half of what rules do, with a little less in stock. Asked every
day, buffers and rules lose far less than our leaner monthly plan, buffers with a sixth more in
stock: what is ordered once a month cannot follow what comes in between.
"""

# ruff: noqa: F821
# databases: plain, ddmrp, ours
import random
from datetime import timedelta
from math import ceil

from dateutil.relativedelta import relativedelta

from odoo import fields

SIZES = (125, 500)
PAST, LEAD, UNTIL, YEAR = 396, 20, 50, 365


def drawn(number):
    """Return the demand of a part, ``{day: quantity}`` (0 is today), its stock and its cost."""
    rng = random.Random(number)
    often, much = rng.choice((0.01, 0.03, 0.1, 0.3)), rng.choice((1, 2, 6, 15))
    demand = {
        day: rng.randint(1, 2 * much - 1)
        for day in range(-PAST, UNTIL + 1)
        if day and rng.random() < often
    }
    return demand, int(rng.uniform(0, 70) * often * much), rng.randint(5, 900)


parts = [drawn(number) for number in range(max(SIZES))]
warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
store = warehouse.lot_stock_id
buy = env.ref("purchase_stock.route_warehouse0_buy")
supplier = env["res.partner"].create({"name": "测试供应商", "is_company": True})
products = env["product.product"]
OURS = "jinxing.parts.plan" in env


def grow(size):
    """Bring the parts to ``size``, with stock and the deliveries of the past."""
    global products
    first = len(products)
    spare = {"is_spare_part": True} if OURS else {}
    made = env["product.product"].create(
        [
            {
                "name": f"测试配件 {number}",
                "default_code": f"RP{number:04d}",
                "is_storable": True,
                "standard_price": parts[number][2],
                "route_ids": [(6, 0, buy.ids)],
                "seller_ids": [(0, 0, {"partner_id": supplier.id, "price": 20, "delay": LEAD})],
                **spare,
            }
            for number in range(first, size)
        ]
    )
    for number, product in enumerate(made, first):
        if parts[number][1]:
            env["stock.quant"]._update_available_quantity(product, store, parts[number][1])
    delivered = [
        (product.id, quantity, fields.Datetime.now() + timedelta(days=day))
        for number, product in enumerate(made, first)
        for day, quantity in parts[number][0].items()
        if day < 0
    ]
    move = env["stock.move"].create(
        {
            "product_id": made[0].id,
            "product_uom_qty": 1,
            "product_uom": made[0].uom_id.id,
            "location_id": store.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
        }
    )
    env.cr.execute(
        "create temp table past (g serial primary key, product int, qty int, at timestamp)"
    )
    env.cr.execute(
        "insert into past (product, qty, at) select * from unnest(%s::int[], %s::int[],"
        " %s::timestamp[])",
        [list(column) for column in zip(*delivered, strict=True)],
    )
    told = {
        name: "(select qty from past where past.g = g.g)"
        for name in ("product_uom_qty", "product_qty", "quantity", "quantity_product_uom")
        if (field := env["stock.move"]._fields.get(name)) and field.store
    }
    clone(
        "stock_move", move.ids, len(delivered), state="'done'",
        product_id="(select product from past where past.g = g.g)",
        date="(select at from past where past.g = g.g)", **told,
    )
    env.cr.execute("drop table past")
    move.unlink()
    products += made
    keep()


def tell(name, value, unit):
    """Show one figure; its unit is in the name, so that a page has one column for each way."""
    show(f"{name}, {unit}", value, "figure")


def timed(name, steps):
    """Show what the steps take, each and all together, with a cold record cache."""
    whole, queries = 0.0, 0
    for step, work in steps:
        env.flush_all()
        env.invalidate_all()
        asked, began = env.cr.sql_log_count, time.perf_counter()
        work()
        env.flush_all()
        spent, asked = time.perf_counter() - began, env.cr.sql_log_count - asked
        whole, queries = whole + spent, queries + asked
        if len(steps) > 1 and "fuller" not in name:
            tell(f"{name}: {step} alone", f"{spent:.2f}", "s")
    tell(name, f"{whole:.2f}", "s")
    tell(name, queries, "queries")


def daily(number):
    """Return the mean daily demand of the last year."""
    return sum(qty for day, qty in parts[number][0].items() if -YEAR <= day < 0) / YEAR


def core(title, fuller):
    """Odoo's reordering rules; return what they propose, and their levels."""
    rules = env["stock.warehouse.orderpoint"]
    lowest, highest = (45, 90) if fuller else (30, 60)

    def set_up():
        nonlocal rules
        rules = rules.create(
            [
                {
                    "product_id": product.id,
                    "warehouse_id": warehouse.id,
                    "location_id": store.id,
                    "product_min_qty": ceil(daily(number) * lowest),
                    "product_max_qty": ceil(daily(number) * highest),
                    "trigger": "manual",
                }
                for number, product in enumerate(products)
            ]
        )

    rules.search([("product_id", "in", products.ids)]).unlink()
    timed(f"{title}: set up", [("rules", set_up)])
    keep()
    timed(f"{title}: plan", [("quantity", lambda: rules._compute_qty_to_order_computed())])
    proposed = {rule.product_id.id: rule.qty_to_order for rule in rules}
    return proposed, {
        rule.product_id.id: (rule.product_min_qty, rule.product_max_qty) for rule in rules
    }


def ddmrp(title, fuller):
    """The OCA's buffers; return what they propose, and their levels."""
    Buffer = env["stock.buffer"]
    method = env["product.adu.calculation.method"].create(
        {
            "name": "365 days",
            "method": "past",
            "source_past": "actual",
            "horizon_past": YEAR,
            "company_id": env.company.id,
        }
    )
    variability = "high" if fuller else "medium"
    profile = env.ref(f"ddmrp.stock_buffer_profile_replenish_purchased_medium_{variability}")
    Buffer.search([]).unlink()

    def set_up():
        Buffer.create(
            [
                {
                    "buffer_profile_id": profile.id,
                    "product_id": product.id,
                    "location_id": store.id,
                    "warehouse_id": warehouse.id,
                    "company_id": env.company.id,
                    "adu_calculation_method": method.id,
                }
                for product in products
            ]
        )

    timed(f"{title}: set up", [("buffers", set_up)])
    keep()
    steps = [("usage", Buffer.cron_ddmrp_adu), ("buffers", Buffer.cron_ddmrp)]
    timed(f"{title}: plan", steps)
    buffers = Buffer.search([])
    proposed = {buffer.product_id.id: buffer.procure_recommended_qty for buffer in buffers}
    return proposed, {
        buffer.product_id.id: (buffer.top_of_yellow, buffer.top_of_green) for buffer in buffers
    }


def ours(title, fuller):
    """Our plan; return what it proposes; it has no levels."""
    import statsforecast.models  # noqa: F401  load before the clock runs

    warehouse.parts_role = "headquarters"
    company = env.company
    month = env["jinxing.policy.parameter"]._service_day(company=company).replace(day=1)
    plan = env["jinxing.parts.plan"].create(
        {
            "date_from": month + relativedelta(months=1),
            "date_to": month + relativedelta(months=3 if fuller else 2, days=-1),
        }
    )
    keep()
    timed(
        f"{title}: plan",
        [
            ("demand", lambda: env["jinxing.parts.demand"]._refresh(company)),
            ("forecast", lambda: env["jinxing.parts.forecast"]._refresh(warehouse)),
            ("classes", lambda: env["jinxing.part.stock"]._classify(company)),
            ("consolidation", plan.action_consolidate),
        ],
    )
    lines = env["jinxing.parts.plan.line"].search([("plan_id", "=", plan.id)])
    return {line.product_id.id: line.quantity for line in lines}, None


def follow(title, proposed, levels):
    """Show the plan, and what the demand that follows makes of the stock.

    :param levels: ``{product id: (lowest, highest)}`` that are asked daily, if any
    """
    usage = sum(daily(number) for number in range(len(products)))
    held = sum(parts[number][1] for number in range(len(products)))
    bought = sum(proposed.values())
    tell(f"{title}: proposed", sum(qty > 0 for qty in proposed.values()), "parts")
    tell(f"{title}: proposed", f"{bought:,.0f}", "pieces")
    tell(f"{title}: in stock", f"{held / usage:.0f}", "days of demand")
    tell(f"{title}: in stock and proposed", f"{(held + bought) / usage:.0f}", "days of demand")
    ways = {"once": {}} | ({"daily": levels} if levels else {})
    for name, asked in ways.items():
        results = [
            simulate(number, proposed.get(product.id, 0), asked.get(product.id))
            for number, product in enumerate(products)
        ]
        early, late, lost, wanted, mean, orders = (
            [row[column] for row in results] for column in range(6)
        )
        which = f"{title}, {name}"
        if name == "once":
            tell(f"{title}: run out before day 20, whoever plans", sum(early), "parts")
        tell(f"{which}: orders of a part until day 30", sum(orders), "lines")
        tell(f"{which}: run out from day 21 to 50", sum(late), "parts")
        tell(f"{which}: lost from day 21 to 50", f"{100 * sum(lost) / sum(wanted):.1f}", "%")
        tell(f"{which}: mean stock from day 21 to 50", f"{sum(mean) / usage:.1f}", "days of demand")


def simulate(number, ordered, levels):
    """Return what becomes of a part.

    Runs out early, late; lost and wanted late, mean stock late, order lines.
    """
    demand, stock, _cost = parts[number]
    arrivals = {LEAD + 1: ordered}
    open_qty, lines, early, lost, wanted, held = ordered, int(ordered > 0), 0, 0, 0, 0
    for day in range(1, UNTIL + 1):
        arrived = arrivals.get(day, 0)
        stock, open_qty = stock + arrived, open_qty - arrived
        asked = demand.get(day, 0)
        short, stock = max(asked - stock, 0), max(stock - asked, 0)
        if day <= LEAD:
            early += short
        else:
            lost, wanted, held = lost + short, wanted + asked, held + stock
        if levels and day < UNTIL - LEAD and stock + open_qty < levels[0]:
            more = levels[1] - stock - open_qty
            arrivals[day + LEAD + 1] = more
            open_qty, lines = open_qty + more, lines + 1
    return bool(early), bool(lost), lost, wanted, held / (UNTIL - LEAD), lines


way = ours if OURS else ddmrp if "stock.buffer" in env else core
for size in SIZES:
    grow(size)
    leaner = way(f"{size} parts", False)
follow(f"{size} parts, leaner", *leaner)
follow(f"{size} parts, fuller", *way(f"{size} parts, fuller", True))
