
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import DAY, WarrantyCase


@tagged("post_install", "-at_install")
class TestMachine(WarrantyCase):
    """S8.1, G5.4: machines, how they are found, and what changes on the card only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.found = cls.card(
            cls.machine(name="JYTEST4018", engine_number="CCTEST-24018"), name="SBTEST0815"
        ).lot_id
        cls.other = cls.card(owner_id=cls.buyer.id).lot_id

    def search(self, text, role="clerk"):
        return self.env["stock.lot"].with_user(self.users[role])._search_machines(text)

    def test_found_by_everything_a_caller_may_say(self):
        """S8.1: serial, engine number, card number, owner's name or phone, or a part of it."""
        for text in (
            "JYTEST4018",
            "jytest40",
            "T4018",
            "CCTEST-24018",
            "SBTEST0815",
            "张德福",
            "张德",
            "德福",
            "13980123456",
            "139 8012 3456",
            "139-8012-3456",
            "+86 13980123456",
            "3456",
            "张德福 JYTEST",
            "福 0815",
        ):
            self.assertIn(self.found, self.search(text), text)
            self.assertNotIn(self.other, self.search(text), text)

    def test_not_found(self):
        """S8.1: words must all fit; nothing said finds nothing; signs are no wildcards."""
        for text in ("张德福 李国全", "JYTEST9999", "", "  ", "JY%4018", "_YTEST4018"):
            self.assertNotIn(self.found, self.search(text), text)

    def test_parts_are_no_machines(self):
        """S8.1: a lot of spare parts is not found."""
        part = self.env["product.product"].create(
            {"name": "Belt", "is_storable": True, "tracking": "lot"}
        )
        lot = self.env["stock.lot"].create({"name": "JYTEST4018", "product_id": part.id})
        self.assertNotIn(lot, self.search("JYTEST4018"))
        self.assertFalse(lot.qr_token)
        self.assertFalse(lot.search_text)

    def test_draft_is_found_by_its_owner(self):
        """S8.1: the farmer calls before the card is activated."""
        draft = self.draft(owner_id=self.env["res.partner"].create({"name": "欧阳修远"}).id)
        draft.owner_phone = "15900001111"
        for text in ("欧阳修远", "修远", "15900001111"):
            self.assertEqual(self.search(text), draft.lot_id)
        draft.action_void("No")
        self.assertFalse(self.search("欧阳修远"))

    def test_new_owner_is_found(self):
        """S8.1 L-own: by the new name and no longer by the old one."""
        self.found.card_id.action_transfer_owner(self.buyer, self.today)
        self.assertIn(self.found, self.search("李国全 JYTEST4018"))
        self.assertNotIn(self.found, self.search("张德福 JYTEST4018"))

    def test_exact_serial_comes_first(self):
        """S8.1."""
        longer = self.machine(name="AJYTEST4018")
        self.assertEqual(self.search("JYTEST4018")[:1], self.found)
        self.assertIn(longer, self.search("JYTEST4018"))

    def test_while_typing(self):
        """S8.1: the field of a form finds machines in the same way, and shows owner and model."""
        lots = self.env["stock.lot"].with_user(self.users["clerk"])
        hits = lots.with_context(jinxing_machine=True).name_search("张德福 JYTEST")
        self.assertEqual([hit[0] for hit in hits], self.found.ids)
        self.assertIn("Combine A", hits[0][1])
        self.assertIn("张德福", hits[0][1])
        self.assertEqual(lots.search([("machine_search", "ilike", "德福 4018")]), self.found)
        self.assertEqual(self.found.display_name, "JYTEST4018")

    # -- numbers -------------------------------------------------------------------------------

    def test_token(self):
        """G1.5: every machine has one nobody can guess or choose."""
        tokens = (self.found | self.other).mapped("qr_token")
        self.assertEqual(len(set(tokens)), 2)
        self.assertTrue(all(len(token) == 24 for token in tokens))
        clerk = self.found.with_user(self.users["clerk"])
        with self.refused("system's"):
            clerk.qr_token = "x"
        with self.refused("system's"):
            clerk.create({"name": "X", "product_id": self.model.id, "qr_token": "x"})
        copy = self.found.copy({"name": "Y", "engine_number": "Y"})
        self.assertNotEqual(copy.qr_token, tokens[0])

    def test_model_becomes_a_machine(self):
        """G1.5: machines that were there already get their token."""
        product = self.env["product.product"].create(
            {"name": "Later", "is_storable": True, "tracking": "serial"}
        )
        lot = self.env["stock.lot"].create({"name": "LATER1", "product_id": product.id})
        self.assertFalse(lot.qr_token)
        product.is_machine = True
        self.assertTrue(lot.is_machine)
        self.assertTrue(lot.qr_token)
        self.assertIn(lot, self.search("LATER1"))

    def test_machine_is_tracked_by_serial(self):
        """G4: one card for each, so one number for each."""
        with self.refused("serial", ValidationError):
            self.env["product.product"].create({"name": "X", "is_machine": True})

    def test_two_with_one_number(self):
        """G5.4: neither engine nor serial; the serial not even with another model."""
        for values in (
            {"engine_number": self.found.engine_number},
            {"name": self.found.name, "product_id": self.other_model.id},
        ):
            with self.forbidden():
                self.machine(**values)

    def test_values_that_cannot_be(self):
        """S8.1: no phone, a day to come, a dealer who is none."""
        for values in (
            {"owner_phone": "12"},
            {"manufacture_date": self.today + DAY},
            {"sold_date": self.today + DAY},
            {"dealer_id": self.owner.id},
        ):
            with self.assertRaises(ValidationError):
                self.machine(**values)

    # -- bound to its card ---------------------------------------------------------------------

    def test_changes_on_the_card_only(self):
        """G5.4: behind an active card's back nobody changes what it states, by no way."""
        changes = {
            "name": "NEW",
            "product_id": self.other_model.id,
            "engine_number": "NEW",
            "manufacture_date": self.today,
            "owner_id": self.buyer.id,
            "owner_phone": "13800000000",
            "dealer_id": self.rival.id,
            "sold_date": self.today,
        }
        for role in ("clerk", "manager"):
            mine = self.found.with_user(self.users[role])
            for name, value in changes.items():
                with self.refused("Correct"):
                    mine.write({name: value})
            mine.write({"note": "May be noted", "owner_id": self.owner.id})

    def test_without_card_a_clerk_may(self):
        """S8.1: a caller's machine that nobody has registered."""
        machine = self.machine().with_user(self.users["clerk"])
        machine.write({"owner_id": self.buyer.id, "owner_phone": "138 8123 4567"})
        self.assertEqual(machine.owner_phone, "13881234567")
        with self.assertRaises(AccessError):
            machine.with_user(self.users["technician"]).write({"owner_id": self.owner.id})
        with self.assertRaises(AccessError):
            machine.unlink()

    def test_bulletins_of_the_model(self):
        """G3.3: shown where the model is: its own and those for all."""
        model = self.model.product_tmpl_id
        own, everybody, others = self.env["jinxing.bulletin"].create(
            [
                {"name": "Own", "product_tmpl_ids": [(6, 0, model.ids)]},
                {"name": "All"},
                {
                    "name": "Others",
                    "product_tmpl_ids": [(6, 0, self.other_model.product_tmpl_id.ids)],
                },
            ]
        )
        self.assertEqual(model.bulletin_ids, own)
        shown = self.found.with_user(self.users["technician"]).bulletin_ids
        self.assertIn(own, shown)
        self.assertIn(everybody, shown)
        self.assertNotIn(others, shown)

    def test_components(self):
        """G4: a code once, no component part of itself; the manager keeps the list."""
        components = self.env["jinxing.component"].with_user(self.users["manager"])
        pump = components.create({"name": "Pump", "code": "T1"})
        with self.forbidden():
            components.create({"name": "Pump", "code": "T1"})
        with self.assertRaises(UserError):
            pump.parent_id = pump
        with self.assertRaises(AccessError):
            pump.with_user(self.users["supervisor"]).name = "x"

    def test_fields_of_a_spare_part(self):
        """G1.2: component, approved models, and whether the old part must come back."""
        part = self.env["product.template"].create(
            {
                "name": "Housing",
                "component_id": self.env.ref("jinxing_warranty.component_gearbox_housing").id,
                "approved_model_ids": [(6, 0, self.model.product_tmpl_id.ids)],
                "return_old_part": True,
            }
        )
        self.assertEqual(part.cover_class, "main")
        self.assertIn(part, part.component_id.product_tmpl_ids)

    def test_whom_to_write_to(self):
        """S8.1: a clerk writes to the owner from the machine, without rights on stock moves."""
        clerk = self.found.with_user(self.users["clerk"])
        self.assertEqual(clerk._mail_get_partners()[self.found.id], self.owner)
        self.assertEqual(self.env["stock.lot"]._mail_get_partner_fields(), ["partner_ids"])

    def test_open_card(self):
        """G4: the machine leads to its card."""
        self.assertEqual(self.found.action_open_card()["res_id"], self.found.card_id.id)
        self.assertIn("domain", self.machine().action_open_card())
