from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import WarrantyCase

READERS = ("technician", "parts_keeper", "clerk", "supervisor", "manager", "finance")
WRITERS = ("clerk", "supervisor", "manager")


@tagged("post_install", "-at_install")
class TestAccess(WarrantyCase):
    """Each role, the other company, the other dealer: who may read and who may change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.card()
        cls.mine.action_correct({"invoice_number": "12341234"}, "x")
        cls.env["jinxing.warranty.downtime"].create(
            {
                "card_id": cls.mine.id,
                "date_from": cls.today,
                "date_to": cls.today,
                "reason": "Repair",
            }
        )
        cls.theirs = cls.card(
            cls.machine(company_id=cls.other_company.id),
            company_id=cls.other_company.id,
            dealer_id=cls.rival.id,
            owner_id=cls.buyer.id,
        )

    def parts(self, card):
        return [
            card,
            card.line_ids,
            card.downtime_ids,
            card.owner_history_ids,
            card.correction_ids,
            card.lot_id,
        ]

    def test_roles_read(self):
        """G4: every role sees machine, card and all that belongs to it; others do not."""
        for role in READERS:
            for records in self.parts(self.mine):
                if role == "finance" and records._name == "stock.lot":
                    continue
                self.assertTrue(records.with_user(self.users[role]).has_access("read"), role)
        for role in ("nobody", "public"):
            with self.assertRaises(AccessError):
                self.mine.with_user(self.users[role]).read(["name"])

    def test_forms_open_for_every_role(self):
        """G4: a form that shows a field its reader may not read does not open at all."""
        for role in ("technician", "parts_keeper", "clerk", "supervisor", "manager"):
            user = self.users[role]
            Form(self.mine.with_user(user))
            Form(self.mine.lot_id.with_user(user), "jinxing_warranty.machine_view_form")
            Form(self.env.ref("jinxing_warranty.policy_handbook").with_user(user))
        Form(self.mine.with_user(self.users["finance"]))

    def test_roles_write(self):
        """G4: clerks and above keep drafts; the others do not."""
        for role in (*READERS, "nobody"):
            machine = self.machine()
            values = {"lot_id": machine.id, "owner_id": self.owner.id}
            cards = self.env["jinxing.warranty.card"].with_user(self.users[role])
            if role in WRITERS:
                cards.create(values).write({"invoice_number": "12345678"})
                continue
            with self.assertRaises(AccessError):
                cards.create(values)
            with self.assertRaises(AccessError):
                self.draft().with_user(self.users[role]).write({"invoice_number": "12345678"})

    def test_other_company(self):
        """G4: another company's cards, machines, cover and policies are out of sight."""
        foreign = self.users["foreign"]
        for records in self.parts(self.mine):
            if records._name == "stock.lot":
                continue  # without a company of its own: shared, as in stock
            self.assertFalse(records.with_user(foreign).has_access("read"), records)
        self.assertNotIn(self.mine, self.mine.with_user(foreign).search([]))
        for records in (self.theirs, self.theirs.lot_id, self.theirs.line_ids):
            for role in ("clerk", "manager"):
                self.assertFalse(records.with_user(self.users[role]).has_access("read"))
        self.assertFalse(self.theirs.lot_id.with_user(self.users["clerk"]).search(
            [("id", "=", self.theirs.lot_id.id)]
        ))

    def test_card_stays_with_its_company(self):
        """G4: a machine of one company has no card of another."""
        machine = self.machine(company_id=self.other_company.id)
        with self.refused("compan"):
            self.draft(machine)

    def test_wizards_are_ones_own(self):
        """G4: nobody sees or drives another's import, change or question."""
        clerk, supervisor = self.users["clerk"], self.users["supervisor"]
        for model, values in (
            ("jinxing.card.import", {}),
            ("jinxing.card.change", {"card_id": self.mine.id, "kind": "void"}),
            ("jinxing.cover.check", {"lot_id": self.mine.lot_id.id}),
        ):
            wizard = self.env[model].with_user(clerk).create(values)
            with self.assertRaises(AccessError):
                wizard.with_user(supervisor).read(["create_date"])
            for role in ("nobody", "dealer", "public"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(self.users[role]).create(values)

    # -- portal --------------------------------------------------------------------------------

    def test_dealer_sees_his_own(self):
        """G4: dealer A's machines and cards, not dealer B's; no log, no other person's data."""
        dealer = self.users["dealer"]
        self.assertTrue(self.mine.with_user(dealer).has_access("read"))
        self.assertTrue(self.mine.lot_id.with_user(dealer).has_access("read"))
        self.assertTrue(self.mine.line_ids.with_user(dealer).has_access("read"))
        for records in (
            self.theirs,
            self.theirs.lot_id,
            self.theirs.line_ids,
            self.mine.correction_ids,
            self.mine.owner_history_ids,
            self.mine.downtime_ids,
        ):
            self.assertFalse(records.with_user(dealer).has_access("read"), records)
        cards = self.env["jinxing.warranty.card"].with_user(dealer).search([])
        self.assertEqual(cards, self.mine)
        lots = self.env["stock.lot"].with_user(dealer).search([])
        self.assertEqual(lots, self.mine.lot_id)

    def test_dealer_cannot_write(self):
        """G4: by no remote call; only the registration page drafts for him."""
        dealer = self.users["dealer"]
        draft = self.draft()
        for change in (
            lambda: draft.with_user(dealer).write({"invoice_number": "1"}),
            lambda: draft.with_user(dealer).action_activate(),
            lambda: self.mine.with_user(dealer).action_correct({"serial": "X"}, "x"),
            lambda: self.mine.with_user(dealer).action_void("x"),
            lambda: self.mine.with_user(dealer).action_transfer_owner(self.buyer.id),
            lambda: self.mine.lot_id.with_user(dealer).write({"dealer_id": self.rival.id}),
            lambda: draft.with_user(dealer).unlink(),
            lambda: self.env["jinxing.warranty.card"].with_user(dealer).create(
                {"lot_id": self.machine().id, "owner_id": self.owner.id}
            ),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_dealer_does_not_see_the_token(self):
        """G1.5: the token opens the public page; it is on the machine, not in the interface."""
        with self.assertRaises(AccessError):
            self.mine.lot_id.with_user(self.users["dealer"]).read(["qr_token"])

    def test_owner_in_the_portal(self):
        """L-own: the owner sees his machine as long as it is his."""
        user = self.users["portal"]
        user.partner_id.phone = "13911112222"
        self.assertFalse(self.mine.with_user(user).has_access("read"))
        self.mine.action_transfer_owner(user.partner_id, self.today)
        self.assertTrue(self.mine.with_user(user).has_access("read"))
        self.assertTrue(self.mine.lot_id.with_user(user).has_access("read"))
        self.mine.action_transfer_owner(self.buyer, self.today)
        self.env.invalidate_all()
        self.assertFalse(self.mine.with_user(user).has_access("read"))
        self.assertFalse(self.mine.lot_id.with_user(user).has_access("read"))

    def test_tries_are_nobodys(self):
        """G1.5: who tried to open a history is not for reading."""
        for role in ("clerk", "supervisor", "dealer", "public"):
            with self.assertRaises(AccessError):
                self.env["jinxing.public.try"].with_user(self.users[role]).search([])
