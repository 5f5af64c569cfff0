import re

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PartsData

PAGES = (
    "/my/parts", "/my/parts/cart", "/my/requisitions", "/my/parts-plans", "/my/old-parts",
    "/my/parts-purchases",
)
POSTS = (
    "/my/parts/cart/add", "/my/parts/cart/update", "/my/parts-plans/add", "/my/parts-purchases",
)


@tagged("post_install", "-at_install")
class TestPortal(PartsData, HttpCase):
    """Stations and technicians order parts on their pages (A3, A4, A2, G1.3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        for user in cls.users.values():
            user.lang = "en_US"
        cls.mine = cls.approved_requisition(
            lines=[(cls.part_belt, 10, "warranty"), (cls.part_battery, 2, "warranty")]
        )
        cls.theirs = cls.approved_requisition(
            cls.far_station, [(cls.part_belt, 3, "sale")], user="dealer"
        )
        cls.plan = cls.env["jinxing.parts.plan"].create(
            {
                "kind": "station",
                "partner_id": cls.far_station.id,
                "line_ids": [
                    Command.create({"product_id": cls.part_belt.id, "quantity": 4})
                ],
            }
        )
        cls.debt, cls.their_debt = cls.env["jinxing.old.part"].create(
            [
                {"holder_id": partner.id, "product_id": cls.part_belt.id, "reason": "x"}
                for partner in (cls.station, cls.far_station)
            ]
        )

    def login(self, role="station"):
        self.authenticate(f"r_{role}", f"r_{role}")

    def post(self, path, token=True, **data):
        """Post a form; the token is that of the session's cart page."""
        if token:
            page = self.url_open("/my/parts-purchases").text
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            data["csrf_token"] = found.group(1) if found else ""
        return self.url_open(path, data=data)

    def cart(self):
        return self.env["jinxing.parts.requisition"].search(
            [("partner_id", "=", self.station.id), ("state", "=", "draft")]
        )

    def test_a3_catalogue_by_model_component_and_words(self):
        old = self.part("Belt of yore", self.belt, 90)
        old.product_tmpl_id.superseded_by_id = self.part_belt.product_tmpl_id
        self.login()
        page = self.url_open("/my/parts").text
        for part in (self.part_belt, self.part_housing, self.part_foreign):
            self.assertIn(part.name, page)
        self.assertIn("Superseded by", page)
        page = self.url_open(f"/my/parts?model={self.model.product_tmpl_id.id}").text
        housing, battery = "<strong>Gearbox housing</strong>", "<strong>Battery 12V</strong>"
        self.assertIn(housing, page)
        self.assertNotIn(self.part_foreign.name, page)
        page = self.url_open(f"/my/parts?component={self.battery.id}").text
        self.assertIn(battery, page)
        self.assertNotIn(housing, page)
        page = self.url_open("/my/parts?search=gearbox").text
        self.assertIn(housing, page)
        self.assertNotIn(battery, page)
        self.assertIn("No part found", self.url_open("/my/parts?search=zeppelin").text)

    def test_a3_from_the_cart_to_the_requisition(self):
        self.login()
        for _twice in range(2):
            self.post(
                "/my/parts/cart/add", product_id=self.part_belt.id, qty=2, purpose="warranty"
            )
        self.post("/my/parts/cart/add", product_id=self.part_housing.id, qty=1, purpose="sale")
        cart = self.cart()
        self.assertEqual(cart.line_ids.mapped("qty"), [4, 1])
        line = cart.line_ids[0]
        page = self.post(
            "/my/parts/cart/update", submit="1", urgent="1", **{f"qty_{line.id}": "3"}
        )
        self.assertIn("why it is urgent", page.text)
        self.assertIn('<textarea id="note"', page.text)
        self.assertEqual(cart.state, "draft")
        page = self.post(
            "/my/parts/cart/update", submit="1", urgent="1", urgent_reason="Rice is ripe",
            **{f"qty_{line.id}": "3"},
        )
        self.assertIn(cart.name, page.text)
        self.assertEqual((cart.state, cart.urgent, line.qty), ("submitted", True, 3))
        self.assertEqual(cart.line_ids.mapped("terms"), ["consignment", "sale"])
        self.assertEqual(cart.user_id, self.users["station"])

    def test_a3_nothing_of_a_part_takes_it_out(self):
        self.login()
        self.post("/my/parts/cart/add", product_id=self.part_belt.id, qty=2)
        line = self.cart().line_ids
        self.post("/my/parts/cart/update", save="1", **{f"qty_{line.id}": "0"})
        self.assertFalse(self.cart().line_ids)
        page = self.post("/my/parts/cart/update", submit="1")
        self.assertIn("asks for nothing", page.text)

    def test_a3_bad_input_is_left_aside(self):
        self.login()
        for data in (
            {"product_id": self.part_belt.id, "qty": "-3"},
            {"product_id": self.part_belt.id, "qty": "many"},
            {"product_id": self.model.id, "qty": 1},
            {"product_id": "x", "qty": 1},
            {"product_id": 10**8, "qty": 1},
        ):
            answer = self.post("/my/parts/cart/add", here="https://evil.example", **data)
            self.assertIn("/my/parts", answer.url)
        self.assertFalse(self.cart().line_ids)

    def test_a3_receipt_with_differences(self):
        self.stock(self.part_battery, self.centre_warehouse.lot_stock_id, 2)
        self.ship(self.mine)
        self.login()
        page = self.url_open(f"/my/requisitions/{self.mine.id}").text
        self.assertIn("SF1000", page)
        self.assertIn("Carrier", page)
        picking = self.arrived(self.mine)
        moves = {move.product_id: move for move in picking.move_ids}
        page = self.post(
            f"/my/requisitions/{self.mine.id}/receive/{picking.id}",
            note="Box torn",
            **{f"qty_{moves[self.part_belt].id}": "9"},
        ).text
        self.assertIn("Differences", page)
        self.assertEqual(self.at(self.part_belt, self.station_store), 9)
        self.assertEqual(self.at(self.part_battery, self.station_store), 2)
        difference = self.mine.difference_ids
        self.assertEqual((difference.qty_missing, difference.note), (1, "Box torn"))
        page = self.post(f"/my/requisitions/{self.mine.id}/receive/{picking.id}").text
        self.assertIn("Nothing is there", page)

    def test_a3_shortage_is_shown(self):
        self.login()
        page = self.url_open(f"/my/requisitions/{self.mine.id}").text
        self.assertIn("Shortage", page)
        self.assertIn(self.mine.name, self.url_open("/my/requisitions").text)

    def test_a3_a_technician_orders_for_his_van(self):
        self.login("technician")
        self.assertEqual(self.url_open("/my/parts").status_code, 200)
        self.post("/my/parts/cart/add", product_id=self.part_belt.id, qty=1, purpose="sale")
        self.post("/my/parts/cart/update", submit="1")
        requisition = self.env["jinxing.parts.requisition"].search(
            [("partner_id", "=", self.technician.id)]
        )
        self.assertEqual(requisition.state, "submitted")
        self.assertEqual(requisition.line_ids.terms, "internal")
        self.assertEqual(requisition.location_id, self.van)

    @mute_logger("odoo.http")
    def test_another_stations_records_do_not_exist(self):
        """A3, A4, G1.3: foreign records give no data and take no orders."""
        self.login()
        self.ship(self.theirs)
        picking = self.arrived(self.theirs)
        for path in (
            f"/my/requisitions/{self.theirs.id}", f"/my/parts-plans/{self.plan.id}",
            "/my/requisitions/99999999", "/my/parts-plans/99999999",
        ):
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, 404, path)
            self.assertNotIn(self.theirs.name, answer.text)
        for path in (
            f"/my/requisitions/{self.theirs.id}/cancel",
            f"/my/requisitions/{self.theirs.id}/receive/{picking.id}",
            f"/my/parts-plans/{self.plan.id}",
            f"/my/old-parts/{self.their_debt.id}/sent",
        ):
            self.assertEqual(self.post(path, submit="1").status_code, 404, path)
        # one's own requisition does not open another's shipment
        page = self.post(f"/my/requisitions/{self.mine.id}/receive/{picking.id}")
        self.assertIn("Nothing is there", page.text)
        self.assertFalse(picking.parts_received_at)
        self.assertEqual((self.plan.state, self.their_debt.state), ("draft", "owed"))
        for path in PAGES:
            page = self.url_open(path).text
            for hidden in (self.theirs.name, self.plan.name, self.their_debt.name):
                self.assertNotIn(hidden, page, path)

    @mute_logger("odoo.http")
    def test_forged_posts_change_nothing(self):
        """A3: a form without the session's token is refused."""
        self.login()
        before = self.env["jinxing.parts.requisition"].search_count([])
        for path in (
            *POSTS,
            f"/my/requisitions/{self.mine.id}/cancel",
            f"/my/old-parts/{self.debt.id}/sent",
        ):
            answer = self.post(path, token=False, product_id=self.part_belt.id, qty=1)
            self.assertEqual(answer.status_code, 400, path)
        self.assertEqual(self.env["jinxing.parts.requisition"].search_count([]), before)
        self.assertEqual(self.debt.state, "owed")
        for path in (*POSTS[:3], f"/my/requisitions/{self.mine.id}/cancel"):
            self.assertIn(self.url_open(path).status_code, (404, 405), path)

    @mute_logger("odoo.http")
    def test_customers_have_no_such_pages(self):
        """A3: who may not ask for parts finds none of it."""
        self.login("farmer")
        for path in PAGES:
            self.assertEqual(self.url_open(path).status_code, 404, path)
        self.assertNotIn("/my/parts", self.url_open("/my/home").text)
        self.login()
        self.assertIn("/my/parts", self.url_open("/my/home").text)

    def test_no_login(self):
        """A3: without login every page leads to the login."""
        self.authenticate(None, None)
        for path in PAGES:
            self.assertIn("/web/login", self.url_open(path).url, path)

    def test_a4_plan_submitted(self):
        self.login()
        self.post("/my/parts-plans/add", product_id=self.part_belt.id, qty=40)
        plan = self.env["jinxing.parts.plan"].search([("partner_id", "=", self.station.id)])
        self.assertEqual((plan.state, plan.line_ids.quantity), ("draft", 40))
        self.assertIn(plan.name, self.url_open("/my/parts-plans").text)
        page = self.post(f"/my/parts-plans/{plan.id}", date_from="2030-02-01", date_to="2030-01-01")
        self.assertEqual(page.status_code, 200)
        self.assertNotEqual(str(plan.date_from), "2030-02-01")
        self.post(
            f"/my/parts-plans/{plan.id}", submit="1", date_from="2030-01-01",
            date_to="2030-01-31", **{f"qty_{plan.line_ids.id}": "55"},
        )
        self.assertEqual((plan.state, plan.line_ids.quantity), ("submitted", 55))
        self.assertEqual(plan.warehouse_id, self.centre_warehouse)
        page = self.post(f"/my/parts-plans/{plan.id}", **{f"qty_{plan.line_ids.id}": "1"})
        self.assertEqual(plan.line_ids.quantity, 55)

    def test_g1_3_old_part_sent(self):
        self.login()
        page = self.url_open("/my/old-parts").text
        self.assertIn(self.debt.name, page)
        self.post(f"/my/old-parts/{self.debt.id}/sent", waybill="YT77")
        self.assertEqual((self.debt.state, self.debt.waybill_number), ("sent", "YT77"))

    def test_a2_reported_purchase(self):
        self.login()
        page = self.post(
            "/my/parts-purchases", product_id=self.part_belt.id, supplier="Market stall",
            qty=3, price=20, date="2026-01-05", invoice="0071",
        ).text
        purchase = self.env["jinxing.station.purchase"].search(
            [("partner_id", "=", self.station.id)]
        )
        self.assertEqual((purchase.outcome, purchase.qty), ("refused", 3))
        self.assertIn(purchase.name, page)
        page = self.post("/my/parts-purchases", product_id=self.part_belt.id, qty=3).text
        self.assertIn("Fill in all", page)

    def test_query_counts(self):
        """A3: the pages cost a bounded number of queries however many parts there are."""
        self.env["product.template"].create(
            [
                {"name": f"Many {number}", "is_spare_part": True, "is_storable": True}
                for number in range(40)
            ]
        )
        self.login()
        for path, most in (("/my/parts", 75), ("/my/requisitions", 45)):
            self.url_open(path)
            self.env.flush_all()
            with self.subTest(path), self.assertQueryCount(most):
                self.url_open(path)
