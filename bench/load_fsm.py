"""Fed to ``odoo shell``: ROWS orders of the OCA's field service, 500 places, 40 workers."""

# ruff: noqa: F821
from datetime import timedelta

from odoo import fields

admin = env.ref("base.user_admin")
admin.group_ids += env.ref("fieldservice.group_fsm_manager")
owner = env["res.partner"].create({"name": "机主"})
for number, name in enumerate(("已派工", "已到场")):  # its create takes one at a time
    env["fsm.stage"].create(
        {"name": name, "stage_type": "order", "sequence": 20 + number, "custom_color": "#ECF0F1"}
    )
places = env["fsm.location"].create(
    [
        {"name": f"地点 {number}", "owner_id": owner.id, "city": "三台", "street": f"{number} 号"}
        for number in range(500)
    ]
)
workers = env["fsm.person"].create([{"name": f"技术员 {number}"} for number in range(40)])
now = fields.Datetime.now()
orders = env["fsm.order"].create(
    [
        {
            "location_id": places[number].id,
            "person_id": workers[number].id,
            "description": "变速箱漏油",
            "scheduled_date_start": now + timedelta(hours=number),
            "scheduled_duration": 2,
        }
        for number in range(40)
    ]
)
keep()
clone(
    "fsm_order",
    orders.ids,
    ROWS - len(orders),
    name="'FSB' || lpad(g::text, 7, '0')",
    location_id=f"{places[0].id} + g %% 500",
)
keep()
