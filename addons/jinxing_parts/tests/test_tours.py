from odoo.tests import HttpCase, tagged

from .common_plan import PlanCase


@tagged("post_install", "-at_install")
class TestTours(PlanCase, HttpCase):
    """Each way through, in a browser."""

    def form(self, xmlid, record):
        return f"/odoo/action-{self.env.ref(xmlid).id}/{record.id}"

    def test_a3_a_station_orders_to_the_receipt(self):
        self.start_tour("/my/parts", "jinxing_parts_order", login="r_station")
        requisition = self.env["jinxing.parts.requisition"].search(
            [("partner_id", "=", self.station.id)]
        )
        self.assertEqual((requisition.state, requisition.urgent), ("submitted", True))
        requisition.with_user(self.users["parts_keeper"]).action_approve()
        self.ship(requisition)
        self.start_tour(
            f"/my/requisitions/{requisition.id}", "jinxing_parts_receive", login="r_station"
        )
        self.assertEqual(self.at(self.part_belt, self.station_store), 3)
        self.assertEqual(requisition.difference_ids.note, "少一条")

    def test_a4_from_the_plan_to_requests_for_quotation(self):
        self.station_plan(120)
        plan = self.plan()
        self.start_tour(
            self.form("jinxing_parts.jinxing_parts_plan_action", plan),
            "jinxing_parts_plan",
            login="r_manager",
        )
        self.assertEqual(plan.state, "ordered")

    def test_g1_3_an_old_part_back(self):
        debt = self.env["jinxing.old.part"].create(
            {"holder_id": self.station.id, "product_id": self.part_housing.id, "reason": "x"}
        )
        self.start_tour(
            self.form("jinxing_parts.jinxing_old_part_action", debt),
            "jinxing_parts_old_part",
            login="r_parts_keeper",
        )
        self.assertEqual((debt.state, debt.fate), ("closed", "scrap"))

    def test_b24_a_tool_handed_over(self):
        liu, chen = self.env["hr.employee"].create([{"name": "Liu"}, {"name": "Chen"}])
        tool = self.env["maintenance.equipment"].create({"name": "Tester", "cost": 900})
        custody = self.env["jinxing.tool.custody"].create(
            {"equipment_id": tool.id, "employee_id": liu.id, "condition_out": "New"}
        )
        self.start_tour(
            self.form("jinxing_parts.jinxing_tool_custody_action", custody),
            "jinxing_parts_tool",
            login="r_parts_keeper",
        )
        self.assertEqual(custody.next_id.employee_id, chen)
