from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import RepairCase


@tagged("post_install", "-at_install")
class TestLiability(RepairCase):
    """Who answers for a loss or a rework (G1.2, G1.4)."""

    def liability(self, user="clerk", **values):
        return (
            self.env["jinxing.liability"]
            .with_user(self.users[user])
            .create({"order_id": self.order().id, "amount": 320, **values})
        )

    def test_decided_only_with_cause_and_party(self):
        """G1.4: no decision without cause, party and, for misuse, evidence."""
        liability = self.liability()
        supervisor = liability.with_user(self.users["supervisor"])
        with self.assertRaisesRegex(UserError, "cause"):
            supervisor.action_decide()
        liability.cause = "repairer"
        with self.assertRaisesRegex(UserError, "liable party"):
            supervisor.action_decide()
        liability.cause = "misuse"
        with self.assertRaisesRegex(UserError, "evidence"):
            supervisor.action_decide()
        liability.write({"cause": "repairer", "partner_id": self.station.id})
        with self.assertRaises(AccessError):
            liability.action_decide()
        supervisor.action_decide()
        self.assertEqual(liability.state, "decided")
        self.assertEqual(liability.decided_by_id, self.users["supervisor"])
        with self.assertRaisesRegex(UserError, "already"):
            supervisor.action_decide()

    def test_decided_stays(self):
        """G1.4: the state is nobody's to write, a decided liability nobody's to edit."""
        liability = self.liability(cause="repairer", partner_id=self.station.id)
        supervisor = liability.with_user(self.users["supervisor"])
        manager = liability.with_user(self.users["manager"])
        for user in (liability, supervisor, manager):
            with self.assertRaises(UserError):
                user.write({"state": "settled"})
        with self.assertRaises(UserError):
            self.liability(state="decided", cause="other")
        supervisor.action_decide()
        with self.assertRaises(UserError):
            manager.write({"amount": 1})
        with self.assertRaises(UserError):
            supervisor.unlink()
        asked = supervisor.action_cancel()
        self.assertEqual(asked["res_model"], "jinxing.record.reason")
        self.assertEqual(liability.state, "decided")
        wizard = (
            self.env[asked["res_model"]]
            .with_user(self.users["supervisor"])
            .with_context(**asked["context"])
            .create({"reason": "Wrong station"})
        )
        self.assertEqual(wizard.names, liability.name)
        wizard.action_confirm()
        self.assertEqual((liability.state, liability.cancel_reason), ("cancelled", "Wrong station"))
        with self.assertRaises(UserError):
            supervisor.action_cancel("Again")

    def test_database_refuses(self):
        """G1.4: no negative amount, no decided liability without a cause."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.liability(amount=-1)
        liability = self.liability()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            liability.sudo().write({"state": "decided"})
            liability.flush_recordset()

    def test_who_reads(self):
        """G1.4: the provider and HR see what is decided against theirs, nobody else."""
        hr = new_test_user(self.env, "r_hr", groups="base.group_user,hr.group_hr_user")
        employee = self.technician.employee_ids
        theirs = self.liability(cause="repairer", partner_id=self.station.id)
        own = self.liability(cause="repairer", employee_id=employee.id)
        found = self.env["jinxing.liability"]
        for user in ("station", "dealer", "farmer", "technician"):
            self.assertFalse(found.with_user(self.users[user]).search([]) & theirs, user)
        (theirs | own).with_user(self.users["supervisor"]).action_decide()
        self.assertEqual(found.with_user(self.users["station"]).search([]), theirs)
        self.assertFalse(found.with_user(self.users["dealer"]).search([]))
        self.assertFalse(found.with_user(self.users["farmer"]).search([]))
        self.assertEqual(found.with_user(self.users["technician"]).search([]), own)
        self.assertEqual(found.with_user(hr).search([]), own)
        with self.assertRaises(AccessError):
            theirs.with_user(self.users["dealer"]).read(["amount"])
        with self.assertRaises(AccessError):
            found.with_user(self.users["nobody"]).search([])
