from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Request
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import RepairCase, RepairData

#: A picture of one pixel.
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcfP\x0f\x00\x03\x86\x01\x80Z4}k\x00\x00\x00"
    b"\x00IEND\xaeB`\x82"
)


@tagged("post_install", "-at_install")
class TestRegistration(RepairCase):
    """The registration form 售后服务登记表 (S8.1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tickets = cls.env["helpdesk.ticket"].with_user(cls.users["clerk"])
        cls.view = "jinxing_repair.registration_view_form"

    def test_one_field_finds_the_machine(self):
        """S8.1: serial, engine, card, phone or name; owner, card, cover show before saving."""
        self.machine.engine_number = "CC4115-1"
        card = self.machine.card_id
        lots = self.env["stock.lot"].with_user(self.users["clerk"])
        lots = lots.with_context(jinxing_machine=True)
        for text in ("JY20250001", "CC4115-1", card.name, "139 8012 3456", "r_farmer"):
            with self.subTest(text=text):
                self.assertIn(self.machine.id, [key for key, _name in lots.name_search(text)])
        with Form(self.tickets, view=self.view) as form:
            form.lot_id = self.machine
            self.assertEqual(form.owner_id, self.farmer)
            self.assertEqual(form.partner_id, self.farmer)
            self.assertEqual(form.caller_phone, "13980123456")
            self.assertEqual(form.card_id, card)
            self.assertEqual(form.product_id, self.model)
            self.assertIn("Luxi 5", form.service_address)
            ends = {line["cover_class"]: line["date_end"] for line in form.cover_line_ids._records}
            self.assertEqual(
                ends, {line.cover_class: str(line.date_end) for line in card.line_ids}
            )
            form.fault_description = "Oil leak"
        self.assertEqual(form.record.name, "Oil leak")

    def test_phone_finds_machine_and_contact(self):
        """S8.1: a known number fills in machine and caller; one of two machines is not guessed."""
        with Form(self.tickets, view=self.view) as form:
            form.caller_phone = "138-8123-4567"
            self.assertEqual(form.partner_id, self.other_farmer)
            self.assertFalse(form.lot_id)
            form.fault_description = "x"
        third = self.sell("JY3", months=1, owner=self.other_farmer)
        with Form(self.tickets, view=self.view) as form:
            form.caller_phone = "13881234567"
            self.assertEqual(form.lot_id, third)
            form.fault_description = "x"

    def test_open_orders_and_contacts_show(self):
        """S8.1: what is open for the machine or the phone shows while typing."""
        order = self.approved()
        with Form(self.tickets, view=self.view) as form:
            form.lot_id = self.machine
            self.assertEqual([r.id for r in form.open_order_ids], order.ids)
            self.assertEqual([r.id for r in form.similar_ids], order.ticket_id.ids)
            form.fault_description = "Again"
        ticket = form.record
        self.assertEqual(ticket.similar_ids, order.ticket_id)
        self.assertFalse(ticket.with_user(self.users["clerk"]).create(
            {"caller_name": "Nobody", "fault_description": "x"}
        ).similar_ids)

    def test_link_to_an_open_contact(self):
        """S8.1: one click links the second call to the first; it is closed and told there."""
        order = self.approved()
        first = order.ticket_id
        second = self.register(emergency=True)
        first.with_user(self.users["clerk"]).with_context(
            linked_ticket_id=second.id
        ).action_link_here()
        self.assertEqual(second.duplicate_id, first)
        self.assertTrue(second.closed)
        self.assertTrue(first.emergency)
        self.assertIn(second.number, first.message_ids[:1].body)
        with self.assertRaisesRegex(UserError, first.number):
            second.with_user(self.users["clerk"]).action_create_dispatch_order()
        with self.assertRaises(UserError):
            first.with_context(linked_ticket_id=first.id).action_link_here()
        with self.assertRaisesRegex(UserError, "of its own"):
            self.register().with_context(linked_ticket_id=first.id).action_link_here()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            first.with_user(self.users["technician"]).with_context(
                linked_ticket_id=self.register().id
            ).action_link_here()

    def test_bad_input(self):
        """S8.1: no number is no number, the future has not called, hours are not negative."""
        values = {"caller_name": "x", "fault_description": "y"}
        with self.assertRaisesRegex(ValidationError, "telephone"):
            self.tickets.create({**values, "caller_phone": "12ab"})
        with self.assertRaisesRegex(ValidationError, "future"):
            self.tickets.create({**values, "called_at": "2999-01-01 00:00:00"})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.tickets.create({**values, "engine_hours": -1})
        ticket = self.register()
        with self.assertRaisesRegex(UserError, "who called"):
            self.tickets.create({"fault_description": "y"}).action_create_dispatch_order()
        ticket.kind = "praise"
        with self.assertRaisesRegex(UserError, "only a repair"):
            ticket.action_create_dispatch_order()

    def test_contact_found_by_phone(self):
        """S8.1: a contact is found by his number where a caller is looked for."""
        partners = self.env["res.partner"].with_user(self.users["clerk"])
        found = partners.with_context(jinxing_phone=True).name_search("138 8123 4567")
        self.assertEqual([key for key, _name in found], self.other_farmer.ids)
        self.assertFalse(partners.name_search("138 8123 4567"))

    def test_letter(self):
        """O21: a letter by e-mail is a contact, with its machine when it names just one."""
        team = self.env.ref("jinxing_repair.team_hotline")
        self.assertEqual(team.alias_name, "service")
        ticket = self.env["helpdesk.ticket"].browse(
            self.env["mail.thread"].message_process(
                "helpdesk.ticket",
                "From: Zhang <zhang@example.com>\nTo: service@example.com\n"
                "Subject: Machine JY20250001 leaks\nMessage-Id: <1@x>\n"
                "Content-Type: text/plain\n\nPlease come. It is JY20250001.\n",
                custom_values={"team_id": team.id},
            )
        )
        self.assertEqual(
            (ticket.kind, ticket.channel_id.name, ticket.team_id), ("consultation", "Email", team)
        )
        self.assertEqual(ticket.lot_id, self.machine)
        self.assertIn("Please come", ticket.fault_description)
        self.assertTrue(ticket.caller_name)
        self.assertFalse(self.tickets._machine_named_in("JY20250001 or JY20250002"))


@tagged("post_install", "-at_install")
class TestReportPages(RepairData, HttpCase):
    """Faults customers report themselves: QR page and portal (S8.1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.token = cls.machine.qr_token
        cls.good = {"name": "Zhang Defu", "phone": "139 8012 3456", "text": "It stands",
                    "address": "Luxi 5"}

    def reports(self):
        return self.env["helpdesk.ticket"].search([("lot_id", "=", self.machine.id)])

    def post(self, url, files=None, **values):
        data = {"csrf_token": Request.csrf_token(self), **self.good, **values}
        return self.url_open(url, data=data, files=files)

    def test_qr_page(self):
        """S8.1: whoever stands before the machine reports its fault; the owner is recognised."""
        self.authenticate(None, None)
        url = f"/w/{self.token}/fault"
        words = {"number": "139 8012 3456", "fault": "It stands"}
        self.post(url, [("photo", ("a.png", PIXEL, "image/png"))], **words)
        ticket = self.reports()
        self.assertEqual(ticket.channel_id, self.env.ref("jinxing_repair.channel_qr"))
        self.assertEqual((ticket.kind, ticket.partner_id), ("repair", self.farmer))
        self.assertEqual(ticket.team_id, self.env.ref("jinxing_repair.team_hotline"))
        self.assertEqual(len(ticket.message_ids.attachment_ids), 1)
        self.post(url, number="13980123456", fault="Now it smokes")
        self.assertEqual(self.reports(), ticket, "the same caller adds to it")
        self.assertIn("Now it smokes", ticket.message_ids[:1].body)
        self.post(url, number="13512345678", name="<b>Li</b>", fault="Smoke")
        other = self.reports() - ticket
        self.assertFalse(other.partner_id, "a stranger is not the owner")
        with mute_logger("odoo.http"):
            forged = self.url_open(url, data={**self.good, **words})
        self.assertEqual(forged.status_code, 400)
        limit = self.env["jinxing.policy.parameter"]._value("public_page_tries")
        before = len(self.reports())
        for number in range(limit + 2):
            self.post(url, number=f"1351234500{number}", fault="Again")
        self.assertLess(len(self.reports()) - before, limit, "the hour's number includes all")

    def told(self, report):
        """Run ``report`` and return the messages on the clerks' screens."""
        sent = []
        partners = type(self.env["res.partner"])

        def send(partner, kind, message, **_more):
            if kind == "simple_notification":
                sent.append((partner, message))

        with patch.object(partners, "_bus_send", send):
            report()
        return sent

    def test_the_hotline_is_told(self):
        """S8.1, O21: a report from the machine's page shows at the hotline, in its language."""
        clerk = self.users["clerk"]
        self.env["res.lang"]._activate_lang("zh_CN")
        clerk.lang = "zh_CN"
        self.authenticate(None, None)
        url = f"/w/{self.token}/fault"
        sent = self.told(lambda: self.post(url, number="13980123456", fault="It stands"))
        ticket = self.reports()
        mine = [message for partner, message in sent if partner.id == clerk.partner_id.id]
        self.assertEqual(len(mine), 1)
        self.assertEqual(mine[0]["title"], "客户报修")
        self.assertIn(ticket.number, mine[0]["message"])
        self.assertIn("JY20250001", mine[0]["message"])
        activity_type = self.env.ref("jinxing_repair.activity_report")
        task = ticket.activity_ids
        self.assertEqual(task.activity_type_id, activity_type)
        self.assertTrue(task.user_id.has_group("jinxing_base.group_clerk"))
        self.assertEqual(
            self.env["helpdesk.ticket"].with_user(clerk).search(
                [("activity_type_id", "=", activity_type.id), ("lot_id", "=", self.machine.id)]
            ),
            ticket,
        )
        for role in ("technician", "parts_keeper", "nobody", "farmer", "dealer"):
            partner = self.users[role].partner_id
            self.assertNotIn(partner.id, [receiver.id for receiver, _message in sent])
        sent = self.told(lambda: self.post(url, number="13980123456", fault="Now it smokes"))
        self.assertIn(clerk.partner_id.id, [receiver.id for receiver, _message in sent])
        self.assertEqual(ticket.activity_ids, task, "one task, however often he adds")
        ticket.with_user(clerk).action_create_dispatch_order()
        self.assertFalse(ticket.activity_ids, "taken up")

    def test_the_team_is_told(self):
        """O21: where the hotline has people of its own, they are told, nobody else."""
        other = new_test_user(
            self.env, "r_other_clerk", groups="base.group_user,jinxing_base.group_clerk"
        )
        team = self.env.ref("jinxing_repair.team_hotline")
        team.user_ids = other
        self.authenticate("r_farmer", "r_farmer")
        sent = self.told(lambda: self.post(f"/my/machines/{self.machine.id}/report"))
        self.assertEqual({receiver.id for receiver, _message in sent}, {other.partner_id.id})
        self.assertEqual(self.reports().activity_ids.user_id, other)
        closed = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        self.reports().with_user(other).stage_id = closed
        self.assertFalse(self.reports().activity_ids)

    def test_portal(self):
        """S8.1: dealer and owner report in the portal, on machines of theirs only."""
        url = f"/my/machines/{self.machine.id}/report"
        self.authenticate("r_dealer", "r_dealer")
        self.assertIn(self.farmer.name, self.url_open(url).text)
        self.post(url)
        ticket = self.reports()
        self.assertEqual(ticket.channel_id, self.env.ref("jinxing_repair.channel_portal"))
        self.assertEqual(ticket.partner_id, self.farmer)
        page = self.url_open(f"/my/ticket/{ticket.id}")
        self.assertIn(ticket.number, page.text, "the dealer follows what he reported")
        self.authenticate("r_other_dealer", "r_other_dealer")
        self.post(url, text="Not mine")
        self.assertEqual(self.reports(), ticket)
        self.assertNotIn("Not mine", "".join(ticket.message_ids.mapped("body")))
        with mute_logger("odoo.http"):
            self.assertNotIn(ticket.number, self.url_open(f"/my/ticket/{ticket.id}").text)
        for bad in ({"text": " "}, {"name": ""}, {"phone": "abc"}):
            self.authenticate("r_dealer", "r_dealer")
            with self.subTest(bad=bad):
                self.assertIn("invalid-feedback", self.post(url, **bad).text)
        script = [("photo", ("a.png", b"<script>", "image/png"))]
        self.assertIn("invalid-feedback", self.post(url, script).text)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url, data=self.good).status_code, 400)
        self.authenticate(None, None)
        self.post(url)
        self.assertEqual(self.reports(), ticket)
