from odoo.tests import tagged

from .common import RepairCase


@tagged("post_install", "-at_install")
class TestLetters(RepairCase):
    """The letter of a stage goes to those who have an address (O21)."""

    def letters(self, **values):
        """Return the letters of a registration of such a caller that is done."""
        caller = self.env["res.partner"].create(
            {"name": "Zhou Mingfu", "phone": "13980120001", **values}
        )
        machine = self.sell(f"JYL{caller.id}", 5, owner=caller)
        ticket = self.register(machine).sudo().with_context(tracking_disable=False)
        ticket.flush_recordset()
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.env.flush_all()
        self.cr.precommit.run()
        return self.env["mail.mail"].sudo().search(
            [("model", "=", ticket._name), ("res_id", "=", ticket.id)]
        )

    def test_done_without_an_address(self):
        """O21: most farmers have no address; nothing is sent to nobody and shown as failed."""
        self.assertFalse(self.letters())

    def test_done_with_an_address(self):
        """O21: who has an address gets the letter."""
        self.assertEqual(len(self.letters(email="zhou@example.com")), 1)
