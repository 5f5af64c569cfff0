from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.jinxing_complaint.rules import complaint
from odoo.addons.jinxing_repair.tests.common import SIGNATURE

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintSteps(ComplaintCase):
    """C19.1-C19.9: what each step demands, and where it leads."""

    def user(self, record, role):
        return record.with_user(self.users[role])

    def test_walk(self):
        """C19: through all nine steps, each with its stage and its log."""
        ticket = self.at("closed")
        self.assertEqual(ticket.complaint_step, "closed")
        self.assertEqual(
            ticket.complaint_log_ids.mapped("action"),
            ["open", "record", "establish", "promise", "investigate", "propose", "consent",
             "assign_liability", "set_countermeasure", "archive"],
        )
        self.assertEqual(
            ticket.complaint_log_ids.mapped("clause")[1:],
            [f"C19.{number}" for number in range(1, 10)],
        )
        self.assertTrue(ticket.closed_date and ticket.closed)
        self.assertTrue(ticket.archive_file)
        self.assertEqual(len(ticket.archive_digest), 64)

    def test_stage_follows(self):
        """C19: the stage shows the step, and the team does not change that."""
        ticket = self.complain()
        for step in complaint.NINE:
            self.assertEqual(ticket.stage_id.complaint_step, step)
            user = "supervisor" if step in ("liability", "countermeasure") else "clerk"
            self.fill(self.user(ticket, user), step)
            if step == "archive":
                ticket.promise_ids.action_done()
            self.take(ticket, step)
        self.assertEqual(ticket.stage_id.complaint_step, "closed")
        team = self.env["helpdesk.ticket.team"].create({"name": "Team"})
        self.assertNotIn(ticket.stage_id, team._get_applicable_stages())
        ticket.team_id = team
        self.assertEqual(ticket.stage_id.complaint_step, "closed")

    def test_no_step_without_its_outputs(self):
        """C19: each step is refused without its outputs, and names the ticket."""
        for step in complaint.NINE:
            values = {"category_id": False} if step == "record" else {}
            ticket = self.at(step, **values)
            if step == "consent":
                with self.refused(UserError, "signature is missing"):
                    self.user(ticket, "clerk").action_consent("signature", "Zhang")
                continue
            with self.subTest(step), self.refused(UserError, ticket.number):
                self.take(ticket, step)
            self.assertEqual(ticket.complaint_step, step)

    def test_1_who_called(self):
        """C19.1: nobody without a customer, a way to reach him and a subject."""
        ticket = self.complain(partner_id=False, caller_phone=False, category_id=False)
        with self.refused(UserError, "the customer, a phone.*, the subject"):
            ticket.action_record()
        ticket.write(
            {"caller_name": "Liu Yang", "caller_phone": "13900001111",
             "category_id": self.quality.id}
        )
        ticket.action_record()
        self.assertEqual(ticket.partner_id.name, "Liu Yang")

    def test_2_not_established(self):
        """C19.2: it ends with the explanation sent, by a supervisor, and nothing follows."""
        ticket = self.at("judge")
        self.fill(ticket, "judge", explanation=False)
        with self.assertRaises(AccessError):
            ticket.action_reject()
        supervisor = self.user(ticket, "supervisor")
        with self.refused(UserError, "the explanation for the customer"):
            supervisor.action_reject()
        ticket.explanation = "<p>The belt is a wear part</p>"
        supervisor.action_reject()
        self.assertEqual(ticket.complaint_step, "not_established")
        self.assertTrue(ticket.closed)
        notice = ticket.notice_ids
        self.assertEqual((notice.topic, notice.method), ("explanation", "mail"))
        self.assertIn("wear part", notice.message_id.body)
        self.assertEqual(notice.message_id.notified_partner_ids, self.farmer)
        decision = self.decision(ticket, "complaint_judgement")
        self.assertEqual(decision.outcome, "not_established")
        with self.refused(UserError, "not possible"):
            ticket.action_promise()

    def test_2_explained_on_the_phone(self):
        """C19.2: without an e-mail address the explanation is told, with a note of it."""
        self.farmer.email = False
        ticket = self.at("judge", partner_email=False)
        self.fill(ticket, "judge")
        supervisor = self.user(ticket, "supervisor")
        with self.refused(UserError, "explanation sent"):
            supervisor.action_reject()
        with self.refused(UserError, "no e-mail"):
            ticket.action_inform("explanation", "mail")
        with self.refused(ValidationError, "what was said"):
            ticket.action_inform("explanation", "phone", "  ")
        ticket.action_inform("explanation", "phone", "He understands it")
        supervisor.action_reject()
        self.assertEqual(ticket.complaint_step, "not_established")

    def test_2_an_attitude_names_the_person(self):
        """N3, R15: a complaint against a person says against whom."""
        ticket = self.at("judge")
        with self.refused(ValidationError, "names the person"):
            self.fill(ticket, "judge", nature_id=self.attitude.id)
        self.fill(
            ticket, "judge", nature_id=self.attitude.id, technician_id=self.technician.id
        )

    def test_3_timetable_is_promised_and_watched(self):
        """C19.3: the customer is told; what is missed is told the one in charge, once."""
        ticket = self.at("promise")
        self.fill(ticket, "promise", promise_ids=False)
        with self.refused(UserError, "a timetable with a date of ours"):
            ticket.action_promise()
        with self.refused(ValidationError, "in the future"):
            ticket.promise_ids = [(0, 0, {"name": "Too late", "deadline": "2020-01-01"})]
        later = fields.Datetime.now() + timedelta(hours=2)
        ticket.promise_ids = [
            (0, 0, {"name": "Reel fitted", "deadline": later}),
            (0, 0, {"name": "Call", "deadline": later + timedelta(days=9)}),
        ]
        ticket.action_promise()
        self.assertIn("New reel", ticket.notice_ids.message_id.body)
        line = ticket.promise_ids[0]
        with self.refused(UserError, "was told this timetable"):
            line.deadline = later + timedelta(days=1)
        with self.refused(UserError, "was told this timetable"):
            line.unlink()
        promises = self.env["jinxing.complaint.promise"]
        self.assertNotIn(ticket, ticket.search([("promise_breach", "=", True)]))
        line._store({"deadline": fields.Datetime.now() - timedelta(minutes=1)})
        line.invalidate_recordset()
        self.assertIn(line, promises.search([("breach", "=", True)]))
        self.assertIn(ticket, ticket.search([("promise_breach", "=", True)]))
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=60):
            promises._cron_watch()
            promises._cron_watch()
        self.assertTrue(line.breached_at)
        todo = ticket.activity_ids.filtered(lambda a: "Promise missed" in a.summary)
        self.assertEqual(todo.user_id, self.users["clerk"])
        line.with_user(self.users["clerk"]).action_done("Fitted")
        self.assertTrue(line.breach, "C19.3: done late it stays broken")
        self.assertNotIn("Call", ticket.promise_ids.filtered("breach").mapped("name"))

    def test_5_authority(self):
        """C19.5: over the limit the superior decides; the decision says why."""
        ticket = self.at("propose")
        self.fill(ticket, "propose", proposal_amount=500)
        opened = ticket.action_propose()
        self.assertEqual(opened["res_model"], "jinxing.complaint.reason")
        self.assertEqual(ticket.complaint_step, "propose")
        ticket.action_propose(reason="He lost two days")
        self.assertEqual((ticket.escalation, ticket.escalated_to), ("asked", "supervisor"))
        self.assertIn(self.users["supervisor"], ticket.activity_ids.user_id)
        decision = self.decision(ticket, "complaint_authority")
        self.assertEqual(decision.outcome, "escalate_supervisor")
        self.assertIn("C19.5", decision.clause_codes)
        with self.refused(UserError, "is fixed"):
            ticket.proposal_amount = 100
        with self.refused(UserError, "superior is deciding"):
            ticket.action_propose()
        with self.assertRaises(AccessError):
            ticket.action_approve()
        supervisor = self.user(ticket, "supervisor")
        supervisor.action_send_back(reason="Too much")
        self.assertEqual((ticket.escalation, ticket.complaint_step), ("sent_back", "propose"))
        self.assertFalse(
            ticket.activity_ids.filtered(lambda a: "C19.5" in (a.summary or "")),
            "one has decided, nobody else is asked any more",
        )
        ticket.proposal_amount = 400
        ticket.action_propose(reason="Less now")
        supervisor.action_approve()
        self.assertEqual((ticket.escalation, ticket.complaint_step), ("approved", "consent"))
        self.assertIn("proposal", ticket.notice_ids.mapped("topic"))

    def test_5_the_manager_decides_large_sums(self):
        """C19.5: the supervisor has a limit too."""
        ticket = self.at("propose")
        self.fill(ticket, "propose", proposal_amount=5000)
        ticket.action_propose(reason="A whole season")
        self.assertEqual(ticket.escalated_to, "manager")
        with self.refused(UserError, "over your authority"):
            self.user(ticket, "supervisor").action_approve()
        self.user(ticket, "manager").action_approve()
        self.assertEqual(ticket.complaint_step, "consent")

    def test_5_an_exchange_asks_the_supervisor(self):
        """G3.2, C19.5: an exchange is not the clerk's, whatever it costs."""
        ticket = self.at("propose")
        self.fill(ticket, "propose", proposal_amount=0, remedy_id=self.exchange.id)
        ticket.action_propose(reason="Three reels broke")
        self.assertEqual(ticket.escalated_to, "supervisor")
        decision = self.decision(ticket, "complaint_authority")
        self.assertIn("G3.2", decision.clause_codes)

    def test_5_limits_are_policies(self):
        """C19.5: the limit is data, and a new one holds from its day."""
        parameter = self.env.ref("jinxing_complaint.policy_complaint_limit_clerk")
        self.env["jinxing.policy.value"].create(
            {"parameter_id": parameter.id, "value": "100", "date_from": self.today}
        )
        ticket = self.at("propose")
        self.fill(ticket, "propose")
        self.assertEqual(ticket.action_propose()["res_model"], "jinxing.complaint.reason")

    def test_6_consent(self):
        """C19.6: by signature or a call record, never from the future, and the amount stays."""
        ticket = self.at("consent")
        with self.refused(UserError, "Note what the customer said"):
            ticket.action_consent("call", "Zhang Defu")
        with self.refused(UserError, "Who agreed"):
            ticket.action_consent("call", " ", note="Yes")
        with self.refused(UserError, "himself"):
            ticket.action_consent("portal", "Zhang Defu")
        later = fields.Datetime.now() + timedelta(hours=1)
        with self.refused(UserError, "future"):
            ticket.action_consent("call", "Zhang Defu", note="Yes", at=later)
        ticket.action_consent("call", "Zhang Defu", note="He agrees")
        self.assertEqual(ticket.complaint_step, "liability")
        self.assertEqual((ticket.consent_method, ticket.consent_amount), ("call", 150))

    def test_6_refused(self):
        """C19.6: a refusal asks for a new proposal, and the new one is told again."""
        ticket = self.at("consent")
        self.assertEqual(ticket.action_refuse()["res_model"], "jinxing.complaint.reason")
        ticket.action_refuse(reason="Wants 200")
        self.assertEqual(ticket.complaint_step, "propose")
        ticket.proposal_amount = 200
        self.env.cr.execute(
            "UPDATE jinxing_complaint_notice SET date = date - interval '1 hour'"
        )
        ticket.notice_ids.invalidate_recordset()
        ticket.action_propose()
        told = ticket.notice_ids.filtered(lambda n: n.topic == "proposal")
        self.assertEqual(len(told), 2)
        ticket.action_consent("signature", "Zhang Defu", signature=SIGNATURE)
        self.assertEqual(ticket.consent_amount, 200)

    def test_7_liability(self):
        """C19.7: a person and his department, a penalty or why none; they are told."""
        ticket = self.at("liability")
        with self.assertRaises(AccessError):
            ticket.action_assign_liability()
        supervisor = self.user(ticket, "supervisor")
        penalty = self.env["jinxing.penalty"].with_user(self.users["supervisor"]).create(
            {"ticket_id": ticket.id, "employee_id": self.employee.id, "what": "Weld"}
        )
        penalty.department_id = False
        with self.refused(UserError, "a person and a department.*a penalty"):
            supervisor.action_assign_liability()
        with self.refused(ValidationError, "Why is there no penalty"):
            penalty.measure = "none"
        penalty.write({"department_id": self.department.id, "measure": "warning"})
        supervisor.action_assign_liability()
        self.assertEqual(ticket.complaint_step, "countermeasure")
        notice = ticket.notice_ids.filtered(lambda n: n.topic == "penalty")
        self.assertEqual(notice.partner_id, self.users["general"].partner_id)
        self.assertTrue(penalty.notified_at)
        with self.refused(UserError, "were told this"):
            penalty.measure = "talk"
        with self.assertRaises(AccessError):
            penalty.action_approve()
        self.user(penalty, "manager").action_approve()
        self.assertEqual(penalty.state, "approved")

    def test_8_countermeasure(self):
        """C19.8: owner, due date and a later day for the check of its effect."""
        ticket = self.at("countermeasure")
        supervisor = self.user(ticket, "supervisor")
        self.fill(supervisor, "countermeasure")
        measure = supervisor.countermeasure_ids
        self.assertEqual(measure.measure_state, "planned")
        self.assertEqual(measure.cause_id, self.assembly)
        measure.effect_due = False
        with self.refused(UserError, "its effect is checked"):
            supervisor.action_set_countermeasure()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            measure.effect_due = measure.date_deadline
            measure.flush_recordset()
        measure.effect_due = measure.date_deadline + timedelta(days=30)
        supervisor.action_set_countermeasure()
        self.assertEqual(measure.measure_state, "running")
        self.assertEqual(measure.activity_ids.user_id, self.users["general"])

    def test_9_archive(self):
        """C18, C19.9: satisfaction and every promise kept; then one file, and it is over."""
        ticket = self.at("archive")
        supervisor = self.user(ticket, "supervisor")
        self.fill(ticket, "archive", satisfaction=False)
        with self.refused(UserError, "satisfaction, every promise of ours"):
            supervisor.action_archive_complaint()
        ticket.satisfaction = "5"
        ticket.promise_ids.action_done()
        supervisor.action_archive_complaint()
        self.assertEqual(ticket.archive_name, f"{ticket.number}.pdf")
        with self.refused(UserError, "is fixed"):
            ticket.summary = "Otherwise"

    def test_duplicate_ends_at_step_2(self):
        """C19.2: the same complaint twice is ended with its reason, not merged away."""
        first, second = self.complain(), self.at("judge")
        self.fill(second, "judge", duplicate_id=first.id)
        self.user(second, "supervisor").action_reject()
        self.assertIn(first.number, str(self.decision(second, "complaint_judgement").steps))

    def test_several_at_once(self):
        """C19: an action takes all of them or none, and names the one that lacks something."""
        one, two = self.complain(), self.complain(category_id=False)
        with self.refused(UserError, two.number):
            (one | two).action_record()
        self.assertEqual(one.complaint_step, "record")
        two.category_id = self.quality
        (one | two).action_record()
        self.assertEqual((one | two).mapped("complaint_step"), ["judge", "judge"])

    def test_no_query_per_complaint(self):
        """Taking a step for many costs a constant number of queries beside the writes."""
        for count in (1, 20):
            tickets = self.env["helpdesk.ticket"]
            for _number in range(count):
                tickets |= self.complain()
            self.env.flush_all()
            self.env.invalidate_all()
            tickets.action_record()
            with self.assertQueryCount(26):
                tickets.write({"nature_id": self.quality.id, "judgement": "So"})
                tickets.action_establish()
                self.env.flush_all()
