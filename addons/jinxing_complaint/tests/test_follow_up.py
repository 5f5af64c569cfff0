from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.jinxing_complaint.rules import follow_up

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestFollowUp(ComplaintCase):
    """M27, N10: whom we call after the work, and what his answers lead to."""

    def closed(self):
        """An order the supervisor has closed, with its follow-up planned."""
        order = self.signed()
        order.with_user(self.users["technician"]).action_hand_in()
        order.with_user(self.users["supervisor"]).action_close(5)
        self.env.cr.precommit.run()
        return order

    def share(self, value, key="share"):
        self.env["jinxing.policy.value"].create(
            {
                "parameter_id": self.env.ref(f"jinxing_complaint.policy_follow_up_{key}").id,
                "value": str(value),
                "date_from": self.today,
            }
        )

    def call(self, **values):
        return self.env["jinxing.follow.up"].with_user(self.users["clerk"]).create(
            {"partner_id": self.farmer.id, "phone": self.farmer.phone,
             "technician_id": self.technician.id, **values}
        )

    def test_every_chargeable_order_at_close(self):
        """M27: planned when it is closed, on the day the policy says; the decision says why."""
        order = self.closed()
        call = order.follow_up_ids
        self.assertEqual(call.planned_on, self.today + timedelta(days=3))
        self.assertEqual(
            (call.partner_id, call.technician_id, call.state),
            (self.farmer, self.technician, "planned"),
        )
        decision = self.decision(order, "follow_up")
        self.assertEqual((decision.outcome, decision.clause_codes), ("planned", ["M27"]))
        self.assertTrue(order.follow_up_at)

    def test_the_sample_of_the_rest(self):
        """M27: of ordinary orders those below the share; none at 0, the lot decides."""
        order = self.closed()
        for share, outcome in ((0, "not_sampled"), (100, "planned")):
            case = follow_up.Case(order.name, self.today)
            self.assertEqual(follow_up.plan(case, share, 3).outcome, outcome)

    def plan(self):
        """The nightly job, and what it left."""
        self.env.flush_all()
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=60):
            self.env["jinxing.follow.up"]._cron_plan()
        self.env.invalidate_all()

    def test_cron_takes_what_was_left(self):
        """M27: an order closed without it is planned later, once."""
        order = self.closed()
        order.follow_up_ids.sudo().write({"order_id": False})
        order.sudo().write({"follow_up_at": False})
        self.plan()
        self.plan()
        self.assertEqual(len(order.follow_up_ids), 1)

    def test_how_far_back(self):
        """M27: what was closed longer ago than the policy reaches is left in peace."""
        order = self.closed()
        order.follow_up_ids.sudo().write({"order_id": False})
        long_ago = fields.Datetime.now() - timedelta(days=91)
        order.sudo().write({"follow_up_at": False, "closed_at": long_ago})
        self.plan()
        self.assertFalse(order.follow_up_ids)
        self.share(120, "reach_days")
        self.plan()
        self.assertEqual(len(order.follow_up_ids), 1)

    def test_every_complaint(self):
        """M27: an archived complaint is followed up, whatever the sample."""
        self.share(0)
        ticket = self.at("closed")
        call = self.env["jinxing.follow.up"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual(len(call), 1)
        self.assertEqual(call.partner_id, self.farmer)

    def test_call_list_of_the_day(self):
        """M27: what is due shows; who is not reached moves on, and is given up at the last."""
        call = self.call()
        due = [("state", "=", "planned"), ("planned_on", "<=", self.today)]
        self.assertIn(call, call.search(due))
        call.action_not_reached()
        self.assertNotIn(call, call.search(due))
        self.assertEqual(
            (call.planned_on, call.attempt), (self.today + timedelta(days=1), 1)
        )
        call.action_not_reached()
        call.action_not_reached()
        self.assertEqual((call.state, call.attempt), ("unreached", 3))
        with self.refused(UserError, "is over"):
            call.action_not_reached()

    def test_satisfied(self):
        """M27: nothing follows."""
        call = self.call()
        call.action_answer(5, note="Quick")
        self.assertEqual((call.state, call.outcome), ("done", "satisfied"))
        self.assertFalse(call.made_ticket_id)
        with self.refused(UserError, "is over"):
            call.action_answer(1)

    def test_dissatisfied_opens_a_contact(self):
        """M27: at once, with what he said, and linked."""
        order = self.closed()
        call = order.follow_up_ids.with_user(self.users["clerk"])
        call.action_answer(2, note="It leaks again")
        ticket = call.made_ticket_id
        self.assertEqual((ticket.kind, ticket.complaint_step), ("complaint", "record"))
        self.assertEqual((ticket.order_id, ticket.partner_id), (order, self.farmer))
        self.assertIn("It leaks again", ticket.fault_description)
        decision = self.decision(call, "follow_up_result")
        self.assertEqual(decision.outcome, "dissatisfied")

    def test_n10_a_yes_is_a_complaint_against_the_technician(self):
        """N10: however satisfied he is; the incident is recorded and urgent."""
        call = self.call()
        call.action_answer(5, asked_for_money=True, note="200 for diesel")
        ticket = call.made_ticket_id.sudo()
        self.assertEqual(ticket.technician_id, self.technician)
        self.assertEqual(
            ticket.category_id, self.env.ref("jinxing_complaint.category_gifts")
        )
        self.assertTrue(ticket.emergency)
        incident = self.env["jinxing.conduct"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual(
            (incident.kind, incident.clause_id.code, incident.state),
            ("incident", "N10", "reported"),
        )

    def fill_in(self, answers, **chosen):
        """Choose answers of the questionnaire, by their numbers."""
        ref = self.env.ref
        for question, answer in chosen.items():
            answers._save_lines(
                ref(f"jinxing_complaint.question_{question}"),
                str(ref(f"jinxing_complaint.answer_{question}_{answer}").id),
            )

    def asked(self, **chosen):
        """A call of a closed order whose questionnaire was filled in."""
        call = self.closed().follow_up_ids.with_user(self.users["clerk"])
        call.action_call()
        answers = call.sudo().user_input_id
        self.fill_in(answers, **{"satisfaction": 1, "n10": 1, **chosen})
        answers._mark_done()
        return call

    def test_s8_7_s8_8_the_questionnaire_asks_for_both(self):
        """S8.7, S8.8: no call is finished without an answer to either; good ones end it."""
        survey = self.env.ref("jinxing_complaint.survey_follow_up")
        for role in ("s8_7", "s8_8"):
            question = survey.question_ids.filtered(lambda q, r=role: q.follow_up_role == r)
            self.assertEqual(len(question), 1)
            self.assertTrue(question.constr_mandatory)
            self.assertEqual(
                sorted(question.suggested_answer_ids.mapped("follow_up_value")), [0, 1]
            )
        call = self.asked(belongings=1, cleaned=1)
        self.assertEqual((call.outcome, call.satisfaction), ("satisfied", 5))
        self.assertFalse(call.belongings_harmed or call.site_not_cleared)
        self.assertFalse(call.made_ticket_id)

    def test_s8_7_belongings_taken_or_damaged(self):
        """S8.7: a complaint against the technician and an incident, however good the mark."""
        call = self.asked(belongings=2, cleaned=1)
        self.assertEqual((call.outcome, call.belongings_harmed), ("conduct", True))
        ticket = call.made_ticket_id.sudo()
        self.assertEqual((ticket.kind, ticket.emergency), ("complaint", True))
        self.assertEqual(ticket.technician_id, self.technician)
        self.assertEqual(ticket.category_id.clause_id.code, "S8.7")
        incident = self.env["jinxing.conduct"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual(
            (incident.partner_id, incident.clause_id.code, incident.state),
            (self.technician, "S8.7", "reported"),
        )
        decision = self.decision(call, "follow_up_result")
        self.assertEqual(decision.clause_codes, ["S8.7", "M27"])

    def test_s8_7_n10_both_are_one_contact_and_two_incidents(self):
        """S8.7, N10: each norm broken is an incident; the customer has one contact."""
        call = self.call()
        call.action_answer(3, True, belongings_harmed=True, site_not_cleared=True)
        ticket = call.made_ticket_id.sudo()
        incidents = self.env["jinxing.conduct"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual(sorted(incidents.clause_id.mapped("code")), ["N10", "S8.7"])
        self.assertEqual(ticket.category_id.clause_id.code, "N10")
        for code in ("N10", "S8.7", "S8.8"):
            self.assertIn(code, ticket.fault_description)

    def test_s8_8_a_site_not_cleared(self):
        """S8.8: opens a contact as dissatisfaction does, though he gave the best mark."""
        call = self.asked(belongings=1, cleaned=2)
        self.assertEqual(
            (call.satisfaction, call.outcome, call.site_not_cleared), (5, "dissatisfied", True)
        )
        ticket = call.made_ticket_id.sudo()
        self.assertEqual((ticket.kind, ticket.order_id), ("complaint", call.order_id))
        self.assertEqual(ticket.category_id.clause_id.code, "S8.8")
        self.assertFalse(self.env["jinxing.conduct"].search([("ticket_id", "=", ticket.id)]))
        decision = self.decision(call, "follow_up_result")
        self.assertEqual(decision.clause_codes, ["S8.8", "M27"])

    def test_s8_7_s8_8_without_a_mark(self):
        """S8.7, S8.8: what he says of either counts though he gave no mark."""
        for answer in ("belongings_harmed", "site_not_cleared"):
            with self.subTest(answer):
                call = self.call()
                call.action_answer(None, **{answer: True})
                self.assertTrue(call.made_ticket_id)

    def test_by_the_questionnaire(self):
        """M27: the answers of the survey are taken over when it is finished."""
        call = self.call()
        opened = call.action_call()
        self.assertIn("answer_token=", opened["url"])
        answers = call.sudo().user_input_id
        self.assertEqual(call.action_call()["url"], opened["url"], "the same call, one answer")
        ref = self.env.ref
        self.fill_in(answers, satisfaction=4, n10=1)
        answers._save_lines(ref("jinxing_complaint.question_words"), "Came late")
        answers._mark_done()
        self.assertEqual((call.satisfaction, call.outcome), (2, "dissatisfied"))
        self.assertIn("Came late", call.note)
        self.assertTrue(call.made_ticket_id)

    def test_answers_are_not_written(self):
        """M27: nobody writes an outcome, and nothing planned is deleted."""
        call = self.call()
        for values in ({"satisfaction": 5}, {"outcome": "satisfied"}, {"state": "done"},
                       {"asked_for_money": False}, {"belongings_harmed": False},
                       {"site_not_cleared": False}):
            with self.refused(UserError, "questionnaire"):
                call.with_user(self.users["manager"]).write(values)
        with self.refused(UserError, "questionnaire"):
            self.call(state="done")
        for score in (0, 6, -1):
            with self.refused(UserError, "1 to 5"):
                call.action_answer(score)
        order = self.closed()
        with self.refused(UserError, "stays"):
            order.follow_up_ids.with_user(self.users["supervisor"]).unlink()

    def test_roles(self):
        """M27: clerks call; technicians do not read what is said of them; nor does the portal."""
        call = self.call()
        for user in ("technician", "parts_keeper", "nobody", "farmer", "dealer", "station"):
            with self.subTest(user), self.assertRaises(AccessError):
                call.with_user(self.users[user]).read(["note"])

    def test_planning_many(self):
        """M27: planning costs a constant number of queries."""
        orders = self.closed()
        orders.follow_up_ids.sudo().write({"order_id": False})
        orders.sudo().write({"follow_up_at": False})
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            orders._plan_follow_up()
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestConduct(ComplaintCase):
    """N2-N4, N8, R15, R16: conduct and praise, penalties linked to the person."""

    def report(self, **values):
        return self.env["jinxing.conduct"].with_user(self.users["clerk"]).create(
            {
                "partner_id": self.technician.id,
                "clause_id": self.env.ref("jinxing_base.clause_n3").id,
                "description": "Shouted at the customer",
                **values,
            }
        )

    def test_a_supervisor_decides_with_the_outcome(self):
        """N3, N8: reported by anybody of the office, confirmed by a supervisor, then fixed."""
        incident = self.report()
        with self.assertRaises(AccessError):
            incident.action_decide(True, "Apologised")
        supervisor = incident.with_user(self.users["supervisor"])
        with self.refused(UserError, "What came of it"):
            supervisor.action_decide(True, " ")
        supervisor.action_decide(True, "Apologised in person")
        self.assertEqual((incident.state, incident.outcome), ("confirmed",
                                                              "Apologised in person"))
        with self.refused(UserError, "stays"):
            incident.description = "Nothing"
        with self.refused(UserError, "stays"):
            supervisor.unlink()

    def test_what_is_refused(self):
        """N2-N4: an incident names the norm; conduct is of technicians; no state by hand."""
        with self.refused(ValidationError, "Which norm"):
            self.report(clause_id=False)
        with self.refused(ValidationError, "of technicians"):
            self.report(partner_id=self.farmer.id)
        with self.refused(UserError, "buttons"):
            self.report(state="confirmed")
        self.report(kind="praise", clause_id=False)

    def test_who_reads_what(self):
        """N8: a technician reads what was confirmed of himself, nothing of others."""
        mine, others = self.report(), self.report(partner_id=self.novice.id)
        own = self.env["jinxing.conduct"].with_user(self.users["technician"])
        self.assertFalse(own.search([]))
        (mine | others).with_user(self.users["supervisor"]).action_decide(True, "Talked")
        self.assertEqual(own.search([]), mine)
        for user in ("nobody", "parts_keeper", "farmer", "dealer"):
            with self.subTest(user), self.assertRaises(AccessError):
                mine.with_user(self.users[user]).read(["description"])

    def test_penalty_of_a_return(self):
        """R15, R16: a penalty may come from another case, and HR sees it at the employee."""
        penalties = self.env["jinxing.penalty"].with_user(self.users["supervisor"])
        values = {
            "employee_id": self.employee.id,
            "clause_id": self.env.ref("jinxing_base.clause_r15").id,
            "what": "Sent the customer away",
            "measure": "deduction",
        }
        with self.refused(ValidationError, "Which case"):
            penalties.create(values)
        with self.refused(ValidationError, "Which amount"):
            penalties.create({**values, "case": "TH20260001"})
        penalty = penalties.create({**values, "case": "TH20260001", "amount": 200})
        self.assertEqual(self.employee.penalty_count, 0)
        penalty.with_user(self.users["manager"]).action_approve()
        self.employee.invalidate_recordset()
        self.assertEqual(self.employee.penalty_count, 1)
        with self.refused(UserError, "not changed"):
            penalty.amount = 10
        with self.assertRaises(AccessError):
            penalty.with_user(self.users["clerk"]).unlink()

    def test_liability_follows_the_penalty(self):
        """C19.7, G1.4: what is to be recovered becomes a decided liability, else it is dropped."""
        ticket = self.at("liability")
        penalties = self.env["jinxing.penalty"].with_user(self.users["supervisor"])
        self.station_man.email = "man@example.com"
        common = {"ticket_id": ticket.id, "what": "Weld"}
        outside = penalties.create(
            {**common, "partner_id": self.station_man.id, "measure": "recovery", "amount": 150}
        )
        inside = penalties.create({**common, "employee_id": self.employee.id,
                                   "measure": "warning"})
        ticket.with_user(self.users["supervisor"]).action_assign_liability()
        liability = outside.liability_id.sudo()
        self.assertEqual(
            (liability.origin, liability.state, liability.cause),
            ("complaint", "draft", "repairer"),
        )
        outside.with_user(self.users["manager"]).action_approve()
        self.assertEqual((liability.state, liability.amount), ("decided", 150))
        inside.with_user(self.users["manager"]).action_reject("Not proven")
        self.assertEqual(inside.liability_id.sudo().state, "cancelled")

    def test_recurrence_reopens_the_countermeasure(self):
        """C19.8: the same cause again, after the measure was in place, reopens it."""
        first = self.at("countermeasure")
        self.fill(first.with_user(self.users["supervisor"]), "countermeasure")
        first.with_user(self.users["supervisor"]).action_set_countermeasure()
        measure = first.countermeasure_ids
        owner = measure.with_user(self.users["general"])
        owner.action_measure_done("Test bench built")
        self.assertEqual(measure.measure_state, "done")
        with self.assertRaises(AccessError):
            owner.action_measure_check(True, "Good")
        measure.sudo()._store({"done_on": self.today - timedelta(days=5)})
        again = self.at("investigate")
        self.fill(again, "investigate")
        again.action_investigate()
        self.assertEqual((measure.measure_state, measure.reopen_count), ("reopened", 1))
        self.assertIn(again, measure.recurrence_ids)
        decision = self.decision(measure, "countermeasure")
        self.assertEqual((decision.outcome, decision.clause_codes), ("reopen", ["C19.8"]))
        owner.action_measure_done("Now with a second man")
        supervisor = measure.with_user(self.users["supervisor"])
        with self.refused(UserError, "What did the check show"):
            supervisor.action_measure_check(True)
        supervisor.action_measure_check(True, "None in 60 days")
        self.assertEqual(measure.measure_state, "effective")
        self.assertTrue(measure.stage_id.is_ending)
        self.assertEqual(fields.Date.to_date(measure.effect_on), self.today)
