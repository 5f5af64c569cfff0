import base64
import uuid
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SIGNATURE, RepairCase
from .common_onsite import PICTURE, OnsiteData


@tagged("post_install", "-at_install")
class TestOnsiteOnce(OnsiteData, RepairCase):
    """Each change from a phone counts once, whatever the network does."""

    def test_sent_again(self):
        """S8.9: the same number again changes nothing and gives the first answer."""
        order = self.at_work()
        number = str(uuid.uuid4())
        values = {"component_id": self.battery.id, "symptom": "Empty"}
        first = self.change(order, "fault_add", values, request_id=number)
        again = self.change(order, "fault_add", values, request_id=number)
        self.assertEqual(first["answer"], again["answer"])
        self.assertEqual((first["repeated"], again["repeated"]), (False, True))
        self.assertEqual(len(order.fault_ids), 1)
        request = self.env["jinxing.onsite.request"].search([("request_id", "=", number)])
        self.assertEqual(request.user_id, self.users["technician"])

    def test_answer_lost_after_declining(self):
        """G3.1: the order is not his any more, and the first answer is given all the same."""
        order = self.given()
        number = str(uuid.uuid4())
        values = {"reason": "Too far"}
        self.change(order, "decline", values, request_id=number)
        self.assertEqual(order.service_state, "approved")
        again = self.change(order, "decline", values, request_id=number)
        self.assertTrue(again["repeated"])

    def test_number_of_another_change(self):
        """A number stands for one change of one user on one order."""
        order, other = self.at_work(), self.at_work(machine=self.other_machine)
        number = str(uuid.uuid4())
        self.change(order, "fault_add", {"component_id": self.battery.id}, request_id=number)
        for target, operation in ((other, "fault_add"), (order, "quote")):
            refused = self.change(
                target, operation, {"component_id": self.battery.id}, request_id=number,
                status="refused",
            )
            self.assertIn("stands for another", refused["message"])
        self.assertFalse(other.fault_ids)

    def test_bad_numbers(self):
        """A number that is no UUID is refused."""
        order = self.given()
        for number in ("", "1", None, 7, "x" * 36, ["a"], f"{uuid.uuid4()}\n"):
            orders = order.with_user(self.users["technician"]).browse()
            answer = orders._onsite_change(order.id, number, "accept")
            self.assertEqual(answer["status"], "refused", number)
        self.assertEqual(order.service_state, "assigned")

    def test_refused_counts_for_nothing(self):
        """A refused change leaves no trace, and its number can be used once it is possible."""
        order = self.given()
        number = str(uuid.uuid4())
        self.change(order, "depart", request_id=number, status="refused")
        self.assertFalse(self.env["jinxing.onsite.request"].search([("request_id", "=", number)]))
        self.change(order, "accept")
        self.packed(order)
        self.change(order, "depart", request_id=number)
        self.assertTrue(order.visit_ids.departed_at)

    def test_half_a_change_is_none(self):
        """A change that fails on the way leaves nothing behind."""
        order = self.at_work()
        with patch.object(
            type(order), "_onsite_tell_late", side_effect=UserError("Failed at the end")
        ):
            self.change(
                order, "fault_add", {"component_id": self.battery.id}, status="refused"
            )
        self.assertFalse(order.fault_ids)

    @mute_logger("odoo.sql_db")
    def test_constraint_of_the_database(self):
        """What only the database refuses is told in words, and nothing is left of it."""
        order = self.at_work()

        def too_far(self, *_values):
            self.visit_ids.distance_km = 9000

        with patch.object(type(order), "_onsite_note", too_far):
            answer = self.change(order, "note", status="refused")
        self.assertIn("5,000 km", answer["message"])
        self.assertFalse(order.visit_ids.distance_km)

    def test_line_made_without_network(self):
        """A photo and a part name the fault by the number of the change that makes it."""
        order = self.at_work()
        number = str(uuid.uuid4())
        self.change(order, "fault_add", {"component_id": self.battery.id}, request_id=number)
        photo = self.change(order, "photo_add", {"fault": number, "data": PICTURE})
        self.change(order, "part_add", {"fault": number, "product": self.part_battery.id})
        self.assertEqual(order.fault_ids.evidence_ids.ids, [photo["answer"]["id"]])
        self.assertEqual(order.fault_ids.move_ids.product_id, self.part_battery)
        other = self.at_work(machine=self.other_machine)
        self.change(other, "photo_add", {"fault": number, "data": PICTURE}, status="refused")

    def test_unknown_operation(self):
        """Only the operations of the page can be asked for, no other method."""
        order = self.given()
        orders = order.with_user(self.users["technician"]).browse()
        for name in ("unlink", "write", "_onsite_accept", "action_close", "sudo", None, ["tick"]):
            with self.assertRaises(UserError):
                orders._onsite_change(order.id, str(uuid.uuid4()), name)

    def test_old_numbers_are_forgotten(self):
        """Numbers are kept longer than any phone waits, not for ever."""
        order = self.given()
        self.change(order, "accept")
        requests = self.env["jinxing.onsite.request"]
        requests._gc_old()
        self.assertTrue(requests.search([("order_id", "=", order.id)]))
        self.env.cr.execute("UPDATE jinxing_onsite_request SET create_date = '2020-01-01'")
        requests.invalidate_model()
        requests._gc_old()
        self.assertFalse(requests.search([("order_id", "=", order.id)]))


@tagged("post_install", "-at_install")
class TestOnsiteConflict(OnsiteData, RepairCase):
    """What somebody else changed meanwhile is never silently overwritten."""

    def test_cause_changed_by_the_office(self):
        """Both values are shown; the technician's holds only after he has seen the other."""
        order = self.at_work()
        fault = self.add_fault(order)
        fault.with_user(self.users["clerk"]).write({"cause": "Fuse"})
        values = {"fault": fault.id, "cause": "Plates worn"}
        answer = self.change(order, "fault_write", values, {"cause": ""}, status="conflict")
        (field,) = answer["fields"]
        self.assertEqual(
            (field["name"], field["yours"], field["theirs"], field["theirs_value"]),
            ("cause", "Plates worn", "Fuse", "Fuse"),
        )
        self.assertEqual(field["who"], self.users["clerk"].name)
        self.assertEqual(fault.cause, "Fuse")
        self.change(order, "fault_write", values, {"cause": "Fuse"})
        self.assertEqual(fault.cause, "Plates worn")

    def test_other_fields_do_not_conflict(self):
        """A change of another field, or to the same value, is no conflict."""
        order = self.at_work()
        fault = self.add_fault(order)
        fault.with_user(self.users["clerk"]).write({"cause": "Fuse", "result": "Same"})
        self.change(
            order,
            "fault_write",
            {"fault": fault.id, "symptom": "No light", "result": "Same"},
            {"symptom": "Empty", "result": ""},
        )
        self.assertEqual((fault.symptom, fault.cause), ("No light", "Fuse"))

    def test_component_in_words(self):
        """What was chosen from a list is shown by its name."""
        order = self.at_work()
        fault = self.add_fault(order)
        fault.with_user(self.users["clerk"]).component_id = self.belt
        answer = self.change(
            order,
            "fault_write",
            {"fault": fault.id, "component_id": self.housing.id},
            {"component_id": self.battery.id},
            status="conflict",
        )
        (field,) = answer["fields"]
        self.assertEqual(
            (field["yours"], field["theirs"]), (self.housing.name, self.belt.name)
        )

    def test_everything_that_is_edited(self):
        """Ticks, notes, quantities of parts and labour: each tells a conflict."""
        order = self.at_work()
        fault = self.add_fault(order)
        part = self.change(
            order, "part_add", {"fault": fault.id, "product": self.part_battery.id}
        )["answer"]["id"]
        labour = self.change(
            order, "labour_add", {"fault": fault.id, "fee_item": self.fee_battery.id}
        )["answer"]["id"]
        check = order.check_ids.filtered(lambda c: c.phase == "closing")[:1]
        clerk = order.with_user(self.users["clerk"])
        clerk.write({"explanation": "By phone"})
        clerk.move_ids.write({"product_uom_qty": 3})
        clerk.repair_service_ids.write({"product_uom_qty": 3})
        for operation, values, base in (
            ("note", {"explanation": "On site"}, {"explanation": ""}),
            ("part_write", {"part": part, "product_uom_qty": 2}, {"product_uom_qty": 1}),
            ("part_remove", {"part": part}, {"product_uom_qty": 1}),
            ("labour_write", {"labour": labour, "product_uom_qty": 2}, {"product_uom_qty": 0.5}),
        ):
            with self.subTest(operation=operation):
                self.change(order, operation, values, base, status="conflict")
        # A tick has two values only: whoever ticked, it is ticked.
        check.with_user(self.users["clerk"]).done = True
        self.change(order, "tick", {"check": check.id, "done": True}, {"done": False})
        self.assertEqual(check.done_by, self.users["clerk"])
        self.assertEqual(order.explanation, "By phone")

    def test_price_that_changed_under_the_signature(self):
        """S8.4: the customer signs the price he saw; another one is a conflict."""
        order = self.at_work()
        fault = self.add_fault(order)
        self.change(order, "part_add", {"fault": fault.id, "product": self.part_battery.id})
        self.change(order, "quote")
        shown = self.detail(order)["quote"]["total"]
        self.assertEqual(shown, 680)
        order.with_user(self.users["clerk"]).move_ids.write({"product_uom_qty": 2})
        signed = {"signature": PICTURE, "name": "Zhang Defu", "total": shown}
        answer = self.change(order, "accept_quotation", signed, status="conflict")
        self.assertIn("1,360", answer["fields"][0]["theirs"])
        self.assertEqual(order.quote_state, "quoted")
        self.change(order, "accept_quotation", {**signed, "total": 1360})
        self.assertEqual(order.accepted_amount, 1360)

    def test_without_what_was_shown(self):
        """A phone that does not say what it showed can overwrite nothing."""
        order = self.at_work()
        fault = self.add_fault(order)
        self.change(order, "fault_write", {"fault": fault.id, "cause": "x"}, status="refused")
        self.change(order, "note", {"explanation": "x"}, status="refused")
        self.assertFalse(fault.cause or order.explanation)


@tagged("post_install", "-at_install")
class TestOnsiteTime(OnsiteData, RepairCase):
    """When a thing happened is what the phone says, within reason."""

    def at(self, **delta):
        moment = fields.Datetime.now() + timedelta(**delta)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def test_sent_later(self):
        """S8.11: an arrival sent later counts from when it happened, and the office reads so."""
        order = self.given()
        early = fields.Datetime.now() - timedelta(hours=3)
        order.sudo().write({"called_at": early, "approved_at": early, "assigned_at": early})
        self.change(order, "accept", at=self.at(hours=-2))
        self.change(order, "contact", at=self.at(hours=-2))
        self.packed(order)
        self.change(order, "depart", at=self.at(hours=-2))
        self.change(order, "arrive", {"latitude": 31.1, "longitude": 105.1}, at=self.at(hours=-1))
        ago = fields.Datetime.now() - order.arrived_at
        self.assertAlmostEqual(ago.total_seconds(), 3600, delta=60)
        self.assertEqual(order.visit_ids.latitude, 31.1)
        self.assertIn("Arrive", order.message_ids[:1].body)
        request = self.env["jinxing.onsite.request"].search(
            [("order_id", "=", order.id), ("operation", "=", "arrive")]
        )
        self.assertEqual(request.happened_at, order.arrived_at)

    def test_clocks_differ_a_little(self):
        """A phone some seconds slow does not hinder: the time follows the step before."""
        order = self.given()
        self.change(order, "accept", at=self.at(seconds=-30))
        self.assertGreaterEqual(order.accepted_at, order.assigned_at)
        self.change(order, "contact", at=self.at(seconds=-200))
        self.assertGreaterEqual(order.contacted_at, order.approved_at)

    def test_taken_back_and_given_back(self):
        """S8.6: taken back against a signature, given back against the receipt or an identity."""
        order = self.at_work()
        taken = {"condition": "Dusty", "handed_over_by": "Zhang Defu", "signature": PICTURE}
        self.change(order, "take_back", {**taken, "condition": ""}, status="refused")
        self.change(order, "take_back", {**taken, "signature": ""}, status="refused")
        self.change(order, "take_back", taken)
        shown = self.detail(order)
        self.assertEqual((shown["state"], shown["receipt"]), ("taken_back", order.receipt_ids.name))
        self.assertIn("deliver_back", shown["may"])
        given = {"name": "Zhang Defu", "signature": PICTURE}
        self.change(order, "deliver_back", given, status="refused")
        self.change(order, "deliver_back", {**given, "reclaimed": True})
        self.assertEqual(order.receipt_ids.state, "returned")
        self.assertFalse(self.detail(order)["receipt"])

    def test_the_supervisor(self):
        """N6, S8.5, S8.11: authority, help and notice; the clock of the answer shows."""
        order = self.given()
        self.change(order, "accept")
        for operation in ("escalate", "request_help", "give_notice"):
            self.assertIn(operation, self.detail(order)["may"])
            self.change(order, operation, {"reason": " "}, status="refused")
            self.change(order, operation, {"reason": f"Reason of {operation}"})
            self.assertNotIn(operation, self.detail(order)["may"])
            self.change(order, operation, {"reason": "Again"}, status="refused")
        shown = self.detail(order)["escalations"]
        self.assertEqual({one["reason"] for one in shown},
                         {"Reason of escalate", "Reason of request_help"})
        self.assertTrue(all(one["until"] and not one["done"] for one in shown))
        order.escalation_ids.with_user(self.users["supervisor"]).action_answer("Go on")
        self.assertEqual({one["answer"] for one in self.detail(order)["escalations"]}, {"Go on"})

    def test_money_taken_on_the_spot(self):
        """S8.4: below the limit the technician may take the money, all of it, once."""
        order = self.at_work()
        fault = self.add_fault(order)
        self.change(order, "labour_add", {"fault": fault.id, "fee_item": self.fee_battery.id})
        self.change(order, "quote")
        signed = {"signature": PICTURE, "name": "Zhang Defu"}
        self.change(order, "accept_quotation", {**signed, "total": 30})
        self.complete(order)
        self.change(order, "finish")
        self.change(order, "sign", signed)
        shown = self.detail(order)
        self.assertEqual((shown["due"], "collect" in shown["may"]), (30, True))
        for values in ({"method": "cash", "amount": 20}, {"method": "wechat", "amount": 30},
                       {"method": "", "amount": 30}, {"method": "cash", "amount": "x"}):
            self.change(order, "collect", values, status="refused")
        self.change(order, "collect", {"method": "cash", "amount": 30})
        self.assertEqual(self.detail(order)["collected"], 30)
        self.change(order, "collect", {"method": "cash", "amount": 30}, status="refused")

    def test_impossible_times(self):
        """The future, before the assignment, and no time at all are refused."""
        order = self.given()
        for moment in (self.at(hours=1), self.at(days=-2), "yesterday", "2025-13-45T00:00:00Z"):
            self.change(order, "accept", at=moment, status="refused")
        self.assertEqual(order.service_state, "assigned")

    def test_leave_without_a_fix_and_come_back(self):
        """N5: leaving demands explanation, next step, promise; the second visit has its times."""
        order = self.at_work()
        left = {"outcome": "not_fixed", "explanation": "Part missing", "next_step": "Order it",
                "distance_km": "31.5"}
        self.change(order, "leave", left, status="refused")
        self.change(order, "leave", {**left, "promise_at": self.at(days=-1)}, status="refused")
        self.change(order, "leave", {**left, "distance_km": "far"}, status="refused")
        self.change(order, "leave", {**left, "promise_at": self.at(days=1)})
        first = order.visit_ids
        self.assertEqual((first.outcome, first.distance_km), ("not_fixed", 31.5))
        self.assertEqual(order.promise_at, first.promise_at)
        self.assertTrue(self.detail(order)["left_at"])
        self.change(order, "depart", status="refused")
        self.packed(order)
        self.change(order, "depart")
        self.assertFalse(self.detail(order)["left_at"])
        self.change(order, "depart", status="refused")
        self.change(order, "arrive", {"latitude": 31.0, "longitude": 105.0})
        self.change(order, "arrive", status="refused")
        second = order.visit_ids - first
        self.assertTrue(second.departed_at and second.arrived_at)
        self.assertEqual(order.arrived_at, first.arrived_at)


@tagged("post_install", "-at_install")
class TestOnsiteBounds(OnsiteData, RepairCase):
    """What a phone may not do, however it asks."""

    def test_children_of_other_orders(self):
        """Every child named must be the order's own."""
        mine, other = self.at_work(), self.at_work("station_man", self.other_machine)
        own = self.add_fault(mine)
        fault = self.add_fault(other, user="station_man")
        part = self.change(
            other, "part_add", {"fault": fault.id, "product": self.part_battery.id,
                                "beyond_stock": True}, user="station_man",
        )["answer"]["id"]
        labour = self.change(
            other, "labour_add", {"fault": fault.id, "fee_item": self.fee_battery.id},
            user="station_man",
        )["answer"]["id"]
        photo = self.change(
            other, "photo_add", {"fault": fault.id, "data": PICTURE}, user="station_man"
        )["answer"]["id"]
        check = other.check_ids[:1]
        shelf = self.env["stock.location"].create({"name": "Foreign", "usage": "internal"})
        for operation, values, base in (
            ("tick", {"check": check.id, "done": True}, {"done": check.done}),
            ("fault_write", {"fault": fault.id, "cause": "x"}, {"cause": ""}),
            ("fault_remove", {"fault": fault.id}, {}),
            ("photo_add", {"fault": fault.id, "data": PICTURE}, {}),
            ("photo_remove", {"fault": fault.id, "photo": photo}, {}),
            ("photo_remove", {"fault": own.id, "photo": photo}, {}),
            ("part_add", {"fault": fault.id, "product": self.part_battery.id}, {}),
            ("part_add", {"fault": own.id, "product": self.part_battery.id,
                          "source": shelf.id}, {}),
            ("part_write", {"part": part, "product_uom_qty": 2}, {"product_uom_qty": 1}),
            ("part_use", {"part": part, "quantity": 0}, {"quantity": 1}),
            ("part_remove", {"part": part}, {"product_uom_qty": 1}),
            ("labour_add", {"fault": fault.id, "fee_item": self.fee_battery.id}, {}),
            ("labour_write", {"labour": labour, "product_uom_qty": 2}, {"product_uom_qty": 0.5}),
            ("labour_remove", {"labour": labour}, {}),
        ):
            with self.subTest(operation=operation):
                self.change(mine, operation, values, base, status="refused")
        self.assertEqual((fault.cause, len(fault.evidence_ids), len(fault.move_ids)), (False, 1, 1))

    def test_unapproved_part(self):
        """G1.2: a part of another model is refused with the reason, and no reason helps."""
        order = self.at_work()
        fault = self.add_fault(order, self.belt)
        values = {"fault": fault.id, "product": self.part_foreign.id, "beyond_stock": True,
                  "unapproved_reason": "I know better"}
        answer = self.change(order, "part_add", values, status="refused")
        self.assertIn("G1.2", answer["message"])
        self.assertFalse(order.move_ids)

    def test_found_but_not_approved(self):
        """G1.2: the search shows parts of other models, marked by their models."""
        order = self.at_work()
        worker = order.with_user(self.users["technician"])
        (found,) = worker._onsite_find_parts("another")
        self.assertEqual(found["models"], self.other_model.product_tmpl_id.ids)
        self.assertFalse(worker._onsite_find_parts("  "))

    def test_more_than_the_books_say(self):
        """G1.3: taking more than the van holds is confirmed, and the keeper reads it."""
        order = self.at_work()
        fault = self.add_fault(order)
        values = {"fault": fault.id, "product": self.part_battery.id, "quantity": 11}
        self.assertIn("10", self.change(order, "part_add", values, status="refused")["message"])
        self.change(order, "part_add", {**values, "beyond_stock": True})
        self.assertIn("11", order.message_ids[:1].body)

    def test_quantities(self):
        """No, negative and absurd quantities are refused."""
        order = self.at_work()
        fault = self.add_fault(order)
        for quantity in (0, -1, 10**6, "many", "nan", "inf"):
            self.change(
                order, "part_add",
                {"fault": fault.id, "product": self.part_battery.id, "quantity": quantity},
                status="refused",
            )
            self.change(
                order, "labour_add",
                {"fault": fault.id, "fee_item": self.fee_battery.id, "quantity": quantity},
                status="refused",
            )

    def test_used_and_lots(self):
        """G1.2: less used than planned, and which lot; more than planned is planned first."""
        tracked = self.part("Filter", self.housing, 40)
        tracked.tracking = "lot"
        lot, other = self.env["stock.lot"].create(
            [{"name": name, "product_id": tracked.id} for name in ("L1", "L2")]
        )
        for each in (lot, other):
            self.env["stock.quant"]._update_available_quantity(tracked, self.van, 5, lot_id=each)
        order = self.at_work()
        fault = self.add_fault(order, self.housing)
        part = self.change(
            order, "part_add", {"fault": fault.id, "product": tracked.id, "quantity": 2,
                                "lots": [lot.id]},
        )["answer"]["id"]
        move = self.env["stock.move"].browse(part)
        self.assertEqual(move.lot_ids, lot)
        shown = self.detail(order)["parts"][0]
        self.assertEqual(shown["lots"], [{"id": lot.id, "name": "L1"}])
        base = {"quantity": shown["quantity"]}
        self.change(order, "part_use", {"part": part, "quantity": 3, "lots": [lot.id]}, base,
                    status="refused")
        self.change(order, "part_use", {"part": part, "quantity": 1}, base, status="refused")
        self.change(order, "part_use", {"part": part, "quantity": 1, "lots": [other.id]}, base)
        self.assertEqual((move.lot_ids, move.quantity, move.picked), (other, 1, True))
        foreign = self.env["stock.lot"].create(
            {"name": "X", "product_id": self.part_battery.id}
        )
        self.change(order, "part_use", {"part": part, "quantity": 1, "lots": [foreign.id]},
                    {"quantity": 1}, status="refused")

    def test_exclusion_needs_evidence(self):
        """G5.1: a ground without evidence is refused; with it the fault is chargeable."""
        order = self.at_work()
        fault = self.add_fault(order, self.housing)
        self.assertEqual(fault.cover, "free")
        base = {"exclusion": False, "exclusion_evidence": ""}
        values = {"fault": fault.id, "exclusion": "G5.1", "exclusion_evidence": " "}
        self.change(order, "fault_write", values, base, status="refused")
        self.change(order, "fault_write", {**values, "exclusion": "G5.9"}, base, status="refused")
        self.change(order, "fault_write", {**values, "exclusion_evidence": "No oil"}, base)
        self.assertEqual(fault.cover, "chargeable")
        shown = self.detail(order)["faults"][0]
        self.assertIn("G5.1", shown["clauses"])
        self.assertIn("<ol>", shown["why"])

    def test_photos(self):
        """Only pictures, of limited size and number, and written anew."""
        order = self.at_work()
        fault = self.add_fault(order)
        script = base64.b64encode(b"<script>alert(1)</script>").decode()
        cut = base64.b64encode(base64.b64decode(SIGNATURE)[:20]).decode()
        for data in (None, "", script, "no base64!", "A" * 9 * 1024 * 1024, cut, 7):
            self.change(order, "photo_add", {"fault": fault.id, "data": data}, status="refused")
        for _number in range(12):
            self.change(order, "photo_add", {"fault": fault.id, "data": PICTURE})
        self.change(order, "photo_add", {"fault": fault.id, "data": PICTURE}, status="refused")
        self.assertEqual(set(fault.evidence_ids.mapped("mimetype")), {"image/jpeg"})
        self.assertEqual(fault.evidence_ids[:1].res_id, fault.id)
        self.change(order, "photo_remove", {"fault": fault.id, "photo": fault.evidence_ids[:1].id})
        self.assertEqual(len(fault.evidence_ids), 11)

    def test_signature_is_a_picture_with_a_name(self):
        """S8.4, N9: no name, no picture: no acceptance."""
        order = self.at_work()
        fault = self.add_fault(order)
        self.change(order, "part_add", {"fault": fault.id, "product": self.part_battery.id})
        self.change(order, "quote")
        for signed in ({"signature": PICTURE, "name": " "}, {"name": "Zhang"},
                       {"signature": "x", "name": "Zhang"}, {"signature": PICTURE, "name": 5}):
            self.change(order, "accept_quotation", signed, status="refused")
        self.assertEqual(order.quote_state, "quoted")
        self.change(order, "refuse_quotation", {"reason": ""}, status="refused")
        self.change(order, "refuse_quotation", {"reason": "Too dear"})
        self.assertEqual(order.quote_state, "refused")
        self.change(order, "finish", status="refused")

    def test_nothing_changes_after_the_signature(self):
        """G1.2: after the customer's signature nothing on the order changes from a phone."""
        order = self.signed()
        fault, move = order.fault_ids[:1], order.move_ids[:1]
        service, check = order.repair_service_ids[:1], order.check_ids[:1]
        for operation, values, base in (
            ("fault_add", {"component_id": self.battery.id}, {}),
            ("fault_write", {"fault": fault.id, "cause": "x"}, {"cause": fault.cause}),
            ("photo_add", {"fault": fault.id, "data": PICTURE}, {}),
            ("part_add", {"fault": fault.id, "product": self.part_battery.id}, {}),
            ("part_write", {"part": move.id, "product_uom_qty": 2}, {"product_uom_qty": 1}),
            ("part_use", {"part": move.id, "quantity": 0}, {"quantity": 1}),
            ("part_remove", {"part": move.id}, {"product_uom_qty": 1}),
            ("labour_write", {"labour": service.id, "product_uom_qty": 2},
             {"product_uom_qty": service.product_uom_qty}),
            ("labour_remove", {"labour": service.id}, {}),
            ("tick", {"check": check.id, "done": False}, {"done": True}),
            ("note", {"trial_run_ok": False}, {"trial_run_ok": True}),
            ("resume", {"reason": "Again"}, {}),
            ("sign", {"signature": PICTURE, "name": "Other"}, {}),
        ):
            with self.subTest(operation=operation):
                self.change(order, operation, values, base, status="refused")
        self.assertEqual(order.signed_by, "Zhang Defu")

    def test_fault_taken_off(self):
        """A fault is removed after its parts and labour, a part gives its price back."""
        order = self.at_work()
        fault = self.add_fault(order)
        part = self.change(
            order, "part_add", {"fault": fault.id, "product": self.part_battery.id}
        )["answer"]["id"]
        labour = self.change(
            order, "labour_add", {"fault": fault.id, "fee_item": self.fee_battery.id}
        )["answer"]["id"]
        self.change(order, "quote")
        self.change(order, "fault_remove", {"fault": fault.id}, status="refused")
        self.change(order, "part_remove", {"part": part}, {"product_uom_qty": 1})
        self.change(order, "labour_remove", {"labour": labour})
        self.assertEqual(self.detail(order)["quote"]["total"], 0)
        self.change(order, "fault_remove", {"fault": fault.id})
        self.assertFalse(order.fault_ids)

    def test_machine_by_its_plate(self):
        """S8.1: an unknown machine is named on site by its plate, once, and by no wildcard."""
        order = self.at_work()
        order.sudo().write({"lot_id": False})
        for serial in ("", "JY9", "%", "JY2025000_"):
            self.change(order, "machine", {"serial": serial}, status="refused")
        self.change(order, "machine", {"serial": "jy20250001"})
        self.assertEqual((order.lot_id, order.card_id), (self.machine, self.machine.card_id))
        self.change(order, "machine", {"serial": "JY20250002"}, status="refused")
