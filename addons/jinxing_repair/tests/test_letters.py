from unittest.mock import patch

from odoo.tests import tagged

from .common import RepairCase


@tagged("post_install", "-at_install")
class TestLetters(RepairCase):
    """The letter of a stage goes to those who have an address (O21)."""

    def letters(self, **values):
        """Return how many letters are made when a registration of such a caller is done."""
        caller = self.env["res.partner"].create(
            {"name": "Zhou Mingfu", "phone": "13980120001", **values}
        )
        machine = self.sell(f"JYL{caller.id}", 5, owner=caller)
        ticket = self.register(machine).sudo().with_context(tracking_disable=False)
        self.env.flush_all()
        self.cr.precommit.run()
        model = self.env.registry["helpdesk.ticket"]
        with patch.object(model, "message_mail_with_source") as send:
            ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
            self.env.flush_all()
            self.cr.precommit.run()
        return send.call_count

    def test_done_without_an_address(self):
        """O21: most farmers have no address; nothing is sent to nobody and shown as failed."""
        self.assertEqual(self.letters(), 0)

    def test_done_with_an_address(self):
        """O21: who has an address gets the letter."""
        self.assertEqual(self.letters(email="zhou@example.com"), 1)
