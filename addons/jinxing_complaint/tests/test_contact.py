from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestContact(ComplaintCase):
    """O20, O21, C17, M26: every contact is registered, routed, and answered in time."""

    def contact(self, user="clerk", **values):
        return self.env["helpdesk.ticket"].with_user(self.users[user]).create(
            {
                "kind": "opinion",
                "caller_name": "Liu Yang",
                "caller_phone": "13900001111",
                "fault_description": "The seat is too low",
                **values,
            }
        )

    def ref(self, name):
        return self.env.ref(f"jinxing_complaint.{name}")

    def watch(self):
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=60):
            self.env["helpdesk.ticket"]._cron_unanswered()

    def test_routed_by_kind_and_subject(self):
        """O21: the table sends it to the department; the decision says by which line."""
        ticket = self.contact(category_id=self.quality.id)
        self.assertEqual(ticket.team_id, self.ref("team_quality"))
        self.assertEqual(ticket.route_id, self.ref("route_opinion_quality"))
        decision = self.decision(ticket, "contact_route")
        self.assertEqual((decision.outcome, decision.clause_codes), ("routed", ["O21"]))
        self.assertEqual(self.complain().team_id, self.ref("team_office"))
        self.assertEqual(
            self.contact(kind="consultation").team_id, self.ref("team_service")
        )

    def test_department_chosen_stays(self):
        """O21: a department named by hand is not routed away, then or later."""
        chosen = self.ref("team_sales")
        ticket = self.contact(team_id=chosen.id)
        self.assertFalse(ticket.route_id)
        ticket.category_id = self.quality
        self.assertEqual(ticket.team_id, chosen)

    def test_routed_again(self):
        """O21: what turns out to be about something else goes to its department."""
        ticket = self.contact()
        self.assertEqual(ticket.team_id, self.ref("team_service"))
        ticket.category_id = self.ref("category_part")
        self.assertEqual(ticket.team_id, self.ref("team_parts"))
        self.assertEqual(self.decision(ticket, "contact_route").facts["subject"],
                         self.ref("category_part").with_user(self.users["clerk"]).name)

    def test_the_table_is_data(self):
        """O21: a new line holds at once, and there is one line per kind and subject."""
        team = self.env["helpdesk.ticket.team"].create({"name": "New", "company_id": False})
        line = self.env["jinxing.contact.route"].create(
            {"kind": "installation", "team_id": team.id, "answer_hours": 72}
        )
        ticket = self.contact(kind="installation")
        self.assertEqual(ticket.team_id, team)
        self.assertEqual(ticket.answer_deadline - ticket.called_at, timedelta(hours=24))
        line.answer_hours = 4
        ticket = self.contact(kind="installation")
        self.assertEqual(ticket.answer_deadline - ticket.called_at, timedelta(hours=4))
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            line.copy({"sequence": 99}).flush_recordset()

    def test_emergency_tells_the_supervisor_at_once(self):
        """O21: activity, note on the screen and message, when registered or raised later."""
        bus = self.env["bus.bus"]
        with patch.object(type(bus), "_sendone") as sendone:
            ticket = self.contact(emergency=True)
        kinds = [call.args[1] for call in sendone.call_args_list]
        self.assertIn("simple_notification", kinds)
        self.assertEqual(ticket.answer_deadline - ticket.called_at, timedelta(hours=1))
        supervisor = self.users["supervisor"]
        self.assertIn(supervisor, ticket.activity_ids.user_id)
        told = self.env["mail.message"].search(
            [("model", "=", ticket._name), ("res_id", "=", ticket.id)]
        )
        self.assertIn(supervisor.partner_id, told.notified_partner_ids)
        calm = self.contact()
        self.assertFalse(calm.activity_ids)
        calm.emergency = True
        self.assertIn(supervisor, calm.activity_ids.user_id)
        count = len(calm.activity_ids)
        calm.write({"emergency": True})
        self.assertEqual(len(calm.activity_ids), count, "O21: once is enough")

    def test_an_urgent_subject(self):
        """N10, R15: asking for money is urgent by the table."""
        ticket = self.contact(kind="complaint", category_id=self.ref("category_gifts").id)
        self.assertTrue(ticket.emergency)
        self.assertTrue(ticket.activity_ids)

    def test_unanswered_and_overdue(self):
        """O21: listed until answered; too late is a fact that stays."""
        tickets = self.env["helpdesk.ticket"]
        ticket = self.contact(called_at=fields.Datetime.now() - timedelta(hours=25))
        in_time = self.contact()
        overdue = tickets.search([("answer_breach", "=", True)])
        self.assertIn(ticket, overdue)
        self.assertNotIn(in_time, overdue)
        self.assertTrue(ticket.answer_breach)
        in_time.action_answered()
        ticket.action_answered()
        self.assertEqual(ticket.answered_by_id, self.users["clerk"])
        self.assertTrue(ticket.answer_late and ticket.answer_breach)
        self.assertFalse(in_time.answer_late)
        self.assertIn(ticket, tickets.search([("answer_breach", "=", True)]))
        self.assertIn(in_time, tickets.search([("answer_breach", "=", False)]))

    def test_the_first_answer_counts(self):
        """O21: a message to the customer answers; a note in the house, or his own, does not."""
        ticket = self.contact()
        ticket.message_post(body="Look at this", subtype_xmlid="mail.mt_note")
        self.assertFalse(ticket.answered_at)
        ticket.sudo().message_post(
            body="Hello?", author_id=self.farmer.id, message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(ticket.answered_at)
        ticket.message_post(
            body="Higher seats come in May", message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertTrue(ticket.answered_at)

    def test_a_dispatch_order_answers(self):
        """S8.1, O21: what is dispatched is answered; its own clock runs."""
        ticket = self.register()
        self.assertFalse(ticket.answered_at)
        ticket.action_create_dispatch_order()
        self.assertTrue(ticket.answered_at)

    def test_answering_is_not_written(self):
        """O21: nobody writes that he has answered in time."""
        ticket = self.contact()
        before = ticket.answer_deadline
        ticket.write(
            {"answered_at": fields.Datetime.now(), "answer_late": False,
             "answer_deadline": "2099-01-01 00:00:00", "name": "Seat"}
        )
        self.assertEqual((ticket.answered_at, ticket.answer_deadline), (False, before))
        self.assertEqual(ticket.name, "Seat")
        other = self.contact(answered_at=fields.Datetime.now())
        self.assertFalse(other.answered_at)

    def test_the_hotline_has_a_manager(self):
        """M26: without one it is no hotline; he is told of what nobody answered, once."""
        phone = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        with self.refused(ValidationError, "responsible manager"):
            phone.is_hotline = True
        phone.write({"is_hotline": True, "manager_id": self.users["manager"].id})
        called = fields.Datetime.now() - timedelta(hours=30)
        late = self.contact(channel_id=phone.id, called_at=called)
        fresh = self.contact(channel_id=phone.id)
        self.watch()
        self.watch()
        mine = late.activity_ids.filtered(lambda a: a.user_id == self.users["manager"])
        self.assertEqual(len(mine), 1)
        self.assertTrue(late.answer_missed_at)
        self.assertFalse(fresh.activity_ids)

    def test_watching_costs_what_is_due(self):
        """O21: what is not overdue costs the watch nothing."""
        self.contact()
        self.env.flush_all()
        self.watch()
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            self.watch()

    def test_any_employee_reports_a_public_complaint(self):
        """C17: in one form, urgent, and the department knows at once."""
        reports = self.env["jinxing.public.report"].with_user(self.users["nobody"])
        report = reports.create(
            {
                "source": "authority",
                "where": "Consumers' association of Deyang",
                "customer": "Liu Yang",
                "phone": "13900001111",
                "text": "The machine stood for three weeks",
                "file": b"SGVsbG8=",
                "file_name": "letter.txt",
            }
        )
        notice = report.action_report()
        self.assertEqual(notice["tag"], "display_notification")
        ticket = self.env["helpdesk.ticket"].search([], order="id desc", limit=1)
        self.assertEqual((ticket.kind, ticket.public_source), ("complaint", "authority"))
        self.assertTrue(ticket.emergency)
        self.assertEqual(ticket.complaint_step, "record")
        self.assertIn(self.users["supervisor"], ticket.activity_ids.user_id)
        self.assertEqual(ticket.evidence_ids.file_name, "letter.txt")
        decision = self.decision(ticket, "contact_route")
        self.assertIn("C17", decision.clause_codes)
        with self.refused(ValidationError, "where it was raised"):
            reports.create({"source": "media", "where": "  ", "text": "x"}).action_report()

    def test_reporting_takes_no_other_right(self):
        """C17: who may report may not therefore read complaints or their evidence."""
        ticket = self.complain()
        nobody = self.users["nobody"]
        with self.assertRaises(AccessError):
            ticket.with_user(nobody).read(["name"])
        for model in ("evidence", "log", "notice"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[f"jinxing.complaint.{model}"].with_user(nobody).search([])

    def test_mailbox(self):
        """O20: a letter to the mailbox becomes a contact, routed and with its channel."""
        mail = (
            "From: Liu Yang <liu@example.com>\r\nTo: opinion@example.com\r\n"
            "Subject: Manual\r\nMessage-Id: <m1@example.com>\r\n\r\nWhere do I find it?"
        )
        team = self.ref("team_service")
        ticket_id = self.env["mail.thread"].message_process(
            "helpdesk.ticket", mail, custom_values={"team_id": team.id, "kind": "opinion"}
        )
        ticket = self.env["helpdesk.ticket"].browse(ticket_id)
        self.assertEqual((ticket.kind, ticket.team_id), ("opinion", team))
        self.assertIn("Where do I find it", ticket.fault_description)
        self.assertEqual(
            ticket.channel_id, self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email")
        )
        self.assertFalse(ticket.answered_at)
        self.assertEqual(team.alias_id.alias_name, "opinion")
        self.assertEqual(team.alias_id.alias_model_id.model, "helpdesk.ticket")

    def test_no_query_per_contact(self):
        """O21: routing many at once asks the table once."""
        self.contact()
        self.env.flush_all()
        self.env.invalidate_all()
        values = {"kind": "opinion", "caller_name": "Liu", "category_id": self.quality.id}
        tickets = self.env["helpdesk.ticket"].with_user(self.users["clerk"])
        tickets.create([dict(values)])
        self.env.flush_all()
        counts = []
        for number in (1, 30):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets.create([dict(values) for _each in range(number)])
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # the base takes a number for each
        self.assertLess(counts[1] - counts[0], 30 * 4, counts)

    def test_the_customer_does_not_close_a_complaint(self):
        """C19: the base's button in the portal is not for complaints."""
        ticket = self.at("investigate")
        mine = ticket.with_user(self.users["farmer"])
        self.assertFalse(mine._may_close_from_portal())
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        with self.assertRaises(AccessError):
            mine._close_from_portal(done.id)
        self.assertEqual(ticket.complaint_step, "investigate")
