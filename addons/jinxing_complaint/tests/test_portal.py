import json
import time
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import ComplaintData


class PortalCase(ComplaintData, HttpCase):
    """For tests of pages."""

    def page(self, url, **data):
        """Open a page, or send a form when data are given; the form's own proof is added."""
        if data:
            data = {"csrf_token": http.Request.csrf_token(self), **data}
            return self.url_open(url, data=data)
        return self.url_open(url)


@tagged("post_install", "-at_install")
class TestComplaintPortal(PortalCase):
    """C19.6: the customer's page of his complaint, and nobody else's."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.ticket = self.at("consent")
        self.url = f"/my/complaint/{self.ticket.id}"

    def answer(self, what, **data):
        from ..controllers.complaint import ComplaintPortal

        known = {"proposal": ComplaintPortal._fingerprint(self.ticket), "name": "Zhang Defu"}
        return self.page(f"{self.url}/{what}", **{**known, **data})

    def token(self):
        self.ticket._portal_ensure_token()
        return self.ticket.access_token

    def test_the_customer_reads_what_concerns_him(self):
        """C19: steps, promise and proposal; nothing of the house."""
        self.authenticate("r_farmer", "r_farmer")
        page = self.page(self.url).text
        for text in ("The reel broke", "New reel", "Reel fitted", "150"):
            self.assertIn(text, page)
        for text in ("Weld without root", "Weld cut open", "Sun Zhigang"):
            self.assertNotIn(text, page)
        self.assertIn(
            self.url, self.page(f"/my/ticket/{self.ticket.id}").url,
            "C19: the base's page leads here",
        )

    def test_he_agrees(self):
        """C19.6: by his click, with his name; it is noted as his."""
        self.authenticate("r_farmer", "r_farmer")
        self.answer("consent")
        self.ticket.invalidate_recordset()
        self.assertEqual(self.ticket.complaint_step, "liability")
        self.assertEqual(
            (self.ticket.consent_method, self.ticket.consent_by), ("portal", "Zhang Defu")
        )
        self.assertEqual(self.ticket.consent_user_id, self.users["farmer"])
        self.answer("consent")
        self.assertEqual(self.ticket.complaint_step, "liability")

    def test_he_refuses(self):
        """C19.6: he says why, and a new proposal is due."""
        self.authenticate("r_farmer", "r_farmer")
        self.answer("refuse", reason="  ")
        self.ticket.invalidate_recordset()
        self.assertEqual(self.ticket.complaint_step, "consent")
        self.answer("refuse", reason="Two days were lost")
        self.ticket.invalidate_recordset()
        self.assertEqual(self.ticket.complaint_step, "propose")
        self.assertEqual(self.ticket.complaint_log_ids[-1].reason, "Two days were lost")

    def test_by_the_link_of_the_letter(self):
        """C19.6: without login, by the link sent to the customer."""
        token = self.token()
        self.assertIn(f"{self.url}?access_token={token}", self.ticket._complaint_link())
        page = self.page(f"{self.url}?access_token={token}")
        self.assertIn('name="agree"', page.text)
        self.answer("consent", access_token=token)
        self.ticket.invalidate_recordset()
        self.assertEqual(self.ticket.complaint_step, "liability")

    def test_a_foreign_one(self):
        """C19: another customer, another dealer, nobody and a wrong token get nothing."""
        for login in ("r_other_farmer", "r_dealer", None):
            self.authenticate(login, login)
            for query in ("", "?access_token=wrong", "?access_token="):
                with self.subTest(login=login, query=query):
                    page = self.page(self.url + query)
                    self.assertNotIn("The reel broke", page.text)
                    self.assertNotIn("/my/complaint/", page.url)
            for what in ("consent", "refuse"):
                self.answer(what, reason="No", access_token="wrong")
        self.ticket.invalidate_recordset()
        self.assertEqual(self.ticket.complaint_step, "consent")
        self.authenticate("r_farmer", "r_farmer")
        self.assertNotIn("/my/complaint/", self.page("/my/complaint/999999").url)

    @mute_logger("odoo.http")
    def test_forged(self):
        """C19.6: a form without the proof that it is ours, or a mere link, does nothing."""
        self.authenticate("r_farmer", "r_farmer")
        for what in ("consent", "refuse"):
            answer = self.url_open(
                f"{self.url}/{what}", data={"name": "X", "reason": "x", "proposal": "y"}
            )
            self.assertEqual(answer.status_code, 400)
            self.assertIn(self.url_open(f"{self.url}/{what}?name=X").status_code, (404, 405))
        self.ticket.invalidate_recordset()
        self.assertEqual(self.ticket.complaint_step, "consent")

    def test_the_proposal_changed(self):
        """C19.6: nobody agrees to another proposal than the one he saw."""
        self.authenticate("r_farmer", "r_farmer")
        page = self.answer("consent", proposal="0123456789abcdef")
        self.assertIn('data-answer="changed"', page.text)
        self.assertEqual(self.ticket.complaint_step, "consent")

    def test_staff_do_not_answer_for_him(self):
        """C19.6: who reads the page with a right of the house is not the customer."""
        self.authenticate("r_clerk", "r_clerk")
        page = self.answer("consent")
        self.assertIn('data-answer="foreign"', page.text)
        self.ticket.invalidate_recordset()
        self.assertEqual(self.ticket.complaint_step, "consent")

    def test_files_of_the_house(self):
        """C18: evidence and archive are not the customer's, by whatever address."""
        piece = self.env["jinxing.complaint.evidence"].create(
            {"ticket_id": self.complain().id, "name": "Weld", "file": b"SGVsbG8="}
        )
        self.ticket._store_step({"archive_file": b"SGVsbG8=", "archive_name": "x.pdf"})
        files = self.env["ir.attachment"].search(
            [("res_field", "in", ("file", "archive_file")), ("res_id", "in", piece.ids
              + self.ticket.ids)]
        )
        self.assertEqual(len(files), 2)
        addresses = [f"/web/content/{file.id}" for file in files] + [
            f"/web/content/helpdesk.ticket/{self.ticket.id}/archive_file",
            f"/web/content/jinxing.complaint.evidence/{piece.id}/file",
        ]
        for login in ("r_farmer", "r_dealer", None):
            self.authenticate(login, login)
            for address in addresses:
                with self.subTest(login=login, address=address):
                    self.assertNotIn(b"Hello", self.page(address).content)
        self.authenticate("r_supervisor", "r_supervisor")
        for address in addresses:
            self.assertIn(b"Hello", self.page(address).content)


@tagged("post_install", "-at_install")
class TestContactForm(PortalCase):
    """O20: the public form, and what keeps robots out."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def send(self, wait=60, **data):
        """Fill the form in as a person does, so many seconds after it was opened."""
        page = self.page("/service/contact")
        self.assertEqual(page.status_code, 200)
        for name in ("name", "phone", "email", "subject", "machine", "text"):
            self.assertIn(f' name="{name}"', page.text)
        started = page.text.split('name="started" value="')[1].split('"')[0]
        values = {
            "name": "Liu Yang", "phone": "13900001111", "text": "The seat is too low",
            "kind": "opinion", "started": started, **data,
        }
        now = time.time() + wait
        with patch("odoo.addons.jinxing_complaint.controllers.contact.time") as clock:
            clock.time.return_value = now
            return self.page("/service/contact", **values)

    def contacts(self):
        return self.env["helpdesk.ticket"].search([("caller_name", "=", "Liu Yang")])

    def test_a_message(self):
        """O20, O21: without login it becomes a contact, routed, with its channel."""
        answer = self.send(subject=self.quality.id, machine="JY20250001")
        ticket = self.contacts()
        self.assertEqual(len(ticket), 1)
        self.assertIn(ticket.number, answer.text)
        self.assertEqual(ticket.team_id, self.env.ref("jinxing_complaint.team_quality"))
        self.assertEqual(
            ticket.channel_id, self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web")
        )
        self.assertIn("JY20250001", ticket.fault_description)
        self.assertFalse(ticket.partner_id, "nobody is taken at his word to be a customer")
        self.assertFalse(ticket.user_id, "the visitor is not in charge of it")

    def test_a_complaint_of_a_customer(self):
        """C19.1: of whoever is logged in it is his own, and begins with the first step."""
        self.authenticate("r_farmer", "r_farmer")
        self.send(kind="complaint")
        ticket = self.contacts()
        self.assertEqual(ticket.partner_id, self.farmer)
        self.assertEqual(ticket.complaint_step, "record")

    def test_what_is_missing(self):
        """O20: a name, a message, and a way to answer."""
        for data, field in (
            ({"name": " "}, "name"),
            ({"text": "Hi"}, "text"),
            ({"phone": ""}, "phone"),
            ({"phone": "12"}, "phone"),
            ({"phone": "", "email": "nowhere"}, "email"),
        ):
            with self.subTest(data):
                answer = self.send(**data)
                self.assertEqual(answer.status_code, 422)
                self.assertIn(f'data-error="{field}"', answer.text)
        self.assertFalse(self.contacts())
        self.send(phone="", email="liu@example.com")
        self.assertEqual(len(self.contacts()), 1)

    def test_robots(self):
        """O20: the hidden field, a form that comes too fast, an invented or old hour."""
        self.assertIn("data-thanks", self.send(website="http://spam").text)
        self.assertEqual(self.send(wait=0).status_code, 422)
        self.assertEqual(self.send(started="").status_code, 422)
        self.assertEqual(self.send(started="AAAA").status_code, 422)
        self.assertEqual(self.send(started="AAE%$").status_code, 422)
        self.assertFalse(self.contacts())

    @mute_logger("odoo.http")
    def test_forged(self):
        """O20: a form of another site, or a mere link, registers nothing."""
        answer = self.url_open(
            "/service/contact", data={"name": "Liu Yang", "text": "Spam spam"}
        )
        self.assertEqual(answer.status_code, 400)
        self.page("/service/contact?name=Liu+Yang&text=Spam+spam&phone=13900001111")
        self.assertFalse(self.contacts())

    def test_too_many(self):
        """O20: so many messages an hour from one address, a policy."""
        limit = self.env["jinxing.policy.parameter"]._value("contact_form_per_hour")
        for _number in range(limit):
            self.assertEqual(self.send().status_code, 200)
        answer = self.send()
        self.assertEqual(answer.status_code, 429)
        self.assertEqual(len(self.contacts()), limit)

    def test_nothing_else_is_set(self):
        """O20: a form cannot choose department, step, customer or company."""
        self.send(
            kind="installation", subject="9999999", team_id="1", partner_id=self.farmer.id,
            complaint_step="closed", stage_id="1", company_id="99", emergency="1",
        )
        ticket = self.contacts()
        self.assertEqual((ticket.kind, ticket.emergency), ("consultation", False))
        self.assertFalse(ticket.category_id or ticket.partner_id)


@tagged("post_install", "-at_install")
class TestQuestionnaire(PortalCase):
    """M27: the questionnaire opens for who calls, and for who was called; for nobody else."""

    def setUp(self):
        super().setUp()
        self.call = self.env["jinxing.follow.up"].create(
            {"partner_id": self.farmer.id, "technician_id": self.technician.id}
        )
        url = self.call.with_user(self.users["clerk"]).action_call()["url"]
        self.path = "/survey/" + url.split("/survey/")[1]
        self.answers = self.call.user_input_id

    def test_who_may_open_it(self):
        """M27: the office, the customer, whoever has the letter; not another one who logs in."""
        for login in ("r_clerk", "r_supervisor", "r_farmer", None):
            with self.subTest(login):
                self.authenticate(login, login)
                self.assertIn("o_survey_form", self.page(self.path).text)
        for login in ("r_technician", "r_nobody", "r_other_farmer", "r_dealer"):
            with self.subTest(login):
                self.authenticate(login, login)
                self.assertNotIn("o_survey_form", self.page(self.path).text)

    def test_opened_again(self):
        """M27: the line was cut: the same questionnaire opens for who calls again."""
        self.env.flush_all()
        self.env.invalidate_all()
        again = self.call.with_user(self.users["supervisor"]).action_call()
        self.assertTrue(again["url"].endswith(self.path.split("/survey/")[1]))

    def test_the_clerk_fills_it_in(self):
        """M27, N10: what the clerk sends is taken over, and a yes to N10 opens a complaint."""
        self.authenticate("r_clerk", "r_clerk")
        token = f"{self.answers.survey_id.access_token}/{self.answers.access_token}"
        values = {}
        for question in self.answers.survey_id.question_ids:
            options = question.suggested_answer_ids
            if options:
                chosen = options[-1:] if question.follow_up_role == "n10" else options[:1]
                values[str(question.id)] = str(chosen.id)
        for step, params in (("begin", {}), ("submit", values)):
            answer = self.url_open(
                f"/survey/{step}/{token}",
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}),
                headers={"Content-Type": "application/json"},
            ).json()
            self.assertNotIn("error", answer)
        self.env.invalidate_all()
        self.assertEqual((self.call.state, self.call.outcome), ("done", "conduct"))
        self.assertEqual(self.call.satisfaction, 5)
        self.assertEqual(self.call.done_by_id, self.users["clerk"])
        self.assertEqual(self.call.made_ticket_id.technician_id, self.technician)
