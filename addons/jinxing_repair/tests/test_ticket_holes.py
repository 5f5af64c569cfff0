from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import RepairCase, RepairData


@tagged("post_install", "-at_install")
class TestTicketRoutes(RepairData, HttpCase):
    """What the base's ticket routes let anybody do, and ours do not (S8.1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.ticket(cls.farmer)
        cls.theirs = cls.ticket(cls.other_farmer)
        cls.done = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.awaiting = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_awaiting")

    @classmethod
    def ticket(cls, partner):
        return cls.env["helpdesk.ticket"].create(
            {"partner_id": partner.id, "fault_description": "It stands"}
        )

    def close(self, ticket, stage, **kw):
        data = {"csrf_token": Request.csrf_token(self), "ticket_id": ticket.id}
        return self.url_open(
            "/ticket/close", data={**data, "stage_id": stage.id, **kw}, allow_redirects=False
        )

    def test_a_link_moves_nothing(self):
        """S8.1: the base closes a ticket by GET; here a link does nothing."""
        self.authenticate("r_farmer", "r_farmer")
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/ticket/close?ticket_id={self.mine.id}&stage_id={self.done.id}",
                allow_redirects=False,
            )
        self.assertEqual(answer.status_code, 405)
        self.assertFalse(self.mine.closed)

    def test_without_the_token(self):
        """S8.1: a forged POST is refused."""
        self.authenticate("r_farmer", "r_farmer")
        with mute_logger("odoo.http"):
            answer = self.close(self.mine, self.done, csrf_token="x")
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.mine.closed)

    def test_not_logged_in(self):
        """S8.1: nobody closes anything without a login."""
        self.authenticate(None, None)
        self.close(self.mine, self.done)
        self.assertFalse(self.mine.closed)

    def test_somebody_elses(self):
        """S8.1: the base closes any ticket for any user; here only one's own."""
        self.authenticate("r_farmer", "r_farmer")
        self.close(self.theirs, self.done)
        self.assertFalse(self.theirs.closed)
        self.theirs.message_subscribe(partner_ids=self.farmer.ids)
        self.close(self.theirs, self.done)
        self.assertFalse(self.theirs.closed, "following is reading, not closing")

    def test_stage_not_for_this(self):
        """S8.1: only to a stage that allows it."""
        self.authenticate("r_farmer", "r_farmer")
        self.close(self.mine, self.awaiting)
        self.assertNotEqual(self.mine.stage_id, self.awaiting)
        for bad in ("", "abc", "-1", "999999", "1e9"):
            self.assertEqual(self.close(self.mine, self.done, stage_id=bad).status_code, 302)
            self.assertEqual(self.close(self.mine, self.done, ticket_id=bad).status_code, 302)
        self.assertFalse(self.mine.closed)

    def test_ones_own(self):
        """S8.1: one's own registration is closed, unless somebody works on it."""
        self.authenticate("r_farmer", "r_farmer")
        page = self.url_open(f"/my/ticket/{self.mine.id}").text
        self.assertIn('action="/ticket/close"', page)
        self.assertNotIn('method="GET"', page)
        self.mine.write({"lot_id": self.machine.id, "service_address": "Luxi"})
        self.mine.action_create_dispatch_order()
        self.close(self.mine, self.done)
        self.assertFalse(self.mine.closed)
        page = self.url_open(f"/my/ticket/{self.mine.id}").text
        self.assertIn('<div class="alert alert-warning"', page)
        self.assertNotIn('action="/ticket/close"', page)
        self.mine.order_ids.with_user(self.users["supervisor"]).action_cancel_order("Called off")
        self.close(self.mine, self.done)
        self.assertTrue(self.mine.closed)

    def test_submitted_by_a_link(self):
        """S8.1: the base makes a ticket from a link; here the form is posted."""
        self.authenticate("r_farmer", "r_farmer")
        tickets = self.env["helpdesk.ticket"]
        before = tickets.search_count([])
        with mute_logger("odoo.http"):
            answer = self.url_open("/submitted/ticket?subject=x&description=y")
        self.assertEqual(answer.status_code, 405)
        form = {"csrf_token": Request.csrf_token(self), "subject": "  ", "description": "y"}
        self.url_open("/submitted/ticket", data=form)
        self.assertEqual(tickets.search_count([]), before)
        hidden = self.env["helpdesk.ticket.category"].create(
            {"name": "Inside", "show_in_portal": False}
        )
        form.update(subject="Help", category=hidden.id, team="'; drop")
        self.url_open("/submitted/ticket", data=form)
        made = tickets.search([("name", "=", "Help")])
        self.assertEqual((made.partner_id, made.category_id.id), (self.farmer, False))


@tagged("post_install", "-at_install")
class TestTicketStages(RepairCase):
    """Stages: who writes them, and how they follow the order."""

    def test_public_writes_no_stage(self):
        """S8.1: the base lets anybody without a login rename stages."""
        stage = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            stage.with_user(self.env.ref("base.public_user")).name = "Hacked"

    def test_stage_follows_the_order(self):
        """S8.1: new, in progress with the order, done when it is closed."""
        ticket = self.register()
        new = ticket.stage_id
        ticket.action_create_dispatch_order()
        progress = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.assertEqual(ticket.stage_id, progress)
        clerk = ticket.with_user(self.users["clerk"])
        with self.assertRaisesRegex(UserError, "work goes on"):
            clerk.stage_id = done
        order = ticket.order_ids
        order.with_user(self.users["supervisor"]).action_cancel_order("Wrong machine")
        self.assertEqual(ticket.stage_id, new, "a contact is not forgotten")
        signed = self.signed()
        ticket = signed.ticket_id
        signed.with_user(self.users["technician"]).action_hand_in()
        self.assertEqual(ticket.stage_id, progress)
        signed.with_user(self.users["supervisor"]).action_close(5)
        self.assertEqual(ticket.stage_id, done)
        self.assertTrue(ticket.closed_date)

    def test_one_open_order(self):
        """S8.1: a registration has one open order; the database says so too."""
        order = self.order()
        with self.assertRaisesRegex(UserError, "open dispatch order already"):
            order.ticket_id.action_create_dispatch_order()
        with self.assertRaisesRegex(Exception, "one_open_order"), mute_logger("odoo.sql_db"):
            self.env["repair.order"].create(order.ticket_id._prepare_dispatch_order())

    def test_unknown_callers(self):
        """S8.1: callers nobody knows become contacts, the same caller once."""
        tickets = self.env["helpdesk.ticket"].with_user(self.users["clerk"]).create(
            [
                {
                    "caller_name": name,
                    "caller_phone": phone,
                    "fault_description": "It stands",
                    "service_address": "Luxi 5",
                }
                for name, phone in (
                    ("Sun Wu", "138 8123 9999"), ("Sun Wu", "13881239999"), ("Bai Gu", False),
                    ("Bai Gu", False), (self.farmer.name, self.farmer.phone),
                )
            ]
        )
        tickets.action_create_dispatch_order()
        one, again, first, second, known = (ticket.partner_id for ticket in tickets)
        self.assertEqual(one, again)
        self.assertEqual((one.phone, one.street), ("13881239999", "Luxi 5"))
        self.assertNotEqual(first, second, "a name alone is not a person")
        self.assertEqual(known, self.farmer)
