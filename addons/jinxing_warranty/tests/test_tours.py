from datetime import timedelta

from odoo.tests import tagged

from ..models.stock_lot import StockLot
from .common import WarrantyWeb


@tagged("post_install", "-at_install")
class TestTours(WarrantyWeb):
    """The ways through, in a browser: registration, activation, and "Why?"."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        owner = cls.env["res.partner"].create({"name": "欧阳修远", "phone": "15900001111"})
        cls.machine(name="TOUR0001", engine_number="TOURENG1", dealer_id=cls.dealer.id)
        cls.draft(cls.machine(name="TOUR0002"))
        cls.sold = cls.card(
            cls.machine(name="TOUR0003"),
            name="JS-TOUR",
            owner_id=owner.id,
            invoice_date=cls.today - timedelta(days=95),
        )

    def test_registration(self):
        """G4: a dealer registers a sale; errors stay beside their fields."""
        self.start_tour("/my/machines", "jinxing_warranty_registration", login="b_dealer")
        card = self.env["jinxing.warranty.card"].search([("serial", "=", "TOUR0001")])
        self.assertEqual((card.state, card.owner_phone), ("draft", "15983210987"))

    def test_activation(self):
        """G4.1 G4.2 G4.3: a clerk activates it and opens "Why?"."""
        action = self.env.ref("jinxing_warranty.jinxing_warranty_card_action")
        self.start_tour(f"/odoo/action-{action.id}", "jinxing_warranty_activation", login="b_clerk")
        card = self.env["jinxing.warranty.card"].search([("serial", "=", "TOUR0002")])
        self.assertEqual(card.state, "active")

    def test_why(self):
        """G4.3: the battery on day 95, asked on the telephone."""
        action = self.env.ref("jinxing_warranty.machine_action")
        self.start_tour(f"/odoo/action-{action.id}", "jinxing_warranty_why", login="b_clerk")
        decision = self.sold.lot_id.decision_ids
        self.assertEqual((decision.outcome, decision.user_id), ("chargeable", self.users["clerk"]))


@tagged("post_install", "-at_install")
class TestPhoneTour(WarrantyWeb):
    """The public page as an owner has it in his hand."""

    browser_size = "390x844"
    touch_enabled = True

    def test_public_page(self):
        """G1.5 S8.1: cover, report of a fault, repair history."""
        owner = self.env["res.partner"].create({"name": "欧阳修远", "phone": "15900001111"})
        self.company.phone = "0838-2901234"
        lot = self.card(name="JS-TOUR", owner_id=owner.id).lot_id
        # as this addon takes a report by itself; dispatch makes a registration of it
        self.patch(self.registry["stock.lot"], "_report_fault", StockLot._report_fault)
        self.start_tour(f"/w/{lot.qr_token}", "jinxing_warranty_public_page", login=None)
        self.assertIn("割台不动了", lot.message_ids[0].body)
