"""The manager's figures: contacts, rates, causes, cost of warranty, satisfaction

As many contacts and as many dispatch orders as there are machines, over two years: one contact in
twenty is a complaint and two hundred of those are open; each order has its visit, two faults with
a part and labour, and every third a follow-up that was answered. A month is about a
twenty-fourth of the rows, twelve months are half of them. "All boxes" is what the screen asks in
one call.
"""

# ruff: noqa: F821
from datetime import timedelta

from odoo import fields

now = fields.Datetime.now()
company = env.company
manager = env["res.users"].create(
    {
        "name": "分管经理",
        "login": "bench_manager",
        "lang": "zh_CN",
        "tz": "Asia/Shanghai",
        "group_ids": [(6, 0, env.ref("jinxing_base.group_manager").ids)],
    }
)
env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone").write(
    {"is_hotline": True, "manager_id": manager.id}
)
technicians = env["res.partner"].create(
    [{"name": f"技术员 {number}", "is_technician": True} for number in range(40)]
)
stations = env["res.partner"].create(
    [
        {"name": f"维修站 {number}", "is_company": True, "is_service_station": True}
        for number in range(20)
    ]
)
components = env["jinxing.component"].search([], limit=12, order="id")
models = env["product.template"].search([("is_machine", "=", True)])
part = env["product.product"].create(
    {
        "name": "拨禾轮",
        "standard_price": 300,
        "component_id": components[0].id,
        "approved_model_ids": [(6, 0, models.ids)],
    }
)
fee = env["jinxing.fee.item"].create(
    {
        "code": "BENCH",
        "name": "更换拨禾轮",
        "product_id": env.ref("jinxing_repair.product_labour").id,
        "hours": 2,
        "price_unit": 60,
    }
)
machines = env["stock.lot"].search([("is_machine", "=", True)], limit=40, order="id")
causes = env["jinxing.complaint.cause"].search([], order="id")

contacts = env["helpdesk.ticket"].create(
    [
        {"kind": kind, "fault_description": "咨询保养", "called_at": now}
        for kind in ("consultation", "opinion", "praise", "repair")
    ]
)
complaints = env["helpdesk.ticket"].create(
    [
        {
            "kind": "complaint",
            "category_id": env.ref("jinxing_complaint.category_quality").id,
            "fault_description": "焊缝开裂",
            "called_at": now,
        }
        for _number in range(4)
    ]
)
calls = env["helpdesk.ticket"].create(
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
calls.action_create_dispatch_order()
orders = calls.order_ids
orders.action_approve()
fault = env["jinxing.repair.fault"].create(
    {"order_id": orders[0].id, "component_id": components[0].id}
)
move = env["stock.move"].create(
    {
        "repair_id": orders[0].id,
        "repair_line_type": "add",
        "fault_id": fault.id,
        "product_id": part.id,
        "product_uom_qty": 1,
    }
)
labour = env["repair.service"].create(
    {"repair_id": orders[0].id, "fault_id": fault.id, "fee_item_id": fee.id}
)
visit = env["jinxing.repair.visit"].create(
    {"order_id": orders[0].id, "technician_id": technicians[0].id}
)
call = env["jinxing.follow.up"].create({"partner_id": machines[0].owner_id.id})
keep()

SPAN = 2 * 365 * 24 * 3600 // ROWS
at = f"now() at time zone 'UTC' - g * interval '{SPAN} seconds'"


def one_of(records):
    """SQL that takes the records in turn."""
    return f"(array[{', '.join(map(str, records.ids))}])[1 + (g %% {len(records)})::int]"


shared = {
    "called_at": at,
    "create_date": at,
    "answer_deadline": f"{at} + interval '24 hours'",
    "answered_at": f"case when g > 300 then {at} + (g %% 30) * interval '1 hour' end",
    "product_id": one_of(machines.product_id),
    "access_token": "null",
}
clone("helpdesk_ticket", contacts.ids, ROWS, number="'HB' || g",
      closed_date=f"case when g > 300 then {at} + interval '2 days' end", **shared)
clone("helpdesk_ticket", complaints.ids, ROWS // 20, number="'HC' || g", cause_id=one_of(causes),
      **{
          **shared,
          "called_at": f"{at} - (g * 19) * interval '{SPAN} seconds'",
          "complaint_step": "case when g > 200 then 'closed' else "
          "(array['judge', 'promise', 'investigate', 'consent'])[1 + (g %% 4)::int] end",
          "closed_date": f"case when g > 200 then {at} + interval '9 days' end",
          "step_since": f"{at} + interval '1 day'",
      })
clone(
    "repair_order",
    orders.ids,
    ROWS,
    name="'PGB' || lpad(g::text, 8, '0')",
    ticket_id="null",
    called_at=at,
    contact_deadline=f"{at} + interval '10 minutes'",
    contacted_at=f"{at} + (g %% 13) * interval '1 minute'",
    contact_late="(g %% 13) > 10",
    arrival_deadline=f"{at} + interval '24 hours'",
    arrived_at=f"{at} + (g %% 27) * interval '1 hour'",
    arrival_late="(g %% 27) > 24",
    signed_at=f"{at} + interval '1 day'",
    handed_in_at=f"{at} + interval '2 days'",
    closed_at=f"{at} + interval '2 days'",
    quality_score="1 + g %% 5",
    service_state="'closed'",
    state="'done'",
    technician_id=one_of(technicians),
    provider_id=one_of(stations),
    follow_up_at=at,
)
env.cr.execute("select min(id), max(id) from repair_order where name like 'PGB%%'")
first, last = env.cr.fetchone()
mine = f"{first} + (g - 1) %% {ROWS}"
env.cr.execute(
    "update repair_order set rework_of_id = id - 1 where id between %s and %s and id %% 25 = 0",
    [first + 1, last],
)
clone("jinxing_repair_visit", visit.ids, ROWS + ROWS // 5, order_id=mine, arrived_at=at)
clone(
    "jinxing_repair_fault",
    fault.ids,
    2 * ROWS,
    order_id=mine,
    component_id=one_of(components),
    fault_date=f"(select called_at::date from repair_order where id = {mine})",
    lot_id=f"(select lot_id from repair_order where id = {mine})",
    cover="case when g %% 3 > 0 then 'free' else 'chargeable' end",
)
env.cr.execute(
    "select min(id) from jinxing_repair_fault where order_id between %s and %s", [first, last]
)
[lowest] = env.cr.fetchone()
clone("stock_move", move.ids, 2 * ROWS, fault_id=f"{lowest} + g - 1", repair_id=mine,
      state="'done'", quantity="1", value="0")
clone("repair_service", labour.ids, 2 * ROWS, fault_id=f"{lowest} + g - 1", repair_id=mine)
clone(
    "jinxing_follow_up",
    call.ids,
    ROWS // 3,
    order_id=f"{first} + (g - 1) * 3",
    state="'done'",
    outcome="'satisfied'",
    satisfaction="1 + (g / 40 + g) %% 5",
    done_at=f"now() at time zone 'UTC' - g * 3 * interval '{SPAN} seconds'",
    technician_id=one_of(technicians),
    provider_id=one_of(stations),
    product_id=one_of(machines.product_id),
)
keep()

his = env(user=manager.id, su=False, context={
    "lang": "zh_CN", "tz": "Asia/Shanghai", "allowed_company_ids": company.ids,
})
dashboard = his["jinxing.service.dashboard"]
two_years = ("custom", fields.Date.to_string(now - timedelta(days=730)),
             fields.Date.to_string(now))
data = dashboard.get_figures("twelve_months")
if not (data["contacts"]["count"] > ROWS / 3 and data["service"]["rework"]["counted"] > ROWS / 3
        and data["cost"]["total"] and data["satisfaction"]["count"] > ROWS / 9
        and sum(line["count"] for line in data["ages"]) >= min(200, ROWS // 20)):
    raise AssertionError(data)

for title, period in (("last month", ("last_month",)), ("this quarter", ("quarter",)),
                      ("twelve months", ("twelve_months",)), ("two years", two_years)):
    measure(f"all boxes, {title}", lambda p=period: dashboard.get_figures(*p), runs=5)
for title, part_of in (
    ("contacts and hotline", "_contact_figures"),
    ("rates of dispatch orders", "_service_figures"),
    ("faults and cost of warranty", "_fault_figures"),
    ("satisfaction", "_satisfaction_figures"),
):
    for span in ("last_month", "twelve_months"):
        days = dashboard._days(span)
        measure(f"{title}, {span.replace('_', ' ')}",
                lambda n=part_of, d=days: getattr(dashboard, n)(*d), runs=5)
measure("age of open complaints by step", dashboard._age_figures)
for box, title in (("contacts", "contacts"), ("rework", "dispatch orders"),
                   ("components", "faults"), ("technicians", "follow-ups")):
    report = his[dashboard.action_open(box)["res_model"]]
    query = report._search(dashboard._box_domain(box, *dashboard._days("last_month")))
    sql = query.select("count(*)")
    env.cr.execute(f"explain {env.cr.mogrify(sql.code, sql.params).decode()}")
    plan = "\n".join(line for (line,) in env.cr.fetchall())
    show(f"{title} of a month found by index", "yes" if "figures_index" in plan else "no", "plan")


def pivot(box, period):
    """Ask what the pivot behind a box asks when it opens: rows, columns, and both."""
    action = dashboard.action_open(box, period)
    context = action["context"]
    measures = [
        name if name == "__count" else f"{name}:{his[action['res_model']]._fields[name].aggregator}"
        for name in context["pivot_measures"]
    ]
    rows, columns = context["pivot_row_groupby"], context["pivot_column_groupby"]
    for groups in ([], rows, columns, rows + columns) if columns else ([], rows):
        his[action["res_model"]].formatted_read_group(action["domain"], groups, measures)


for box in ("contacts", "rework", "components", "cost", "technicians"):
    for span in ("last_month", "twelve_months"):
        measure(f"pivot behind {box}, {span.replace('_', ' ')}",
                lambda b=box, s=span: pivot(b, s), runs=5)
year = [("moment", ">=", now - timedelta(days=365))]
measure(
    "appraisal of all technicians, twelve months",
    lambda: his["jinxing.appraisal.report"].formatted_read_group(
        year, ["technician_id"],
        ["orders:sum", "quality_score:avg", "satisfaction:avg", "rework:avg", "incidents:sum"],
    ),
    runs=5,
)
measure(
    "appraisal of one technician, twelve months",
    lambda: his["jinxing.appraisal.report"].formatted_read_group(
        [*year, ("technician_id", "=", technicians[3].id)], ["moment:month"],
        ["orders:sum", "quality_score:avg", "satisfaction:avg", "rework:avg", "incidents:sum"],
    ),
    runs=5,
)
measure(
    "monthly report: count and keep",
    lambda: his["jinxing.monthly.report"].create({}),
    runs=5,
)
measure_list("helpdesk.ticket", [("answered_at", "=", False), ("closed_date", "=", False)],
             ": unanswered")
