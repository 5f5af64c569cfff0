from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RepairCase


@tagged("post_install", "-at_install")
class TestProvider(RepairCase):
    """Who sells, serves (G3.1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        regions = cls.env["jinxing.region"]
        cls.home = regions.create({"name": "Home", "code": "T1"})
        cls.inside = regions.create({"name": "Inside", "code": "T2", "parent_id": cls.home.id})
        cls.away = regions.create({"name": "Away", "code": "T3"})

    def why(self, order):
        return order._record_decisions("provider", {}) or self.env["jinxing.decision"].search(
            [("res_model", "=", "repair.order"), ("res_id", "=", order.id),
             ("kind", "=", "provider"), ("superseded_by_id", "=", False)]
        )

    def test_the_seller(self):
        """G3.1: the dealer who sold it, and the decision says so."""
        order = self.order()
        self.assertEqual(order.default_provider_id, self.dealer)
        decision = self.why(order)
        self.assertEqual((decision.outcome, decision.clause_codes), ("seller", ["G3.1"]))
        self.assertIn(self.dealer.name, str(decision.explanation))

    def test_the_appointed_station(self):
        """G3.1: his appointed station goes first; without contract the dealer himself, then us."""
        self.dealer.appointed_station_id = self.station
        order = self.order()
        self.assertEqual(order.default_provider_id, self.station)
        yesterday = self.today - timedelta(days=1)
        self.station.contract_end = yesterday
        order._decide_provider()
        self.assertEqual(order.default_provider_id, self.dealer)
        self.dealer.contract_end = yesterday
        order._decide_provider()
        self.assertEqual(order.default_provider_id, self.company.partner_id)
        self.assertEqual(self.why(order).outcome, "headquarters")

    def test_cross_region_harvest(self):
        """G3.1: broken down elsewhere, the station of the place comes; the seller stays liable."""
        self.dealer.region_id = self.home
        self.station.region_id = self.away
        order = self.order()
        clerk = order.with_user(self.users["clerk"])
        clerk.region_id = self.inside
        self.assertEqual(order.default_provider_id, self.dealer, "within his region")
        clerk.region_id = self.away
        self.assertEqual(order.default_provider_id, self.station)
        self.assertEqual(order.dealer_id, self.dealer)
        self.assertEqual(self.why(order).outcome, "local_station")

    def test_no_seller_known(self):
        """G3.1: nobody knows who sold it: the factory."""
        machine = self.sell("JY9", months=2)
        machine.dealer_id = False
        order = self.order(machine)
        self.assertEqual(order.default_provider_id, self.company.partner_id)

    def test_declined(self):
        """G3.1: who declined does not come first again; where the machine changes, nor does he."""
        order = self.approved()
        clerk = order.with_user(self.users["clerk"])
        clerk.action_assign(provider_id=self.dealer.id)
        order.with_user(self.users["dealer"]).action_decline("No technician free")
        self.assertEqual(order.service_state, "approved")
        self.assertEqual(order.default_provider_id, self.company.partner_id)
        self.assertEqual(order.refused_provider_ids, self.dealer)
        with self.assertRaisesRegex(UserError, "G3.1"):
            clerk.action_assign(provider_id=self.dealer.id)

    def test_providers_that_may_not(self):
        """G1.1: no provider, no contract, a technician of another, nobody's technician."""
        order = self.approved()
        clerk = order.with_user(self.users["clerk"])
        self.station.contract_end = self.today - timedelta(days=1)
        refused = (
            ({"provider_id": self.farmer.id}, "no service provider"),
            ({"provider_id": self.station.id}, "no service contract"),
            (
                {"technician_id": self.technician.id, "provider_id": self.dealer.id},
                "does not work for",
            ),
            ({"technician_id": self.farmer.id}, "no technician"),
            ({"technician_id": 999999999}, "Choose a technician"),
        )
        for values, message in refused:
            with self.subTest(values=values), self.assertRaisesRegex(UserError, message):
                clerk.action_assign(**values, reason="x")
        self.novice.active = False
        with self.assertRaisesRegex(UserError, "no technician"):
            clerk.action_assign(technician_id=self.novice.id, reason="x")


@tagged("post_install", "-at_install")
class TestProposals(RepairCase):
    """Whom to send, and why not the others (T1-T5, S7, S8.11)."""

    def wizard(self, orders, user="clerk"):
        action = orders.with_user(self.users[user]).action_assign()
        return self.env[action["res_model"]].with_user(self.users[user]).browse(action["res_id"])

    def test_ranking(self):
        """T4, S7: graded high enough first; the others are refused with the clause in words."""
        untrained = self.env["res.partner"].create({"name": "New", "is_technician": True})
        wizard = self.wizard(self.approved())
        self.assertEqual(wizard.default_provider_id, self.dealer)
        self.assertEqual(wizard.provider_id, self.dealer)
        lines = {line.technician_id: line for line in wizard.line_ids}
        self.assertEqual(wizard.line_ids[:1].technician_id, self.technician)
        self.assertTrue(lines[self.technician].allowed)
        self.assertEqual(lines[self.technician].grade, "4")
        for person, clause in ((self.novice, "T4"), (untrained, "T4")):
            self.assertFalse(lines[person].allowed)
            self.assertIn(clause, lines[person].clauses)
            self.assertTrue(lines[person].why)
        self.assertEqual(lines[self.station_man].provider_id, self.station)

    def test_one_click(self):
        """G3.1: one click sends him; against the rule only with a reason, which is kept."""
        order = self.approved()
        wizard = self.wizard(order)
        line = wizard.line_ids.filtered(lambda x: x.technician_id == self.technician)
        with self.assertRaisesRegex(UserError, "G3.1"):
            line.action_choose()
        wizard.reason = "The dealer has nobody"
        line.action_choose()
        self.assertEqual(order.technician_id, self.technician)
        self.assertEqual(order.provider_id, self.company.partner_id)
        self.assertEqual(order.step_ids[-1].reason, "The dealer has nobody")

    def test_to_the_provider(self):
        """G3.1: the rule's provider gets it without a reason, and time to accept."""
        order = self.approved()
        self.wizard(order).action_give_to_provider()
        self.assertEqual((order.provider_id, order.technician_id.id), (self.dealer, False))
        self.assertEqual((order.offer_deadline - order.assigned_at).total_seconds(), 2 * 3600)

    def test_override_of_the_grade(self):
        """T1-T5: a clerk cannot send the novice, a supervisor with a reason can; it is kept."""
        order = self.approved()
        reason = {"technician_id": self.novice.id, "reason": "Nobody else within 300 km"}
        with self.assertRaisesRegex(UserError, "T4"):
            order.with_user(self.users["clerk"]).action_assign(**reason)
        with self.assertRaisesRegex(UserError, "T4|G3.1"):
            order.with_user(self.users["supervisor"]).action_assign(technician_id=self.novice.id)
        order.with_user(self.users["supervisor"]).action_assign(**reason)
        decisions = {
            d.kind: d
            for d in self.env["jinxing.decision"].search(
                [("res_model", "=", "repair.order"), ("res_id", "=", order.id)]
            )
        }
        self.assertEqual(decisions["proposal"].outcome, "not_proposed")
        self.assertEqual(decisions["override"].outcome, "granted")
        self.assertIn("300 km", str(decisions["override"].explanation))
        self.assertEqual(decisions["override"].user_id, self.users["supervisor"])

    def test_a_full_day(self):
        """S8.11: who has as many orders as he takes comes last and needs a reason."""
        self.env["jinxing.policy.value"].create(
            {
                "parameter_id": self.env.ref("jinxing_repair.policy_technician_day_capacity").id,
                "date_from": self.today,
                "value": "1",
            }
        )
        self.dealer.is_dealer = False  # so that the factory is the provider of the rule
        first, second = self.approved(), self.approved()
        clerk = self.users["clerk"]
        first.with_user(clerk).action_assign(technician_id=self.technician.id)
        with self.assertRaisesRegex(UserError, "has 1 orders"):
            second.with_user(clerk).action_assign(technician_id=self.technician.id)
        line = self.wizard(second).line_ids.filtered(
            lambda x: x.technician_id == self.technician
        )
        self.assertEqual((line.allowed, line.load), (False, 1))
        second.with_user(clerk).action_assign(technician_id=self.technician.id, reason="Same road")

    def test_nearer_first(self):
        """S8.11: same city, then same region, then fewer orders, then fewer kilometres."""
        region = self.env["jinxing.region"].create({"name": "R", "code": "T9"})
        near, far = self.env["res.partner"].create(
            [
                {
                    "name": name, "is_technician": True, "region_id": region.id,
                    "partner_latitude": latitude, "partner_longitude": 104.4,
                }
                for name, latitude in (("Near", 31.2), ("Far", 31.9))
            ]
        )
        for person in near + far:
            self.env["jinxing.certification"].create(
                {
                    "partner_id": person.id, "grade": 5, "date_award": self.today,
                    "examiner_id": self.external.id, "score_written": 90, "score_practical": 90,
                }
            ).action_award()
        order = self.approved()
        order.write({"region_id": region.id, "latitude": 31.1, "longitude": 104.4})
        lines = self.wizard(order).line_ids
        self.assertEqual(lines[:3].technician_id.ids, [near.id, far.id, self.technician.id])
        self.assertAlmostEqual(lines[0].distance_km, 11.1, 1)
        self.assertEqual(lines.mapped("near")[:3], ["1", "1", "2"])

    def test_several_at_once(self):
        """S8.2: one choice for several orders, all or none."""
        orders = self.approved() + self.approved(self.other_machine)
        wizard = self.wizard(orders)
        self.assertFalse(wizard.default_provider_id, "two sellers")
        wizard.reason = "One trip for both"
        wizard.line_ids[:1].action_choose()
        self.assertEqual(orders.technician_id, self.technician)
        orders[0].with_user(self.users["technician"]).action_accept()
        self.packed(orders[0])
        orders[0].with_user(self.users["technician"]).action_arrive()
        with self.assertRaisesRegex(UserError, orders[0].name):
            orders.with_user(self.users["clerk"]).action_assign(
                technician_id=self.technician.id, reason="Again"
            )

    def test_roles(self):
        """S8.2: technicians, dealers and customers assign nothing."""
        order = self.approved()
        for role in ("technician", "dealer", "farmer", "parts_keeper", "finance", "nobody"):
            with self.subTest(role=role), self.assertRaises(Exception) as caught:
                order.with_user(self.users[role]).action_assign(
                    technician_id=self.technician.id, reason="x"
                )
            self.assertEqual(type(caught.exception).__name__, "AccessError")

    def test_parts_come_from_the_new_van(self):
        """S8.3: after reassigning the planned parts come from the other man's van."""
        order = self.approved()
        clerk = order.with_user(self.users["supervisor"])
        clerk.action_assign(technician_id=self.technician.id, reason="x")
        self.add_faults(order)
        self.assertEqual(order.move_ids.location_id, self.van)
        other = self.env["stock.location"].create(
            {"name": "Van 2", "usage": "internal", "location_id": self.van.location_id.id}
        )
        self.novice.parts_location_id = other
        clerk.action_assign(technician_id=self.novice.id, reason="Swap")
        self.assertEqual(order.move_ids.location_id, other)


@tagged("post_install", "-at_install")
class TestRoster(RepairCase):
    """Who is on duty when farmers call at night (S8.11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.roster = cls.env["jinxing.duty.roster"]

    def duty(self, person, hours_before=1, hours_after=8, **values):
        return self.roster.create(
            {
                "technician_id": person.id,
                "date_from": self.now - timedelta(hours=hours_before),
                "date_to": self.now + timedelta(hours=hours_after),
                **values,
            }
        )

    def test_on_duty_first(self):
        """S8.11: with a roster kept, who is off duty is proposed last and needs a reason."""
        order = self.approved()
        self.assertIsNone(self.roster._on_duty(self.now, order.region_id, self.company))
        self.duty(self.station_man)
        [first, *_rest] = order._rank_technicians()
        self.assertNotEqual(first.key, self.technician.id)
        self.dealer.is_dealer = False
        order._decide_provider()
        clerk = order.with_user(self.users["clerk"])
        with self.assertRaisesRegex(UserError, "off duty"):
            clerk.action_assign(technician_id=self.technician.id)
        clerk.action_assign(technician_id=self.technician.id, reason="He lives next door")

    def test_until_is_no_longer_part(self):
        """S8.11: at the end of the duty the next one is on."""
        duty = self.duty(self.technician)
        on_duty = self.roster._on_duty
        nowhere = self.env["jinxing.region"]
        second = timedelta(seconds=1)
        self.assertEqual(on_duty(duty.date_to - second, nowhere, self.company),
                         {self.technician.id})
        self.assertIsNone(on_duty(duty.date_to, nowhere, self.company))
        self.assertIsNone(on_duty(duty.date_from - second, nowhere, self.company))

    def test_regions(self):
        """S8.11: a duty for a region counts there and within it, not elsewhere."""
        regions = self.env["jinxing.region"]
        home = regions.create({"name": "Home", "code": "T1"})
        inside = regions.create({"name": "Inside", "code": "T2", "parent_id": home.id})
        away = regions.create({"name": "Away", "code": "T3"})
        self.duty(self.technician, region_id=home.id)
        for region, expected in ((home, True), (inside, True), (away, None)):
            found = self.roster._on_duty(self.now, region, self.company)
            self.assertEqual(found and bool(found), expected, region.name)

    def test_bad_input(self):
        """S8.11: it ends after it begins, for a technician, and nobody has two at once."""
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.duty(self.technician, hours_after=-2)
        with self.assertRaisesRegex(ValidationError, "no technician"):
            self.duty(self.farmer)
        self.duty(self.technician)
        with self.assertRaisesRegex(ValidationError, "another duty"):
            self.duty(self.technician, hours_before=0, kind="standby")
        self.duty(self.technician, hours_before=-8, hours_after=12)
