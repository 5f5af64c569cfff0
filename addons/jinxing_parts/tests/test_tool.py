from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import PartsCase


@tagged("post_install", "-at_install")
class TestTool(PartsCase):
    """Tools in personal custody (B24)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["hr"] = new_test_user(
            cls.env, "p_hr", groups="base.group_user,hr.group_hr_manager"
        )
        cls.liu, cls.chen = cls.env["hr.employee"].create([{"name": "Liu"}, {"name": "Chen"}])
        cls.man = cls.technician.employee_ids
        cls.tester, cls.wrench = cls.env["maintenance.equipment"].create(
            [
                {
                    "name": name,
                    "serial_no": serial,
                    "cost": 3600,
                    "effective_date": cls.day - relativedelta(months=12),
                }
                for name, serial in (("Hydraulic tester", "HT-1"), ("Torque wrench", "TW-1"))
            ]
        )

    def issue(self, tool=None, employee=None, user="parts_keeper", **values):
        return self.env["jinxing.tool.custody"].with_user(self.users[user]).create(
            {
                "equipment_id": (tool or self.tester).id,
                "employee_id": (employee or self.liu).id,
                "condition_out": "New",
                **values,
            }
        )

    def test_b24_issued_and_returned(self):
        custody = self.issue()
        self.assertEqual((custody.state, custody.issued_on), ("held", self.day))
        self.assertEqual(self.tester.employee_id, self.liu)
        self.assertTrue(self.tester.is_in_custody)
        self.assertEqual(self.liu.tool_count, 1)
        action = custody.action_return()
        self.assertEqual(action["res_model"], "jinxing.tool.step")
        custody.action_return("Good")
        self.assertEqual((custody.state, custody.condition_in), ("returned", "Good"))
        self.assertFalse(self.tester.employee_id)
        with self.assertRaisesRegex(UserError, "not held"):
            custody.action_return("Good")

    @mute_logger("odoo.sql_db")
    def test_b24_one_holder_at_a_time(self):
        self.issue()
        with self.assertRaises(IntegrityError):
            self.issue(employee=self.chen)
        with self.assertRaisesRegex(UserError, "condition"):
            self.issue(self.wrench, condition_out=" ")

    def test_b24_handed_over(self):
        custody = self.issue()
        with self.assertRaisesRegex(UserError, "already"):
            custody.action_hand_over(self.liu.id, "Good")
        custody.action_hand_over(self.chen.id, "Scratched")
        following = custody.next_id
        self.assertEqual((custody.state, following.state), ("handed_over", "held"))
        self.assertEqual(following.employee_id, self.chen)
        self.assertEqual(following.condition_out, "Scratched")
        self.assertEqual(following.previous_id, custody)
        self.assertEqual(self.tester.employee_id, self.chen)

    def test_b24_a_loss_is_paid_and_shown_to_hr(self):
        custody = self.issue()
        self.assertEqual(custody.action_lost()["res_model"], "jinxing.tool.step")
        custody.action_lost("Left at the farm")
        self.assertEqual((custody.state, custody.compensation), ("lost", 2400))
        liability = custody.sudo().liability_id
        self.assertEqual((liability.employee_id, liability.amount), (self.liu, 2400))
        self.assertEqual(liability.state, "draft")
        decision = custody.sudo().decision_ids
        self.assertEqual((decision.outcome, decision.clause_codes), ("compensate", ["B24"]))
        self.assertEqual(self.tester.scrap_date, self.day)
        with self.assertRaisesRegex(UserError, "written off"):
            self.issue()

    def test_b24_a_damage_costs_its_repair(self):
        custody = self.issue()
        custody.write({"repairable": True, "repair_cost": 500})
        custody.action_damaged("Dropped")
        self.assertEqual((custody.state, custody.compensation), ("damaged", 500))
        self.assertFalse(self.tester.scrap_date)

    def test_b24_normal_wear_is_written_off_for_nothing(self):
        self.tester.effective_date = self.day - relativedelta(months=30)
        custody = self.issue()
        custody.action_worn("Scale unreadable")
        self.assertEqual((custody.state, custody.compensation), ("worn", 0))
        self.assertFalse(custody.sudo().liability_id)
        self.assertTrue(self.tester.scrap_date)

    def test_b24_wear_too_early_needs_a_supervisors_word(self):
        early = self.issue()
        early.action_worn("Scale unreadable")
        self.assertEqual(early.compensation, 2400)
        other = self.issue(self.wrench)
        other.with_user(self.users["supervisor"]).action_worn("Used day and night in harvest")
        self.assertEqual(other.compensation, 0)

    def test_b24_a_tool_has_its_own_life(self):
        self.tester.life_months = 24
        custody = self.issue()
        custody.action_lost("Stolen")
        self.assertEqual(custody.compensation, 1800)

    def test_b24_departure_warns_and_lists(self):
        custody = self.issue()
        self.issue(self.wrench)
        wizard = (
            self.env["hr.departure.wizard"]
            .with_user(self.users["hr"])
            .with_context(active_ids=self.liu.ids, employee_termination=True)
            .create({})
        )
        self.assertIn("Hydraulic tester", wizard.held_tools)
        wizard.action_register_departure()
        self.liu.with_context(active_test=False).invalidate_recordset()
        messages = self.liu.message_ids.mapped("body")
        self.assertEqual(sum("still holds" in body for body in messages), 1)
        self.assertEqual(custody.activity_ids.user_id, self.users["parts_keeper"])
        self.assertEqual(self.tester.employee_id, self.liu)
        decision = self.env["jinxing.decision"].search([("kind", "=", "tool_departure")])
        self.assertEqual((decision.outcome, decision.res_id), ("hand_over", self.liu.id))
        with self.assertRaisesRegex(UserError, "work here"):
            self.issue(self.env["maintenance.equipment"].create({"name": "X"}))

    def test_b24_transfer_warns(self):
        custody = self.issue()
        department = self.env["hr.department"].create({"name": "Sales"})
        self.liu.with_user(self.users["hr"]).department_id = department
        self.assertEqual(len(custody.activity_ids), 1)
        self.chen.department_id = department
        decision = self.env["jinxing.decision"].search([("kind", "=", "tool_departure")])
        self.assertEqual(decision.res_id, self.liu.id)

    def test_b24_the_register_is_not_gone_round(self):
        custody = self.issue()
        tool = self.tester.with_user(self.users["parts_keeper"])
        with self.assertRaisesRegex(UserError, "custody"):
            tool.employee_id = self.chen
        for vals in ({"state": "returned"}, {"compensation": 0}, {"employee_id": self.chen.id}):
            with self.assertRaises(UserError):
                custody.write(vals)
        with self.assertRaises(AccessError):
            custody.unlink()

    def test_b24_each_sees_his_own(self):
        mine = self.issue(employee=self.man)
        other = self.issue(self.wrench)
        found = self.env["jinxing.tool.custody"].with_user(self.users["technician"]).search([])
        self.assertEqual(found, mine)
        with self.assertRaises(AccessError):
            mine.with_user(self.users["technician"]).action_return("Good")
        with self.assertRaises(AccessError):
            other.with_user(self.users["technician"]).condition_out  # noqa: B018
        self.assertFalse(
            self.env["jinxing.tool.custody"].with_user(self.users["clerk"]).has_access("write")
        )
