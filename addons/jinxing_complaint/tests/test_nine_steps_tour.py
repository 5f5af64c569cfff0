from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.jinxing_complaint.rules import complaint

from .test_portal import PortalCase


@tagged("post_install", "-at_install")
class TestNineStepsInTheBrowser(PortalCase):
    """C19.1-C19.9: one complaint, each person in his own browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        for user in cls.users.values():
            user.lang = "en_US"
        cls.farmer.name = "Zhang Defu"  # his user was named after the login
        cls.env["res.lang"].search([("code", "=", "en_US")]).write(
            {"date_format": "%m/%d/%Y", "time_format": "%H:%M:%S"}
        )

    def walk(self, path, tour, role):
        self.start_tour(path, f"jinxing_nine_{tour}", login=f"r_{role}")
        self.env.invalidate_all()

    @mute_logger("odoo.http")  # what is refused on the way is logged there
    def test_from_the_call_to_the_file(self):
        """C19.1-C19.9, C18: clerk, supervisor, manager, customer and supervisor again."""
        before = self.env["helpdesk.ticket"].search([], order="id desc", limit=1)
        self.walk("/odoo/complaints/new", "clerk", "clerk")
        ticket = self.env["helpdesk.ticket"].search([("id", ">", before.id or 0)])
        self.assertEqual(len(ticket), 1)
        self.assertEqual((ticket.complaint_step, ticket.escalated_to), ("propose", "manager"))

        self.walk("/odoo/complaints-due", "supervisor_asked", "supervisor")
        self.assertEqual(ticket.complaint_step, "propose")
        self.walk(f"/odoo/complaints/{ticket.id}", "manager", "manager")
        self.assertEqual(ticket.complaint_step, "consent")

        self.walk(f"/my/complaint/{ticket.id}", "customer", "farmer")
        self.assertEqual(ticket.complaint_step, "liability")
        self.assertEqual((ticket.consent_method, ticket.consent_by), ("portal", "Zhang Defu"))

        self.walk(f"/odoo/complaints/{ticket.id}", "supervisor", "supervisor")
        self.assertEqual(ticket.complaint_step, "closed")
        self.assertEqual(
            ticket.complaint_log_ids.mapped("clause")[1:],
            ["C19.1", "C19.2", "C19.3", "C19.4", "C19.5", "C19.5", *(
                f"C19.{number}" for number in range(6, 10)
            )],
        )
        self.assertEqual(len(complaint.NINE), 9)
        self.assertTrue(ticket.archive_file)
        self.assertEqual(ticket.countermeasure_ids.measure_state, "running")
        self.assertEqual(ticket.penalty_ids.employee_id, self.employee)
