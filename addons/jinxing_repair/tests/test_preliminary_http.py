import uuid

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import RepairCase
from .common_onsite import OnsiteData
from .test_onsite_http import OnsiteHttpCase


@tagged("post_install", "-at_install")
class TestPreliminaryOnPhone(OnsiteHttpCase):
    """S8.2: the technician confirms or changes the proposal on his phone."""

    def shown(self, order):
        return self.call(f"/my/jobs/{order.id}/data")["job"]["preliminary"]

    def test_proposal_confirmed(self):
        """S8.2: shown with its why, confirmed with what was shown, once."""
        order = self.given(fault_description="gearbox housing leaks")
        shown = self.shown(order)
        self.assertEqual((shown["done"], shown["component"]), (False, self.housing.name))
        self.assertIn("gearbox housing", shown["why"])
        self.assertTrue(shown["advice"] and shown["open"])
        self.assertFalse(order.preliminary_ids, "looking at it on the phone writes nothing")
        answer = self.send(order, "assess", {"contacted": True, "severity": "still"},
                           {"preliminary_id": False})
        self.assertEqual(answer["status"], "done", answer)
        self.assertTrue(answer["job"]["preliminary"]["done"])
        self.assertTrue(order.contacted_at and order.preliminary_at)
        record = order.preliminary_id
        self.assertEqual((record.user_id, record.severity), (self.users["technician"], "still"))

    def test_sent_twice_counts_once(self):
        """S8.2: the phone sends again what it is not sure of."""
        order = self.given()
        request = str(uuid.uuid4())
        for repeated in (None, True):
            answer = self.call(
                "/my/jobs/change", order_id=order.id, request_id=request, operation="assess",
                values={}, base={"preliminary_id": False},
            )
            self.assertEqual((answer["status"], answer.get("repeated") or None),
                             ("done", repeated))
        self.assertEqual(len(order.preliminary_ids.filtered("user_id")), 1)

    def test_somebody_else_has_assessed(self):
        """S8.2: an assessment of the office is shown, not taken the place of unseen."""
        order = self.given()
        order.with_user(self.users["clerk"]).action_assess_preliminary({"severity": "can_wait"})
        clerks = order.preliminary_id
        answer = self.send(order, "assess", {"severity": "still"}, {"preliminary_id": False})
        self.assertEqual(answer["status"], "conflict")
        self.assertIn("Can wait", answer["fields"][0]["theirs"])
        self.assertEqual(order.preliminary_id, clerks)
        answer = self.send(order, "assess", {"severity": "still"}, {"preliminary_id": clerks.id})
        self.assertEqual((answer["status"], order.preliminary_id.severity), ("done", "still"))
        answer = self.send(order, "assess", {"severity": "still"})
        self.assertEqual(answer["status"], "refused")

    def test_bad_values(self):
        """S8.2: what a phone sends is checked like anybody's."""
        order = self.given()
        for values in ({"severity": "bad"}, {"category_id": "x"}, {"parts": [[1, "y"]]},
                       {"cover": "free"}, {"hours": -1}, {"visit_at": "never"}):
            answer = self.send(order, "assess", values, {"preliminary_id": False})
            self.assertEqual(answer["status"], "refused", values)
        self.assertFalse(order.preliminary_id)

    def test_solved_on_the_phone(self):
        """S8.2, N9, S8.9: told to the supervisor; the order is not closed by it."""
        order = self.given()
        answer = self.send(
            order, "assess",
            {"contacted": True, "way": "phone", "solved": True, "advice": "Tighten it"},
            {"preliminary_id": False},
        )
        self.assertEqual(answer["status"], "done", answer)
        self.assertTrue(order.solved_at)
        self.assertIn(order.service_state, ("assigned", "accepted", "contacted"))
        self.assertTrue(order.activity_ids)

    def test_stations_man(self):
        """S8.2: a station's man assesses his own order through the portal."""
        order = self.given("station_man", category_ids=[(6, 0, self.electrical_category.ids)])
        self.sign_in("station_man")
        self.assertTrue(self.shown(order))
        answer = self.send(order, "assess", {}, {"preliminary_id": False})
        self.assertEqual(answer["status"], "done", answer)
        self.assertEqual(order.preliminary_id.user_id, self.users["station_man"])

    @mute_logger("odoo.http")
    def test_foreign_order(self):
        """S8.2: another's order takes no assessment and shows none."""
        order = self.given("station_man")
        order.with_user(self.users["clerk"]).action_assess_preliminary()
        record = order.preliminary_id
        for user in ("technician", "station", "dealer", "other_farmer", "nobody"):
            with self.subTest(user):
                self.sign_in(user)
                answer = self.send(order, "assess", {}, {"preliminary_id": record.id})
                self.assertEqual((answer["status"], answer["job"]), ("gone", None))
                self.assertIsNone(self.call(f"/my/jobs/{order.id}/data")["job"])
        self.assertEqual(order.preliminary_id, record)

    @mute_logger("odoo.http")
    def test_without_login_and_forged(self):
        """S8.2: no session, no assessment; a form posted from elsewhere is none either."""
        order = self.given()
        forged = self.url_open(
            "/my/jobs/change", data={"order_id": order.id, "operation": "assess"}
        )
        self.assertGreaterEqual(forged.status_code, 400)
        self.sign_in(None)
        answer = self.send(order, "assess", {}, {"preliminary_id": False})
        self.assertNotEqual(answer.get("status"), "done")
        self.assertFalse(order.preliminary_id)


@tagged("post_install", "-at_install")
class TestPreliminaryWhose(OnsiteData, RepairCase):
    """S8.2: assessments follow their order: own ones, one's provider's, all of the company."""

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_who_sees_it(self):
        own = self.given()
        theirs = self.given("station_man", machine=self.other_machine)
        for order in (own, theirs):
            order.with_user(self.users["clerk"]).action_assess_preliminary(
                {"parts": [[self.part_battery.id, 1]]}
            )
        records = own.preliminary_id, theirs.preliminary_id
        other = self.env["res.company"].create({"name": "Other"})
        self.users["stranger"] = new_test_user(
            self.env, "p_stranger", groups="base.group_user,jinxing_base.group_manager",
            company_id=other.id, company_ids=[(6, 0, other.ids)],
        )
        expected = {
            "technician": (True, False), "station_man": (False, True), "station": (False, True),
            "clerk": (True, True), "supervisor": (True, True), "manager": (True, True),
            "parts_keeper": (True, True), "dealer": (False, False), "farmer": (False, False),
            "other_farmer": (False, False), "stranger": (False, False),
        }
        for role, seen in expected.items():
            for record, visible in zip(records, seen, strict=True):
                for one in (record, record.part_ids):
                    mine = one.with_user(self.users[role])
                    with self.subTest(role, model=one._name):
                        self.assertEqual(bool(mine.search([("id", "=", one.id)])), visible)
                        if not visible:
                            with self.assertRaises(AccessError):
                                mine.read(["display_name"])
        for role in ("nobody", "finance"):
            with self.subTest(role), self.assertRaises(AccessError):
                records[0].with_user(self.users[role]).read(["severity"])
