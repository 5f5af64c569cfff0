from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import BaseCase


@tagged("post_install", "-at_install")
class TestRegion(BaseCase):
    """A3: regions, where a contact belongs, and which parts centre supplies it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["jinxing.region"]
        country = cls.env["res.country"].create({"name": "Farmland", "code": "Q9"})
        cls.plain, cls.hills = cls.env["res.country.state"].create(
            [
                {"name": "Plain", "code": "P", "country_id": country.id},
                {"name": "Hills", "code": "H", "country_id": country.id},
            ]
        )
        cls.city = cls.env["res.city"].create(
            {"name": "Rice City", "state_id": cls.plain.id, "country_id": country.id}
        )
        cls.centre = cls.partner("Centre", is_parts_centre=True)
        cls.great = cls.model.create(
            {
                "name": "Great",
                "state_ids": [Command.set(cls.plain.ids)],
                "centre_id": cls.centre.id,
            }
        )
        cls.north = cls.model.create(
            {
                "name": "North",
                "parent_id": cls.great.id,
                "city_ids": [Command.set(cls.city.ids)],
            }
        )

    def find(self, **values):
        return self.model._find_for(self.partner("Farmer", **values))

    def test_own_region_first(self):
        """A3: the region written at the contact goes before its address."""
        own = self.model.create({"name": "Own"})
        self.assertEqual(self.find(region_id=own.id, city_id=self.city.id), own)

    def test_city_before_province(self):
        """A3: by city, else by province, else none."""
        place = {"state_id": self.plain.id}
        self.assertEqual(self.find(city_id=self.city.id, **place), self.north)
        self.assertEqual(self.find(**place), self.great)
        self.assertFalse(self.find(state_id=self.hills.id))
        self.assertFalse(self.find())

    def test_person_of_a_dealer(self):
        """A3: a person belongs where his company does, another address where it lies."""
        own = self.model.create({"name": "Own"})
        dealer = self.partner("Dealer", is_dealer=True, region_id=own.id)
        person, branch, store = self.env["res.partner"].create(
            [
                {"name": "Li", "parent_id": dealer.id},
                {
                    "name": "Branch",
                    "parent_id": dealer.id,
                    "type": "delivery",
                    "state_id": self.plain.id,
                },
                {"name": "Store", "parent_id": dealer.id, "type": "other"},
            ]
        )
        self.assertEqual(self.model._find_for(person), own)
        self.assertEqual(self.model._find_for(branch), self.great)
        self.assertEqual(self.model._find_for(store), own)

    def test_archived_region_not_found(self):
        """A3: an archived region takes no more contacts in by address."""
        self.north.active = False
        self.assertEqual(self.find(city_id=self.city.id, state_id=self.plain.id), self.great)

    def test_centre_of_the_next_above(self):
        """A3: requisitions go to the region's own centre, else to the next above."""
        self.assertEqual(self.north._centre(), self.centre)
        own = self.partner("North centre", is_parts_centre=True)
        self.north.centre_id = own
        self.assertEqual(self.north._centre(), own)
        self.assertFalse(self.model.create({"name": "Lone"})._centre())
        self.assertFalse(self.model._centre())

    def test_centre_is_a_parts_centre(self):
        """A3: only a parts centre supplies a region, and it stays one while it does."""
        with self.assertRaises(ValidationError):
            self.north.centre_id = self.partner("Shop")
        with self.assertRaises(ValidationError):
            self.centre.is_parts_centre = False
        self.great.centre_id = False
        self.centre.is_parts_centre = False

    def test_no_cycle(self):
        """A3: a region cannot lie within itself, however far round."""
        for parent in (self.north, self.great):
            with self.assertRaises(UserError):
                self.great.parent_id = parent
