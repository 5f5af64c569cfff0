import base64
import uuid
from contextlib import contextmanager
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import SIGNATURE, RepairCase
from .common_onsite import OnsiteData


@tagged("post_install", "-at_install")
class TestStepGuards(OnsiteData, RepairCase):
    """No way around a step: neither by another step, nor by another door, nor by the clock."""

    def as_(self, role, record):
        return record.with_user(self.users[role])

    @contextmanager
    def refused(self, words):
        """Expect a refusal that says ``words``; what was done before it is undone."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIn(words, str(caught.exception))

    def finished(self, **values):
        """A repair that is finished; what is charged was accepted."""
        order = self.on_site(**values)
        self.add_faults(order)
        worker = self.as_("technician", order)
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        self.complete(order)
        worker.action_finish()
        return order

    def battery_of(self, order):
        return order.fault_ids.filtered(lambda f: f.component_id == self.battery)

    # -- the price is known before the work (S8.4) -----------------------------------------------

    def test_s8_4_nothing_is_added_to_a_finished_repair(self):
        """S8.4, N9: faults, parts and labour wait until the repair is taken up again."""
        order = self.finished()
        fault = self.as_("clerk", self.battery_of(order))
        housing = self.as_("clerk", order.fault_ids - fault)
        part = {
            "repair_id": order.id,
            "repair_line_type": "add",
            "fault_id": fault.id,
            "product_id": self.part_battery.id,
            "product_uom_qty": 5,
        }
        labour = {
            "repair_id": order.id, "fault_id": fault.id, "fee_item_id": self.fee_battery.id,
        }
        env = fault.env
        for number, change in enumerate(
            (
                lambda: env["stock.move"].create(part),
                lambda: env["repair.service"].create(labour),
                lambda: env["jinxing.repair.fault"].create(
                    {"order_id": order.id, "component_id": self.battery.id}
                ),
                lambda: housing.write({"exclusion": "G5.1", "exclusion_evidence": "No oil"}),
                lambda: fault.move_ids.write({"product_uom_qty": 3}),
                lambda: fault.move_ids.unlink(),
                lambda: fault.service_ids.write({"product_uom_qty": 9}),
                lambda: fault.service_ids.unlink(),
                lambda: fault.unlink(),
            )
        ):
            with self.subTest(number), self.refused("repair is finished"):
                change()
        fault.result = "Battery replaced"  # what was done may still be said better
        self.assertEqual(order.quote_state, "accepted")
        self.as_("technician", order).action_resume(reason="It does not start")
        env["stock.move"].create(part)
        self.assertEqual(order.quote_state, "quoted")

    def test_s8_4_signed_only_with_the_price_accepted(self):
        """S8.4: more used than accepted: the customer signs only after he accepts it."""
        order = self.finished()
        move = self.battery_of(order).move_ids
        accepted = order.accepted_amount
        move.sudo().write({"quantity": 3, "picked": True})
        with self.refused("acceptance of the price"):
            self.as_("technician", order).action_sign(SIGNATURE, "Zhang Defu")
        self.assertEqual(order.service_state, "repaired")
        self.assertEqual((order.quote_state, order.accepted_amount), ("accepted", accepted))

    def test_s8_4_the_price_of_a_signed_order_is_settled(self):
        """S8.4: nobody accepts or refuses a price after the signature, or of a cancelled order."""
        order = self.finished()
        worker = self.as_("technician", order)
        worker.action_sign(SIGNATURE, "Zhang Defu")
        cancelled = self.on_site(self.sell("JY2025G0009", 20))
        self.add_faults(cancelled)
        self.as_("technician", cancelled).action_quote()
        self.as_("supervisor", cancelled).action_cancel_order(reason="Sold")
        for record, words in ((worker, "signed already"), (cancelled, "is cancelled")):
            one = self.as_("clerk", record)
            with self.refused(words):
                one.action_accept_quotation(SIGNATURE, "Zhang Defu")
            with self.refused(words):
                one.action_refuse_quotation(reason="Too dear")
        self.assertIn(order.money_state, ("open", "voucher"))

    def test_s8_4_acceptance_is_not_dated_before_the_order(self):
        """S8.4: the acceptance cannot have been before the order was taken."""
        order = self.on_site()
        self.add_faults(order)
        worker = self.as_("technician", order)
        worker.action_quote()
        with self.refused("lies before"):
            worker.action_accept_quotation(SIGNATURE, "Z", at="2020-01-01 00:00:00")
        self.assertEqual(order.quote_state, "quoted")

    def test_s8_4_cancelled_on_site_nothing_is_sold(self):
        """S8.4: with the order its quotation is withdrawn, and the visit is over."""
        order = self.on_site()
        self.add_faults(order)
        worker = self.as_("technician", order)
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        self.assertEqual(order.sudo().sale_order_id.state, "sale")
        self.as_("supervisor", order).action_cancel_order(reason="The machine is sold")
        sale = order.sudo().sale_order_id
        self.assertEqual((sale.state, sale.invoice_status), ("cancel", "no"))
        self.assertEqual(order.money_state, "none")
        self.assertTrue(order.visit_ids.left_at)

    # -- departure and visits (S8.3, N5) ---------------------------------------------------------

    def test_s8_3_arriving_does_not_replace_the_departure_list(self):
        """S8.3: neither phone nor office arrives with the list before departure unticked."""
        order = self.given()
        self.change(order, "accept")
        self.change(order, "contact")
        answer = self.change(order, "arrive", status="refused")
        self.assertIn("list before departure", answer["message"])
        with self.refused("list before departure"):
            self.as_("clerk", order).action_arrive()
        self.packed(order)
        self.change(order, "depart")
        first = order.visit_ids.departed_at
        self.assertIn(
            "noted already", self.change(order, "depart", status="refused")["message"]
        )
        self.assertEqual(order.visit_ids.departed_at, first)
        self.change(order, "arrive")
        self.assertEqual(order.service_state, "on_site")

    def test_n5_a_visit_ends_as_it_was(self):
        """N5: no visit ends as repaired before it is, none without next step and promise."""
        order = self.on_site()
        worker = self.as_("technician", order)
        promise = fields.Datetime.now() + timedelta(days=1)
        for outcome, words in (
            ("fixed", "not repaired yet"),
            ("taken_back", "against a receipt"),
            ("no_access", "next step and the promised time"),
            ("not_fixed", "next step and the promised time"),
        ):
            with self.subTest(outcome), self.refused(words):
                worker.action_leave(outcome)
        self.assertEqual((len(order.visit_ids), order.visit_ids.left_at), (1, False))
        worker.action_leave("no_access", next_step="Call again", promise_at=promise)
        self.assertEqual(order.promise_at, order.visit_ids.promise_at)
        with self.refused("no visit is under way"):
            worker.action_leave("no_access", next_step="Call again", promise_at=promise)
        self.assertEqual(len(order.visit_ids), 1)

    def test_n5_no_visit_to_a_signed_order(self):
        """N5, G1.2: what is signed is over; what nobody has set out for has no visit to end."""
        order = self.signed()
        promise = fields.Datetime.now() + timedelta(days=2)
        visits = len(order.visit_ids)
        with self.refused("nothing left to do"):
            self.as_("technician", order).action_leave("not_fixed", "x", "y", promise)
        self.as_("technician", order).action_hand_in()
        self.as_("supervisor", order).action_close(quality_score=5)
        with self.refused("nothing left to do"):
            self.as_("clerk", order).action_leave("not_fixed", "x", "y", promise)
        self.assertEqual(len(order.visit_ids), visits)
        self.assertFalse(order.promise_at)
        fresh = self.order(self.other_machine)
        with self.refused("no visit is under way"):
            self.as_("clerk", fresh).action_leave("not_fixed", "x", "y", promise)

    def test_s8_6_taken_up_again_with_the_machine_at_the_works(self):
        """S8.6, N9: a repair taken up again stays where the machine is."""
        order = self.on_site()
        worker = self.as_("technician", order)
        worker.action_take_back(handed_over_by="Zhang Defu", condition="Scratched")
        self.add_faults(order)
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        self.complete(order)
        worker.action_finish()
        worker.action_resume(reason="It leaks again")
        order.fault_ids.quality_after = "good"
        self.assertEqual(order.service_state, "taken_back")
        self.assertEqual(order.step_ids[-1:].state_to, "taken_back")
        worker.action_finish()
        worker.action_deliver_back("Zhang Defu", SIGNATURE, reclaimed=True)
        worker.action_resume(reason="It leaks once more")
        self.assertEqual(order.service_state, "on_site")

    # -- one number, one change ------------------------------------------------------------------

    def test_number_with_other_values(self):
        """S8.9: a number that comes with other values is refused, not answered as done."""
        order = self.at_work()
        number = str(uuid.uuid4())
        self.change(
            order, "fault_add", {"component_id": self.battery.id, "symptom": "A"},
            request_id=number,
        )
        answer = self.change(
            order, "fault_add", {"component_id": self.battery.id, "symptom": "B"},
            request_id=number, status="refused",
        )
        self.assertIn("stands for another", answer["message"])
        self.assertEqual(order.fault_ids.mapped("symptom"), ["A"])

    # -- what is told later (S8.2, S8.11) --------------------------------------------------------

    def test_s8_2_told_later_is_seen(self):
        """S8.2: whoever says a step's time, when it reached us stands beside it."""
        order = self.given()
        said = order.approved_at + timedelta(minutes=2)
        told = order.approved_at + timedelta(hours=3)
        with freeze_time(told):
            notes = len(order.message_ids)
            self.as_("technician", order).action_contact(at=said)
        step = order.step_ids.filtered(lambda s: s.action == "contact")
        self.assertEqual((step.date, step.recorded_at), (said, told))
        self.assertEqual(len(order.message_ids), notes + 1)
        self.assertIn("was told to us", order.message_ids[0].body)

    # -- serial numbers (G1.2) -------------------------------------------------------------------

    def test_g1_2_a_serial_that_is_fitted_elsewhere(self):
        """G1.2: by the books on another machine: read the plate again; nothing is posted."""
        part = self.part_battery
        part.product_tmpl_id.tracking = "serial"
        part.product_tmpl_id.is_storable = True
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": part.id} for name in ("SN1", "SN2")]
        )
        van = self.env["stock.location"].create({"name": "Van", "usage": "internal"})
        self.technician.parts_location_id = van
        quants = self.env["stock.quant"]
        quants._update_available_quantity(part, van, 1, lot_id=lots[0])
        quants._update_available_quantity(
            part, self.env.ref("stock.stock_location_customers"), 1, lot_id=lots[1]
        )
        order = self.at_work()
        fault = self.add_fault(order, self.housing)
        wanted = {"fault": fault.id, "product": part.id, "source": van.id}
        refused = self.change(
            order, "part_add", {**wanted, "lots": lots[1].ids, "beyond_stock": True},
            status="refused",
        )
        self.assertIn("SN2", refused["message"])
        move = self.change(order, "part_add", wanted)["answer"]["id"]
        refused = self.change(
            order, "part_use", {"part": move, "quantity": 1, "lots": lots[1].ids},
            {"quantity": 0}, status="refused",
        )
        self.assertIn("fitted or sold already", refused["message"])
        self.change(
            order, "part_use", {"part": move, "quantity": 1, "lots": lots[0].ids},
            {"quantity": 1},
        )
        line = fault.sudo().move_ids.move_line_ids
        self.assertEqual(line.lot_id, lots[0])
        line.lot_id = lots[1]  # by another door
        with self.refused("fitted or sold already"):
            order.move_ids._ensure_serials_free()

    # -- blanks, signatures, other machines ------------------------------------------------------

    def test_g1_2_blanks_say_nothing(self):
        """G1.2, S8.1, N9: a cause of blanks is none, nor is an explanation."""
        order = self.on_site()
        self.add_faults(order)
        worker = self.as_("technician", order)
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        self.complete(order)
        order.fault_ids[:1].cause = "  \n "
        with self.refused("the cause of each fault"):
            worker.action_finish()
        order.fault_ids[:1].cause = "Worn"
        worker.action_finish()
        worker.action_sign(SIGNATURE, "Zhang Defu")
        order.explanation = "  "
        with self.refused("the explanation given"):
            worker.action_hand_in()
        fresh = self.order(self.sell("JY2025G0010", 5))
        fresh.fault_description = " "
        with self.refused("the fault as reported"):
            self.as_("supervisor", fresh).action_approve()

    def test_n9_a_signature_is_a_picture_of_one_customer(self):
        """N9, S8.4: no bytes that are no picture, and no one signs for another."""
        order = self.finished()
        worker = self.as_("technician", order)
        svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
        for signature in ("AAAA", svg, "not base64!"):
            with self.subTest(signature), self.refused("cannot be read"):
                worker.action_sign(signature, "Zhang Defu")
        self.other_farmer.street = "Liuying 3"
        other = self.on_site(self.sell("JY2025G0011", 5, owner=self.other_farmer))
        with self.refused("One signature is one customer's"):
            self.as_("technician", order | other).action_sign(SIGNATURE, "Zhang Defu")
        worker.action_sign(SIGNATURE, "Zhang Defu")
        again = worker.action_sign(SIGNATURE, " ")
        self.assertEqual(again["res_model"], "jinxing.repair.sign")

    def test_s8_4_another_machine_is_another_order(self):
        """S8.4, G1.2: what was quoted for one machine is not moved to another."""
        order = self.finished()
        with self.refused("another order"):
            self.as_("clerk", order).lot_id = self.other_machine
        self.assertEqual((order.lot_id, order.quote_state), (self.machine, "accepted"))

    def test_s8_11_a_missed_order_is_not_deleted(self):
        """S8.11: an order that was returned or missed its deadline is cancelled with a reason."""
        fresh = self.order(self.sell("JY2025G0012", 5))
        returned = self.order(self.sell("JY2025G0013", 5))
        self.as_("supervisor", returned).action_return(reason="Whose machine?")
        self.as_("clerk", returned).action_submit()
        with self.refused("it is not deleted"):
            self.as_("supervisor", returned).unlink()
        with freeze_time(fresh.arrival_deadline + timedelta(seconds=1)), self.refused(
            "it is not deleted"
        ):
            self.as_("supervisor", fresh).unlink()
        self.as_("supervisor", fresh).unlink()
        self.assertFalse(fresh.exists())

    def test_n5_nobody_finishes_from_afar(self):
        """N5: who has left the machine arrives again before he finishes."""
        order = self.on_site()
        self.add_faults(order)
        worker = self.as_("technician", order)
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        self.complete(order)
        worker.action_leave(
            "not_fixed", "Part missing", "Fetch it", fields.Datetime.now() + timedelta(days=1)
        )
        with self.refused("note the arrival first"):
            worker.action_finish()
        self.packed(order)
        worker.action_arrive()
        worker.action_finish()
        self.assertEqual(order.service_state, "repaired")

    def test_n7_an_apology_stays_as_it_was_said(self):
        """N7: what was said and when is not said anew over it."""
        order = self.on_site()
        self.as_("clerk", order).action_record_apology(text="Sorry")
        with self.refused("noted already"):
            self.as_("technician", order).action_record_apology(text="Well")
        self.assertEqual(order.apology_text, "Sorry")

    # -- what finance may change (S8.4) ----------------------------------------------------------

    def test_s8_4_invoiced_as_accepted(self):
        """S8.4: an invoice says what the customer accepted; what finance does to it is noted."""
        order = self.signed()
        finance = self.users["finance"]
        order.with_user(finance).action_invoice()
        invoice = order.sudo().dispatch_invoice_id
        self.assertEqual(invoice.amount_total, order.accepted_amount)
        invoice.with_user(finance).button_draft()
        self.assertIn("back to draft", order.message_ids[0].body)
        invoice.invoice_line_ids[0].with_user(finance).price_unit = 1
        with self.refused("the customer accepted"):
            invoice.with_user(finance).action_post()
        sale = order.sudo().sale_order_id
        seller = new_test_user(
            self.env, "r_sales", groups="base.group_user,sales_team.group_sale_manager"
        )
        for values in ({"state": "cancel"}, {"currency_id": self.env.ref("base.USD").id}):
            with self.refused("follows its faults"):
                sale.with_user(seller).write(values)
        self.assertEqual(sale.state, "sale")
