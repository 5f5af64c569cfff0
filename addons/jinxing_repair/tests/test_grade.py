from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SIGNATURE, RepairCase
from .common_onsite import OnsiteData


@tagged("post_install", "-at_install")
class TestGrade(OnsiteData, RepairCase):
    """T1-T5, S7: the grade is asked when the work is done, not only when it is given."""

    def as_(self, role, record):
        return record.with_user(self.users[role])

    def revoke(self):
        certificate = self.env["jinxing.certification"].search(
            [("partner_id", "=", self.technician.id)]
        )
        # sudo: how it was revoked is not what is tested
        certificate.sudo().write(
            {
                "state": "revoked",
                "date_revoked": fields.Date.today() - timedelta(days=1),
                "revoke_reason": "Withdrawn",
                "valid_to": fields.Date.today() - timedelta(days=1),
            }
        )
        self.env.invalidate_all()

    def refused(self, words, func, *args, **kwargs):
        with self.assertRaises(UserError) as caught:
            func(*args, **kwargs)
        self.assertIn(words, str(caught.exception))

    def test_t4_revoked_after_the_assignment(self):
        """T4, S7: neither accepted nor begun; a supervisor overrules it with a reason, kept."""
        order = self.given()
        self.packed(order)
        self.assertFalse(order.grade_problem)
        self.revoke()
        self.assertIn("T4", self.change(order, "accept", status="refused")["message"])
        self.assertEqual(order.service_state, "assigned")
        self.assertTrue(order.grade_problem)
        for role in ("clerk", "technician"):
            with self.assertRaises(AccessError):
                self.as_(role, order).action_let_work("There is nobody else")
        supervisor = self.as_("supervisor", order)
        self.assertEqual(supervisor.action_let_work()["res_model"], "jinxing.repair.reason")
        supervisor.action_let_work("There is nobody else")
        decision = order.decision_ids.filtered(lambda d: d.kind == "override" and d.is_current)
        self.assertEqual(decision.outcome, "granted")
        self.assertIn("There is nobody else", decision.explanation)
        self.assertFalse(order.grade_problem)
        self.refused("nothing to overrule", supervisor.action_let_work, "Again")
        self.change(order, "accept")
        self.change(order, "arrive")
        self.assertEqual(order.service_state, "on_site")

    def test_t4_the_fault_named_after_the_assignment(self):
        """T1-T5: sent to a small fault; when it turns out a bigger one he does not begin it."""
        order = self.approved()
        order.category_ids = False
        self.as_("clerk", order).action_assign(technician_id=self.novice.id, reason="Near")
        self.as_("clerk", order).category_ids = self.gearbox_category
        self.assertIn("at least grade 4", order.grade_problem)
        self.refused("may not work on", self.as_("clerk", order).action_accept)
        self.as_("supervisor", order).action_let_work("The technician guides him by phone")
        self.as_("clerk", order).action_accept()
        engine = self.env["jinxing.fault.category"].search([("min_grade", "=", 5)], limit=1)
        order.category_ids |= engine
        self.packed(order)
        self.refused("T5", self.as_("clerk", order).action_arrive)

    def test_t5_the_fault_found_on_site(self):
        """T1-T5, N6: what he finds beyond his grade he does not finish; he escalates it."""
        order = self.on_site()
        self.add_faults(order)
        worker = self.as_("technician", order)
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        self.complete(order)
        engine = self.env["jinxing.fault.category"].search([("min_grade", "=", 5)], limit=1)
        order.fault_ids[:1].category_id = engine
        self.refused("T5", worker.action_finish)
        self.assertEqual(order.service_state, "on_site")
        worker.action_escalate(reason="The gearbox must be opened")
        self.as_("supervisor", order).action_let_work("I stand beside him")
        worker.action_finish()
        self.assertEqual(order.service_state, "repaired")

    def test_t4_the_day_of_the_work_counts(self):
        """T4: a certificate that ends before the day arranged does not do."""
        certificate = self.env["jinxing.certification"].search(
            [("partner_id", "=", self.technician.id)]
        )
        order = self.approved()
        planned = certificate.valid_to + timedelta(days=1)
        order.schedule_date = fields.Datetime.to_datetime(planned) + timedelta(hours=4)
        clerk = self.as_("clerk", order)
        assign = {"technician_id": self.technician.id, "reason": "The dealer has nobody"}
        self.refused("may not be sent", clerk.action_assign, **assign)
        order.schedule_date -= timedelta(days=1)
        clerk.action_assign(**assign)
        self.assertEqual(order.service_state, "assigned")

    def test_s7_fifty_orders_cost_no_more_queries(self):
        """S7: one look at the standings for all the orders of a step."""
        orders = self.env["repair.order"]
        for number in range(6):
            orders |= self.given(machine=self.sell(f"JY2025GR{number:02d}", 5))
        counts = []
        for some in (orders[:1], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            some.category_ids.mapped("min_grade"), some.fault_ids.mapped("category_id")
            some.mapped("technician_id.name"), some.mapped("overridden_grade")
            before = self.env.cr.sql_log_count
            self.assertFalse(some._grade_refusals(fields.Date.today()))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 2)
