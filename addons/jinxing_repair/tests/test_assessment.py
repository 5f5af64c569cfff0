from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SIGNATURE
from .test_clock import HOUR, SECOND, ClockCase


@tagged("post_install", "-at_install")
class TestAssessment(ClockCase):
    """S8.9: the time mark is computed against what was due, the quality scored; both stored."""

    def handed_in(self, contact=SECOND, arrive=HOUR, promise=None, finish=2 * HOUR):
        """An order handed in whose steps came so long after its approval."""
        order = self.given()
        self.packed(order)
        for step, after in (("action_contact", contact), ("action_arrive", arrive)):
            with freeze_time(self.start + after):
                getattr(self.act(order), step)()
        if promise:
            with freeze_time(self.start + arrive):
                self.act(order).action_promise(self.start + promise)
        with freeze_time(self.start + finish):
            self.env["jinxing.repair.fault"].create(
                {"order_id": order.id, "component_id": self.housing.id}
            )
            self.complete(order)
            worker = self.act(order)
            worker.action_finish()
            worker.action_sign(SIGNATURE, "Zhang Defu")
            worker.action_hand_in()
        return order

    def close(self, order, score=5):
        self.act(order, "supervisor").action_close(score)
        return self.decision(order, "assessment")

    def test_all_in_time(self):
        """S8.9: everything in time to the second gets the full mark."""
        order = self.handed_in(
            contact=timedelta(minutes=10), arrive=24 * HOUR, promise=25 * HOUR, finish=25 * HOUR
        )
        decision = self.close(order)
        self.assertEqual((order.time_mark, order.assessment), (5, "satisfactory"))
        self.assertEqual(decision.clause_codes, ["S8.9"])
        self.assertIn("Time: 5 of 5", decision.explanation)

    def test_each_hour_begun_takes_off(self):
        """S8.9, S8.2, N5: a second late is an hour begun; each clause missed is named."""
        order = self.handed_in(
            contact=timedelta(minutes=10) + SECOND, promise=2 * HOUR, finish=4 * HOUR
        )
        decision = self.close(order)
        self.assertEqual(order.time_mark, 5 - 0.5 - 2 * 0.5)
        self.assertEqual(decision.clause_codes, ["S8.9", "S8.2", "N5"])
        late = self.handed_in(arrive=30 * HOUR, finish=31 * HOUR)
        self.close(late)
        self.assertEqual((late.time_mark, late.assessment), (2, "too_late"))

    def test_poor_quality(self):
        """S8.9: a score below the one to reach is not satisfactory, late or not."""
        order = self.handed_in()
        self.close(order, 2)
        self.assertEqual((order.quality_score, order.assessment), (2, "too_poor"))
        late = self.handed_in(arrive=30 * HOUR, finish=31 * HOUR)
        self.close(late, 2)
        self.assertEqual(late.assessment, "both_lacking")

    def test_score_off_the_scale(self):
        """S8.9: a score the policy does not know closes nothing."""
        order = self.handed_in()
        for score in (6, -1):
            with self.subTest(score), self.assertRaisesRegex(UserError, "not between 1 and 5"):
                self.close(order, score)
        self.assertEqual(order.service_state, "handed_in")
        self.assertEqual(
            self.act(order, "supervisor").action_close()["res_model"], "jinxing.repair.assess"
        )
        for vals in ({"time_mark": 5}, {"assessment": "satisfactory"}):
            with self.assertRaises(UserError):
                self.act(order, "manager").write(vals)
