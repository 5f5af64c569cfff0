from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import format_date

from .common import DAY, WarrantyCase


@tagged("post_install", "-at_install")
class TestCard(WarrantyCase):
    """G4: from the draft to the active card."""

    def test_draft_takes_model_and_numbers_from_the_machine(self):
        """G5.4: what the card says is what the machine is, unless somebody says otherwise."""
        machine = self.machine()
        card = self.draft(machine)
        self.assertEqual(card.product_id, self.model)
        self.assertEqual(card.serial, machine.name)
        self.assertEqual(card.engine_number, machine.engine_number)
        self.assertEqual(card.owner_phone, "13980123456")
        self.assertEqual((card.state, card.name, card.source), ("draft", "/", "manual"))

    def test_form_fills_in(self):
        """G4: choosing machine and owner in the form fills in the rest."""
        machine = self.machine()
        form = Form(self.env["jinxing.warranty.card"].with_user(self.users["clerk"]))
        form.lot_id = machine
        form.owner_id = self.owner
        self.assertEqual(form.serial, machine.name)
        self.assertEqual(form.owner_phone, "13980123456")
        form.invoice_number = "25117308"
        form.invoice_date = self.today
        form.save().action_activate()
        self.assertEqual(machine.card_id.state, "active")

    def test_activation(self):
        """G4.1 G4.2 G4.3 L24a: number, cover of each class, owner, machine, and why."""
        card = self.draft(invoice_date=date(2024, 1, 31))
        card.with_user(self.users["clerk"]).action_activate()
        self.assertEqual(card.state, "active")
        self.assertRegex(card.name, r"^SB\d{4}\d{6}$")
        self.assertEqual(
            {line.cover_class: (line.date_start, line.date_end) for line in card.line_ids},
            {
                "machine": (date(2024, 1, 31), date(2025, 1, 31)),
                "main": (date(2024, 1, 31), date(2026, 1, 31)),
                "electrical": (date(2024, 1, 31), date(2024, 4, 30)),
            },
        )
        self.assertEqual(card.date_end, date(2026, 1, 31))
        self.assertEqual(card.owner_history_ids.mapped("partner_id"), self.owner)
        machine = card.lot_id
        self.assertEqual(machine.card_id, card)
        self.assertEqual(machine.owner_id, self.owner)
        self.assertEqual(machine.owner_phone, "13980123456")
        self.assertEqual(machine.dealer_id, self.dealer)
        self.assertEqual(machine.sold_date, date(2024, 1, 31))
        why = self.env["jinxing.decision"].browse(card.action_why()["res_id"])
        self.assertEqual(why.kind, "card")
        self.assertEqual(why.clause_codes[:3], ["G4.1", "G4.2", "G4.3"])
        self.assertIn(format_date(self.env, date(2026, 1, 31)), why.explanation)

    def test_several_at_once(self):
        """G4: each gets its own number."""
        cards = self.draft() | self.draft() | self.draft()
        cards.action_activate()
        self.assertEqual(len(set(cards.mapped("name"))), 3)

    def test_number_taken_by_an_imported_card_is_skipped(self):
        """G4: the paper archive may hold a number the sequence has not reached."""
        first = self.card()
        coming = first.name[:-6] + f"{int(first.name[-6:]) + 1:06d}"
        self.card(name=coming)
        self.assertEqual(int(self.card().name[-6:]), int(coming[-6:]) + 1)

    def test_number_of_its_own_is_kept(self):
        """G4: a paper card has its number already."""
        self.assertEqual(self.card(name=" JS-0815 ").name, "JS-0815")

    def test_two_cards_with_one_number(self):
        """G4: SQL, with a sentence."""
        self.card(name="JS-1")
        with self.forbidden():
            self.draft(name="JS-1")

    def test_what_is_missing_is_said_at_once(self):
        """G4: all that is missing, card by card, and nothing is activated."""
        good = self.draft()
        bad = self.draft(invoice_number=False, invoice_date=False)
        bad.owner_phone = False
        with self.assertRaises(UserError) as caught:
            (good | bad).action_activate()
        for words in ("invoice number", "invoice day", "phone"):
            self.assertIn(words, str(caught.exception))
        self.assertEqual(good.state, "draft")

    def test_blank_invoice_number_is_none(self):
        """G4: blanks are no number, nor in the database."""
        card = self.draft(invoice_number="  ")
        with self.refused("invoice number"):
            card.action_activate()
        with self.forbidden():
            self.cr.execute(
                "UPDATE jinxing_warranty_card SET state = 'active', name = 'X',"
                " invoice_number = ' ' WHERE id = %s",
                [card.id],
            )

    def test_active_needs_invoice_in_the_database_too(self):
        """G4: SQL constraint."""
        card = self.draft(invoice_number=False)
        with self.forbidden():
            self.cr.execute(
                "UPDATE jinxing_warranty_card SET state = 'active', name = 'X' WHERE id = %s",
                [card.id],
            )

    def test_one_active_card_a_machine(self):
        """G4: refused with a sentence by the button, and by the database whatever the way."""
        card = self.card()
        second = self.draft(card.lot_id)
        with self.refused(card.name):
            second.action_activate()
        with self.forbidden():
            self.cr.execute(
                "UPDATE jinxing_warranty_card SET state = 'active', name = 'Y' WHERE id = %s",
                [second.id],
            )

    def test_one_active_card_within_a_batch(self):
        """G4: two drafts of one machine activated together are named, too."""
        first = self.draft()
        second = self.draft(first.lot_id)
        with self.refused("active card already"):
            (first | second).action_activate()

    def test_active_card_of_another_company_counts(self):
        """G4: the other company's card is taken into account though it cannot be seen."""
        machine = self.machine()
        self.draft(machine, company_id=self.other_company.id).sudo().action_activate()
        draft = self.draft(machine).with_user(self.users["clerk"])
        with self.refused("active card already"):
            draft.action_activate()

    def test_model_serial_and_engine_must_be_the_machines(self):
        """G5.4: a card that says otherwise is not activated."""
        for values, words in (
            ({"product_id": self.other_model.id}, "Combine B"),
            ({"serial": "OTHER"}, "serial number"),
            ({"engine_number": "OTHER"}, "engine number"),
        ):
            with self.refused(words):
                self.draft(**values).action_activate()

    def test_engine_number_unknown_so_far_comes_from_the_card(self):
        """G4: the machine learns its engine from the card."""
        machine = self.machine(engine_number=False)
        card = self.draft(machine, engine_number="E-NEW")
        self.assertFalse(machine.engine_number)
        card.action_activate()
        self.assertEqual(machine.engine_number, "E-NEW")

    def test_dates_are_sane(self):
        """L24a: no invoice of tomorrow, none before the machine was made."""
        with self.refused("future", ValidationError):
            self.draft(invoice_date=self.today + DAY)
        machine = self.machine(manufacture_date=self.today - 10 * DAY)
        with self.refused("before the day of manufacture", ValidationError):
            self.draft(machine, invoice_date=self.today - 11 * DAY)
        card = self.draft(machine, invoice_date=self.today - 10 * DAY)
        with self.refused("before the day of manufacture", ValidationError):
            machine.manufacture_date = card.invoice_date + DAY

    def test_who_may_be_what(self):
        """G4: a machine is a machine, a dealer a dealer, a number a number."""
        part = self.env["product.product"].create(
            {"name": "Belt", "is_storable": True, "tracking": "lot"}
        )
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": part.id})
        with self.refused("not a machine", ValidationError):
            self.draft(lot)
        with self.refused("not a dealer", ValidationError):
            self.draft(dealer_id=self.owner.id)
        with self.refused("no telephone number", ValidationError):
            self.draft(owner_phone="123")

    def test_no_policy_of_that_day(self):
        """G4: without a policy there is nothing to promise, and the message says which day."""
        with self.refused("No warranty policy"):
            self.card(invoice_date=date(1985, 5, 5))

    def test_begins_as_a_draft(self):
        """G4: nobody makes an active card by creating one."""
        for values in (
            {"state": "active"},
            {"altered": True},
            {"replaced_by_id": self.card().id},
            {"activated_on": self.today},
            {"line_ids": [Command.create({"cover_class": "main", "months": 99})]},
        ):
            with self.assertRaises(UserError):
                self.draft(**values)

    def test_system_fields_cannot_be_written(self):
        """G4 G5.4: state, alteration and cover change by the card's own methods only."""
        card = self.card()
        for role in ("clerk", "supervisor", "manager"):
            mine = card.with_user(self.users[role])
            for values in (
                {"state": "draft"},
                {"altered": False},
                {"activated_on": self.today},
                {"renewed_on": self.today},
                {"replaces_id": False},
                {"replaced_by_id": False},
                {"void_reason": "x"},
                {"line_ids": [Command.clear()]},
                {"owner_history_ids": [Command.clear()]},
                {"correction_ids": [Command.clear()]},
            ):
                with self.assertRaises(UserError):
                    mine.write(values)

    def test_where_it_came_from_cannot_be_claimed(self):
        """G5.3: our own sale is proof, so nobody writes it by hand."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.owner.id,
                "order_line": [Command.create({"product_id": self.model.id})],
            }
        )
        clerk = self.env["jinxing.warranty.card"].with_user(self.users["clerk"])
        card = self.draft()
        for values in ({"source": "sale"}, {"sale_line_id": order.order_line.id}):
            with self.refused("noted by the system"):
                card.with_user(self.users["clerk"]).write(values)
            with self.refused("noted by the system"):
                clerk.create({"lot_id": card.lot_id.id, "owner_id": self.owner.id, **values})

    def test_what_an_active_card_states_is_not_edited(self):
        """G5.4: every stated field, by every role; the same value again is no change."""
        card = self.card()
        changes = {
            "name": "NEW",
            "lot_id": self.machine().id,
            "product_id": self.other_model.id,
            "serial": "NEW",
            "engine_number": "NEW",
            "manufacture_date": self.today,
            "owner_id": self.buyer.id,
            "owner_phone": "13800000000",
            "dealer_id": self.rival.id,
            "invoice_number": "NEW",
            "invoice_date": self.today,
            "seller_error": True,
            "company_id": self.other_company.id,
        }
        for role in ("clerk", "manager"):
            mine = card.with_user(self.users[role])
            for name, value in changes.items():
                with self.refused("Use “Correct”"):
                    mine.write({name: value})
            mine.write({"owner_phone": "139-8012-3456", "invoice_number": card.invoice_number})

    def test_photo_of_an_active_card_stays(self):
        """G5.3: the evidence may be added later, and not exchanged."""
        card = self.card()
        clerk = card.with_user(self.users["clerk"])
        clerk.invoice_scan = self.picture()
        with self.refused("photo of the invoice"):
            clerk.invoice_scan = False

    def test_only_drafts_are_deleted(self):
        """G5.4: a card that was active leaves a trace."""
        draft, card = self.draft(), self.card()
        draft.with_user(self.users["clerk"]).unlink()
        with self.refused("void the card"):
            card.with_user(self.users["manager"]).unlink()

    def test_reading_roles_cannot_change(self):
        """G4: technician, parts keeper and finance look."""
        card = self.draft()
        for role in ("technician", "parts_keeper", "finance"):
            mine = card.with_user(self.users[role])
            self.assertEqual(mine.read(["state"])[0]["state"], "draft")
            for change in (
                lambda c: c.write({"invoice_number": "1234"}),
                lambda c: c.action_activate(),
                lambda c: c.action_void("x"),
                lambda c: c.unlink(),
            ):
                with self.assertRaises(AccessError):
                    change(mine)

    def test_in_cover(self):
        """L24a: the last day is still in cover."""
        card = self.card(invoice_date=self.today - relativedelta(months=24))
        self.assertEqual(card.in_cover, card.date_end >= self.today)
        old = self.card(invoice_date=self.today - relativedelta(months=24, days=2))
        self.assertFalse(old.in_cover)
        self.assertFalse(self.draft().in_cover)

    def test_the_day_is_the_farmers(self):
        """L24a: the last day ends at midnight where the machine is, for readers in any zone."""
        card = self.card(invoice_date=date(2024, 5, 4))
        for moment, covered in (
            (datetime(2026, 5, 3, 16), True),
            (datetime(2026, 5, 4, 15, 59), True),
            (datetime(2026, 5, 4, 16), False),
        ):
            with freeze_time(moment):
                for zone in ("UTC", "America/New_York", False):
                    card.invalidate_recordset(["in_cover"])
                    self.assertEqual(card.with_context(tz=zone).in_cover, covered, moment)
