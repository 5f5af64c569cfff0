from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import BaseCase

DAY_BEFORE, FIRST, LAST, DAY_AFTER = (
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 12, 31),
    date(2027, 1, 1),
)


@tagged("post_install", "-at_install")
class TestPartner(BaseCase):
    """G1.1, G3.1, A3: dealers, service stations and parts centres."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.station = cls.partner("Station", is_service_station=True)
        cls.dealer = cls.partner("Dealer", is_dealer=True)
        cls.year = {"contract_start": FIRST, "contract_end": LAST}

    def test_contract_days_included(self):
        """G1.1: a contract holds on its first and on its last day."""
        self.dealer.write(self.year)
        in_force = {
            day: bool(self.dealer._under_contract(day))
            for day in (DAY_BEFORE, FIRST, LAST, DAY_AFTER)
        }
        self.assertEqual(
            in_force, {DAY_BEFORE: False, FIRST: True, LAST: True, DAY_AFTER: False}
        )

    def test_contract_open_ended(self):
        """G1.1: without dates a contract has no limits on that side."""
        self.assertTrue(self.dealer._under_contract(DAY_BEFORE))
        self.dealer.contract_start = FIRST
        self.assertFalse(self.dealer._under_contract(DAY_BEFORE))
        self.assertTrue(self.dealer._under_contract(DAY_AFTER))
        both = self.dealer | self.station
        self.assertEqual(both._under_contract(DAY_BEFORE), self.station)

    def test_contract_dates_ordered(self):
        """G1.1: a contract cannot end before it begins."""
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.dealer.write({"contract_start": LAST, "contract_end": FIRST})
            self.env.flush_all()

    def test_who_sells_serves(self):
        """G3.1: by default the dealer who sold the machine repairs it."""
        self.assertEqual(self.dealer._default_provider(FIRST), self.dealer)

    def test_appointed_station_serves(self):
        """G3.1: his appointed station repairs when he named one."""
        self.dealer.appointed_station_id = self.station
        self.assertEqual(self.dealer._default_provider(FIRST), self.station)

    def test_station_out_of_contract(self):
        """G3.1: the dealer stays in duty when his station has no contract any more."""
        self.dealer.appointed_station_id = self.station
        self.station.write(self.year)
        self.assertEqual(self.dealer._default_provider(LAST), self.station)
        self.assertEqual(self.dealer._default_provider(DAY_AFTER), self.dealer)
        self.station.active = False
        self.assertEqual(self.dealer._default_provider(LAST), self.dealer)

    def test_nobody_under_contract(self):
        """G3.1: the factory serves when neither has a contract, or it sold itself."""
        self.dealer.appointed_station_id = self.station
        (self.dealer | self.station).write(self.year)
        self.assertFalse(self.dealer._default_provider(DAY_AFTER))
        self.assertFalse(self.partner("Farmer")._default_provider(FIRST))

    def test_portal_user_acts_for_his_company(self):
        """G1.1: a dealer's man acts for the dealer."""
        man = self.env["res.partner"].create({"name": "Li", "parent_id": self.dealer.id})
        self.assertEqual(man._jinxing_portal_partner(), self.dealer)

    def test_appointed_station_is_a_station(self):
        """G1.1: only a contracted service station can be appointed, and it stays one."""
        with self.assertRaises(ValidationError):
            self.dealer.appointed_station_id = self.partner("Shop")
        self.dealer.appointed_station_id = self.station
        with self.assertRaisesRegex(ValidationError, "Station"):
            self.station.is_service_station = False
        self.dealer.appointed_station_id = False
        self.station.is_service_station = False

    def test_parent_centre_is_a_centre(self):
        """A3: parts come from a parts centre, which stays one while it supplies others."""
        centre = self.partner("Centre", is_parts_centre=True)
        with self.assertRaises(ValidationError):
            self.station.parent_centre_id = self.dealer
        self.station.parent_centre_id = centre
        with self.assertRaises(ValidationError):
            centre.is_parts_centre = False

    def test_centres_in_no_circle(self):
        """A3: a parts centre cannot be supplied by itself, however far round."""
        first, second = self.partner("A", is_parts_centre=True), self.partner(
            "B", is_parts_centre=True
        )
        second.parent_centre_id = first
        with self.assertRaises(ValidationError):
            first.parent_centre_id = second
        with self.assertRaises(ValidationError):
            first.parent_centre_id = first

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_portal_user_cannot_make_himself_a_dealer(self):
        """G1.1: roles are given by the company."""
        me = self.users["portal"].partner_id.with_user(self.users["portal"])
        with self.assertRaises(AccessError):
            me.is_dealer = True

    @mute_logger("odoo.domains")  # a counter of the base searches below an unsaved contact
    def test_form_shows_the_roles_to_the_service(self):
        """G1.1: a manager sets roles, region and contract on the contact's form."""
        manager = self.users["manager"]
        with Form(self.env["res.partner"].with_user(manager)) as form:
            form.name = "New dealer"
            form.is_dealer = True
            form.appointed_station_id = self.station
            form.contract_start = FIRST
        self.assertEqual(form.record._default_provider(LAST), self.station)


@tagged("post_install", "-at_install")
class TestOwnLanguage(BaseCase):
    """Names everybody reads alike are in the company's language."""

    def test_language(self):
        """Chinese unless the company has chosen otherwise; never one that is not installed."""
        self.chinese()
        company = self.env["res.company"].create({"name": "Third factory"})
        for chosen, used in ((False, "zh_CN"), ("en_US", "zh_CN"), ("zh_CN", "zh_CN")):
            company.partner_id.lang = chosen
            self.assertEqual(company._in_own_language().env.lang, used)
