from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, tagged

from .common import DAY, BaseData


@tagged("post_install", "-at_install")
class TestHome(BaseData, TransactionCase):
    """G3.3: service, parts, information and training on one screen of the role."""

    def home(self, role):
        return self.env["jinxing.home"].with_user(self.users[role])

    def tiles(self, role):
        return {
            tile["key"]: tile for room in self.home(role).get_home()["rooms"]
            for tile in room["tiles"]
        }

    def test_each_tile_opens_with_its_filters(self):
        """G3.3: what counts is what the list opens with, for each role."""
        for role in ("technician", "parts_keeper", "clerk", "supervisor", "manager"):
            home = self.home(role)
            for key, tile in self.tiles(role).items():
                with self.subTest(role=role, tile=key):
                    action = home.open_tile(key)
                    self.assertEqual(action["type"], "ir.actions.act_window")
                    filters = [name for name in action["context"] if "search_default" in name]
                    self.assertEqual(
                        sorted(filters), sorted(f"search_default_{f}" for f in key.split(":")[1:])
                    )
                    self.assertEqual(bool(tile["hint"]), bool(filters))

    def test_counts(self):
        """G3.3: a bulletin of today is counted and listed, one of tomorrow not listed."""
        key = "jinxing_base.jinxing_bulletin_action"
        before = self.tiles("clerk")[key]["count"]
        self.env["jinxing.bulletin"].create(
            [{"name": "Knives", "date": self.today}, {"name": "Later", "date": self.today + DAY}]
        )
        home = self.home("clerk").get_home()
        self.assertEqual(self.tiles("clerk")[key]["count"], before + 2)
        names = [bulletin["name"] for bulletin in home["bulletins"]]
        self.assertIn("Knives", names)
        self.assertNotIn("Later", names)

    def test_rooms_in_order(self):
        """G3.3: the rooms have their order; the handbook is in every home."""
        order = ["service", "parts", "information", "training"]
        for role in ("technician", "manager"):
            rooms = [room["key"] for room in self.home(role).get_home()["rooms"]]
            self.assertEqual(rooms, [room for room in order if room in rooms])
            self.assertIn("information", rooms)

    def test_refused(self):
        """Nobody opens a tile that is not his, whatever he asks for."""
        with self.assertRaises(UserError):
            self.home("technician").open_tile("base.action_res_users")
        with self.assertRaises(UserError):
            self.home("nobody").open_tile("jinxing_base.jinxing_clause_action:x")
        for role in ("portal", "public"):
            with self.assertRaises(AccessError):
                self.home(role).get_home()

    def test_queries(self):
        """Once the views are known, a home costs a query or two for each tile, not for records."""
        home = self.home("manager")
        home.get_home()
        count = sum(len(room["tiles"]) for room in home.get_home()["rooms"])
        self.env["jinxing.bulletin"].create(
            [{"name": f"B{number}", "date": self.today} for number in range(50)]
        )
        self.env.flush_all()
        with self.assertQueryCount(3 * count + 5):
            home.get_home()


@tagged("post_install", "-at_install")
class TestHomeTour(BaseData, HttpCase):
    """The first screen in a browser."""

    def test_home(self):
        """G3.3: the application opens on it; a tile opens its list, a bulletin its text."""
        self.env["jinxing.bulletin"].create({"name": "Sharpen knives", "date": self.today})
        self.start_tour("/odoo", "jinxing_base_home", login="b_clerk")
