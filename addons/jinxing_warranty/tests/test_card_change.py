from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import DAY, WarrantyCase


@tagged("post_install", "-at_install")
class TestCardChange(WarrantyCase):
    """G5.4, L-own, L-err, L-new: what may happen to an active card."""

    def correct(self, card, role="clerk", reason="Typing error", **values):
        return card.with_user(self.users[role]).action_correct(values, reason)

    # -- correction ----------------------------------------------------------------------------

    def test_correction_keeps_old_value_and_reason(self):
        """G5.4: what it said, what it says, why, who."""
        card = self.card(invoice_number="11111111")
        self.correct(card, invoice_number="22222222")
        log = card.correction_ids
        self.assertEqual(
            (log.field_name, log.old_value, log.new_value, log.reason, log.user_id),
            ("invoice_number", "11111111", "22222222", "Typing error", self.users["clerk"]),
        )
        self.assertFalse(card.altered)
        self.assertFalse(log.altering)

    def test_alteration_counts_until_a_supervisor_confirms(self):
        """G5.4: chargeable in between, free afterwards; the supervisor has a task."""
        card = self.card(invoice_date=self.today - 20 * DAY)
        self.correct(card, invoice_date=self.today - 30 * DAY)
        self.assertTrue(card.altered)
        self.assertEqual(
            card.activity_ids.activity_type_id,
            self.env.ref("jinxing_warranty.activity_confirm_alteration"),
        )
        decision = self.decide_fault(card.lot_id)
        self.assertEqual((decision.outcome, decision.clauses[0]), ("chargeable", "G5.4"))
        with self.refused("supervisor", AccessError):
            card.with_user(self.users["clerk"]).action_confirm_alteration()
        card.with_user(self.users["supervisor"]).action_confirm_alteration()
        self.assertFalse(card.altered)
        self.assertFalse(card.activity_ids)
        self.assertEqual(card.correction_ids.confirmed_by_id, self.users["supervisor"])
        self.assertTrue(card.correction_ids.confirmed_on)
        self.assertEqual(self.decide_fault(card.lot_id).outcome, "free")
        with self.refused("no alteration"):
            card.with_user(self.users["supervisor"]).action_confirm_alteration()

    def test_what_alters(self):
        """G5.4: model, serial number, machine and dates do; the rest does not."""
        for values, alters in (
            ({"product_id": self.other_model.id}, True),
            ({"serial": "TEST-CORRECT"}, True),
            ({"invoice_date": self.today - 3 * DAY}, True),
            ({"manufacture_date": self.today - 100 * DAY}, True),
            ({"lot_id": self.machine().id}, True),
            ({"invoice_number": "99999999"}, False),
            ({"engine_number": "E-CORRECT"}, False),
            ({"owner_phone": "13800000000"}, False),
            ({"dealer_id": self.rival.id}, False),
            ({"name": "JS-CORRECT"}, False),
        ):
            card = self.card()
            self.correct(card, **values)
            self.assertEqual(card.altered, alters, values)

    def test_corrected_day_moves_the_cover(self):
        """L24a: cover, owner history, machine and decision follow the invoice day."""
        card = self.card(invoice_date=date(2024, 5, 1))
        self.correct(card, invoice_date="2024-04-01")
        self.assertEqual(card.date_end, date(2026, 4, 1))
        self.assertEqual(card.lot_id.sold_date, date(2024, 4, 1))
        self.assertEqual(card.owner_history_ids.date_from, date(2024, 4, 1))
        current = card.decision_ids.filtered("is_current")
        self.assertEqual(current.until, date(2026, 4, 1))
        self.assertEqual(current.supersedes_id.until, date(2026, 5, 1))

    def test_numbers_change_on_the_machine_too(self):
        """G5.4: card and machine never say different serial numbers."""
        card = self.card()
        self.correct(card, serial="TEST-RIGHT", engine_number="E-RIGHT")
        machine = card.lot_id
        self.assertEqual((machine.name, machine.engine_number), ("TEST-RIGHT", "E-RIGHT"))
        self.assertEqual(len(card.correction_ids), 2)
        taken = self.machine(name="TEST-TAKEN")
        with self.forbidden():
            self.correct(card, serial=taken.name)

    def test_another_machine(self):
        """G5.4: model and numbers come with the machine; the wrong one forgets the sale."""
        wrong = self.machine()
        card = self.card(wrong)
        right = self.machine(product_id=self.other_model.id)
        self.correct(card, lot_id=right.id)
        self.assertEqual((card.serial, card.product_id), (right.name, self.other_model))
        self.assertEqual((right.card_id, right.owner_id), (card, self.owner))
        self.assertFalse(wrong.card_id)
        self.assertFalse(wrong.owner_id)
        self.assertFalse(wrong.sold_date)
        other = self.card()
        with self.forbidden():
            self.correct(card, lot_id=other.lot_id.id)

    def test_owner_entered_wrongly(self):
        """L-own: a correction is no change of hands: the history has him from the start."""
        card = self.card()
        self.correct(card, owner_id=self.buyer.id, owner_phone="13881110099")
        self.assertEqual(card.owner_history_ids.partner_id, self.buyer)
        self.assertEqual(card.lot_id.owner_id, self.buyer)

    def test_corrections_that_are_refused(self):
        """G5.4: no reason, no change, a field that is not on the card, an empty value."""
        card = self.card()
        for values, reason, words in (
            ({"invoice_number": "9999"}, " ", "needs a reason"),
            ({"invoice_number": card.invoice_number}, "x", "Nothing changes"),
            ({"state": "void"}, "x", "Not on the card"),
            ({"company_id": self.other_company.id}, "x", "Not on the card"),
            ({"invoice_number": ""}, "x", "cannot do without"),
            ({"owner_phone": False}, "x", "cannot do without"),
            ({"name": "/"}, "x", "cannot do without"),
        ):
            with self.refused(words):
                card.with_user(self.users["clerk"]).action_correct(values, reason)
        with self.refused("no telephone number", ValidationError):
            self.correct(card, owner_phone="12")
        with self.refused("future", ValidationError):
            self.correct(card, invoice_date=self.today + DAY)
        with self.refused("Not active"):
            self.correct(self.draft(), invoice_number="9999")
        with self.assertRaises(AccessError):
            self.correct(card, role="technician", invoice_number="9999")

    def test_sellers_error_is_said_by_a_supervisor(self):
        """L-err: it excuses an altered card, so a clerk cannot grant it."""
        card = self.card()
        self.correct(card, product_id=self.other_model.id)
        self.assertEqual(self.decide_fault(card.lot_id).outcome, "chargeable")
        with self.refused("supervisor", AccessError):
            self.correct(card, seller_error=True)
        self.correct(card, role="supervisor", seller_error=True)
        decision = self.decide_fault(card.lot_id)
        self.assertEqual(decision.outcome, "free")
        self.assertIn("L-err", decision.clauses)
        log = card.correction_ids.filtered(lambda c: c.field_name == "seller_error")
        self.assertEqual((log.old_value, log.new_value), ("no", "yes"))

    def test_log_cannot_be_edited(self):
        """G5.4: nobody rewrites what was corrected or who owned the machine."""
        card = self.card()
        self.correct(card, invoice_number="9999")
        for role in ("clerk", "supervisor", "manager"):
            for records in (card.correction_ids, card.owner_history_ids, card.line_ids):
                with self.assertRaises(AccessError):
                    records.with_user(self.users[role]).unlink()
                with self.assertRaises(AccessError):
                    records.with_user(self.users[role]).write({"card_id": card.id})

    def test_form_of_a_correction(self):
        """G5.4: the form shows what the card says and hands over what was changed."""
        card = self.card()
        clerk = self.env["jinxing.card.change"].with_user(self.users["clerk"])
        action = card.with_user(self.users["clerk"]).action_correct()
        form = Form(clerk.with_context(**action["context"]))
        self.assertEqual(form.invoice_number, card.invoice_number)
        form.invoice_number = "87654321"
        form.reason = "Typing error"
        form.save().action_apply()
        self.assertEqual(card.invoice_number, "87654321")
        self.assertEqual(card.correction_ids.mapped("field_name"), ["invoice_number"])

    # -- void ----------------------------------------------------------------------------------

    def test_void(self):
        """G5.3: a supervisor, with a reason; the machine forgets what the card registered."""
        card = self.card()
        machine = card.lot_id
        with self.assertRaises(AccessError):
            card.with_user(self.users["clerk"]).action_void("Not sold after all")
        with self.refused("needs a reason"):
            card.with_user(self.users["supervisor"]).action_void("  ")
        card.with_user(self.users["supervisor"]).action_void("Not sold after all")
        self.assertEqual((card.state, card.void_reason), ("void", "Not sold after all"))
        self.assertIn("Not sold after all", card.message_ids[0].body)
        self.assertFalse(machine.card_id)
        self.assertFalse(machine.owner_id)
        self.assertEqual(self.decide_fault(machine).clauses[0], "G5.3")
        with self.refused("Void already"):
            card.with_user(self.users["supervisor"]).action_void("Again")

    def test_clerk_rejects_a_draft(self):
        """G4: a dealer's registration that is wrong; the machine can be registered again."""
        draft = self.draft()
        draft.with_user(self.users["clerk"]).action_void("The photo shows another invoice")
        self.assertEqual(draft.state, "void")
        self.assertEqual(self.card(draft.lot_id).state, "active")

    def test_void_without_reason_asks(self):
        """G5.3: the button opens the form, the form does it."""
        card = self.card()
        supervisor = self.env["jinxing.card.change"].with_user(self.users["supervisor"])
        action = card.with_user(self.users["supervisor"]).action_void()
        form = Form(supervisor.with_context(**action["context"]))
        form.reason = "Sold twice"
        form.save().action_apply()
        self.assertEqual(card.state, "void")

    # -- change of owner -----------------------------------------------------------------------

    def test_transfer_keeps_cover(self):
        """L-own: cover goes on, history has both, the phone of the public page is the new one."""
        card = self.card(invoice_date=self.today - 40 * DAY)
        ends = card.line_ids.mapped("date_end")
        day = self.today - 5 * DAY
        card.with_user(self.users["clerk"]).action_transfer_owner(self.buyer.id, day)
        self.assertEqual(card.line_ids.mapped("date_end"), ends)
        self.assertEqual((card.owner_id, card.owner_phone), (self.buyer, "13881110099"))
        self.assertEqual(card.lot_id.owner_id, self.buyer)
        first, second = card.owner_history_ids
        self.assertEqual((first.partner_id, first.date_to), (self.owner, day))
        self.assertEqual((second.partner_id, second.date_from), (self.buyer, day))
        self.assertFalse(card.altered)

    def test_transfer_that_is_refused(self):
        """L-own: the same owner, no phone, a day that cannot be, a draft, nobody."""
        card = self.card(invoice_date=self.today - 10 * DAY)
        silent = self.env["res.partner"].create({"name": "No phone"})
        for partner, day, words in (
            (self.owner, self.today, "owns it already"),
            (silent, self.today, "phone is missing"),
            (self.buyer, self.today + DAY, "between"),
            (self.buyer, self.today - 11 * DAY, "between"),
            (0, self.today, "Choose the new owner"),
        ):
            with self.refused(words):
                card.action_transfer_owner(partner, day)
        with self.refused("Not active"):
            self.draft().action_transfer_owner(self.buyer)
        with self.assertRaises(AccessError):
            card.with_user(self.users["technician"]).action_transfer_owner(self.buyer)

    def test_form_of_a_transfer(self):
        """L-own: the form does it."""
        card = self.card(invoice_date=self.today - 10 * DAY)
        action = card.action_transfer_owner()
        form = Form(self.env["jinxing.card.change"].with_context(**action["context"]))
        form.owner_id = self.buyer
        form.save().action_apply()
        self.assertEqual(card.owner_id, self.buyer)

    # -- exchange ------------------------------------------------------------------------------

    def exchange(self, card, **values):
        return card._replace_machine(self.machine(**values), self.today, "G2.1, day 91")

    def test_exchange_goes_on_with_the_cover(self):
        """G2.1 L-own: owner, invoice and days of cover go on; the old card is replaced."""
        old = self.card(invoice_date=self.today - 100 * DAY)
        new = self.exchange(old, manufacture_date=self.today - 10 * DAY)
        self.assertEqual((old.state, old.replaced_by_id), ("replaced", new))
        self.assertEqual((new.state, new.source, new.replaces_id), ("active", "exchange", old))
        self.assertEqual(new.line_ids.mapped("date_end"), old.line_ids.mapped("date_end"))
        self.assertEqual((new.owner_id, new.invoice_number), (old.owner_id, old.invoice_number))
        self.assertFalse(old.lot_id.owner_id)
        self.assertEqual(new.lot_id.owner_id, self.owner)
        why = new.decision_ids.filtered("is_current")
        self.assertIn(old.name, why.explanation)

    def test_exchange_begins_anew_when_the_law_says_so(self):
        """L-new: off by default; switched on, cover begins on the day of the exchange."""
        self.switch("L-new", True)
        old = self.card(invoice_date=self.today - 100 * DAY)
        new = self.exchange(old)
        self.assertEqual(new.cover_start, self.today)
        self.assertEqual(new.date_end, self.today + relativedelta(months=24))
        self.assertEqual(new.invoice_date, old.invoice_date)
        self.assertIn("L-new", new.decision_ids.filtered("is_current").clause_codes)

    def test_exchange_takes_the_downtime_along(self):
        """L-down: days given back stay given back."""
        self.switch("L-down", True)
        old = self.card(invoice_date=self.today - 100 * DAY)
        self.env["jinxing.warranty.downtime"].create(
            {
                "card_id": old.id,
                "date_from": self.today - 50 * DAY,
                "date_to": self.today - 41 * DAY,
                "reason": "Part missing",
            }
        )
        new = self.exchange(old)
        self.assertEqual(new.date_end, old.date_end)
        self.assertEqual(
            new.date_end, old.invoice_date + relativedelta(months=24) + 10 * DAY
        )

    def test_exchange_needs_an_active_card(self):
        """G2.1: and a machine without one."""
        with self.refused("Not active"):
            self.exchange(self.draft())
        taken = self.card().lot_id
        with self.refused("active card already"):
            self.card()._replace_machine(taken, self.today, "x")
