from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import RepairCase
from .common_onsite import PICTURE, OnsiteData


@tagged("post_install", "-at_install")
class TestOnsite(OnsiteData, RepairCase):
    """S8.2-S8.9 from the technician's phone: an own man and a station's man alike."""

    def walk(self, user):
        order = self.at_work(user)
        housing = self.add_fault(order, self.housing, user=user)
        battery = self.add_fault(order, self.battery, user=user)
        self.assertEqual((housing.cover, battery.cover), ("free", "chargeable"))
        source = order.location_id.id
        for fault, part in ((housing, self.part_housing), (battery, self.part_battery)):
            self.change(
                order,
                "part_add",
                {"fault": fault.id, "product": part.id, "quantity": 1, "source": source},
                user=user,
            )
        self.change(
            order, "labour_add", {"fault": battery.id, "fee_item": self.fee_battery.id}, user=user
        )
        for fault in (housing, battery):
            cause = {"fault": fault.id, "cause": "Worn"}
            self.change(order, "fault_write", cause, {"cause": ""}, user=user)
        refused = self.change(order, "finish", user=user, status="refused")
        self.assertIn("acceptance", refused["message"])
        self.change(order, "quote", user=user)
        quote = self.detail(order, user)["quote"]
        self.assertEqual((quote["total"], len(quote["lines"])), (710, 2))
        signed = {"signature": PICTURE, "name": "Zhang Defu"}
        self.change(order, "accept_quotation", {**signed, "total": 710}, user=user)
        for fault in (housing, battery):
            good = {"fault": fault.id, "quality_after": "good"}
            self.change(order, "fault_write", good, {"quality_after": False}, user=user)
        self.change(order, "finish", user=user)
        self.change(
            order,
            "note",
            {"explanation": "Explained", "precautions": "Check", "trial_run_ok": True},
            {"explanation": "", "precautions": "", "trial_run_ok": False},
            user=user,
        )
        for check in order.check_ids.filtered(lambda c: c.phase == "closing"):
            self.change(
                order, "tick", {"check": check.id, "done": True}, {"done": False}, user=user
            )
        self.change(order, "sign", signed, user=user)
        self.change(order, "hand_in", user=user)
        self.assertEqual((order.service_state, order.state), ("handed_in", "done"))
        self.assertEqual(
            order.step_ids.filtered(lambda s: s.action == "finish").user_id, self.users[user]
        )
        return order

    def test_walk_of_an_own_technician(self):
        """S8.2-S8.9, S8.4, N9: from accept to hand-in, one fault free, one charged."""
        order = self.walk("technician")
        quants = self.env["stock.quant"]
        self.assertEqual(quants._get_available_quantity(self.part_battery, self.van), 9)
        self.assertEqual(order.check_ids.done_by, self.users["technician"])

    def test_walk_of_a_stations_man(self):
        """G1.1: a station's man with a portal login works the same way."""
        self.station.parts_location_id = self.van
        self.walk("station_man")

    def test_only_the_technician(self):
        """Nobody but the technician of the order can send a change, whoever may read it."""
        order = self.given("station_man")
        for user in ("technician", "station", "dealer", "farmer", "other_dealer", "clerk",
                     "supervisor", "nobody", "finance"):
            with self.subTest(user=user), self.assertRaises(AccessError):
                self.change(order, "accept", user=user)
        self.assertEqual(order.service_state, "assigned")
