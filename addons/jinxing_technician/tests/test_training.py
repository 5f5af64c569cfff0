from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DAY, TechnicianCase


@tagged("post_install", "-at_install")
class TestTraining(TechnicianCase):
    def test_s7_passed_training_qualifies_from_its_last_day(self):
        """S7: who passed may work, without limit unless the policy sets one."""
        training = self.training(self.li, on=date(2025, 5, 6))
        self.assertFalse(self.li._technician_qualified())
        training.action_done()
        line = training.line_ids
        self.assertEqual((line.qualified_from, line.qualified_to), (date(2025, 5, 6), False))
        self.assertFalse(self.li._technician_qualified(date(2025, 5, 5)))
        self.assertEqual(self.li._technician_qualified(date(2025, 5, 6)), self.li)
        self.assertEqual(self.li._technician_trained(), {self.li.id})
        self.assertTrue(self.li.is_technician)
        self.assertEqual(training.decision_ids.kind, "trainer")

    def test_t5_training_of_customers(self):
        """T5, S7: a five-star technician trains customers; it makes nobody a technician."""
        training = self.training(self.li, on=date(2025, 5, 6))
        training.audience = "customer"
        training.action_done()
        self.assertEqual(training.state, "done")
        self.assertTrue(training.line_ids.attended and training.line_ids.passed)
        self.assertFalse(training.line_ids.qualified_from)
        self.assertFalse(self.li._technician_qualified(date(2025, 5, 7)))
        self.assertFalse(self.li.is_technician)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            training.audience = "technician"

    def test_s7_training_of_a_stations_man(self):
        """S7, G1.1: stations send their people; whose they are shows in the list."""
        station = self.env["res.partner"].create(
            {"name": "Station", "is_company": True, "is_service_station": True}
        )
        self.li.parent_id = station
        training = self.training(self.li, on=date(2025, 5, 6))
        training.action_done()
        self.assertEqual(training.line_ids.station_id, station)
        self.assertEqual(self.li._technician_qualified(date(2025, 5, 7)), self.li)

    def test_s7_validity_by_policy(self):
        """S7: a training may be given an end."""
        self.env.ref("jinxing_technician.policy_value_training_validity_months").value = "36"
        training = self.training(self.li, on=date(2024, 2, 29))
        training.action_done()
        self.assertEqual(training.line_ids.qualified_to, date(2027, 2, 28))

    def test_s7_failed_or_absent_does_not_qualify(self):
        """S7: attendance alone is not enough."""
        self.training(self.li, passed=False).action_done()
        self.assertFalse(self.li._technician_qualified())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.training(self.zhang).line_ids.attended = False
            self.env.flush_all()

    def test_t5_trainer_refused(self):
        """T5: five stars and external persons train; a manager only examines; nobody himself."""
        self.award(self.zhao, 4)
        training = self.training(self.li, trainer=self.zhao)
        self.assertFalse(training.trainer_kind)
        with self.assertRaisesRegex(UserError, "trainer"):
            training.action_done()
        training.trainer_kind = "five_star"
        with self.assertRaisesRegex(UserError, "five stars"):
            training.action_done()
        own = self.training(self.external, self.li)
        with self.assertRaisesRegex(UserError, "himself"):
            own.action_done()
        by_manager = self.training(self.li, trainer=self.users["manager"].partner_id)
        self.assertFalse(by_manager.trainer_kind)

    def test_s7_a_held_training_stays(self):
        """S7: results are neither edited nor deleted afterwards."""
        training = self.training(self.li)
        training.action_done()
        for change in (
            lambda: training.write({"date_end": self.today - DAY}),
            lambda: training.line_ids.write({"passed": False}),
            lambda: training.line_ids.unlink(),
            lambda: training.unlink(),
            lambda: training.action_cancel(),
            lambda: self.env["jinxing.training.line"].create(
                {"training_id": training.id, "partner_id": self.zhang.id}
            ),
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(UserError):
            training.with_user(self.users["manager"]).state = "draft"

    def test_s7_not_over_or_nobody_there(self):
        """S7: a training is closed when it is over and somebody attended."""
        with self.assertRaisesRegex(UserError, "not over"):
            self.training(self.li, on=self.today + DAY).action_done()
        with self.assertRaisesRegex(UserError, "nobody"):
            self.training().action_done()
        planned = self.training(self.li, on=self.today + DAY)
        planned.action_cancel()
        self.assertEqual(planned.state, "cancelled")

    def test_s7_certificate_of_the_post(self):
        """S7: a certificate of the post does as well, on its days."""
        certificate = self.env["jinxing.post.certificate"].create(
            {
                "name": "Repairer",
                "partner_id": self.li.id,
                "issuer": "Province",
                "date_issue": self.today - DAY,
                "date_expiry": self.today,
            }
        )
        self.assertTrue(self.li.is_technician)
        self.assertEqual(self.li._technician_qualified(), self.li)
        self.assertFalse(self.li._technician_qualified(self.today + DAY))
        certificate.active = False
        self.assertFalse(self.li._technician_qualified())

    def test_s7_attendance_sheet(self):
        """S7: named beforehand with lines to sign and free ones; afterwards who came and passed."""
        training = self.training(self.li, on=date(2025, 5, 6))
        self.li.phone = "13980123456"
        absent = self.env["res.partner"].create({"name": "Sun Li"})
        training.line_ids = [Command.create({"partner_id": absent.id})]
        html = self.sheet(training)
        for text in (training.name, self.li.name, "Sun Li", "13980123456"):
            self.assertIn(text, html)
        self.assertEqual(html.count('class="line free"'), 8)
        self.assertIn(">10<", html)
        training.action_done()
        html = self.sheet(training)
        self.assertNotIn('class="line free"', html)
        self.assertEqual((html.count("√"), html.count("×")), (2, 2))

    def sheet(self, training):
        """Return the attendance sheet as the supervisor sees it."""
        reports = self.env["ir.actions.report"].with_user(self.users["supervisor"])
        return reports._render_qweb_html(
            "jinxing_technician.report_training", training.ids
        )[0].decode()
