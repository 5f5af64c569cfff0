from odoo import models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
_NEW = _lt("A customer reports a fault")
_AGAIN = _lt("A customer adds to his report")
#: Channels by which a report comes without anybody at the telephone.
_BY_THEMSELVES = ("channel_qr", "channel_portal")


class HelpdeskTicket(models.Model):
    """Reports that come by themselves are told to the hotline at once (S8.1, O21)."""

    _inherit = "helpdesk.ticket"

    def _message_track_post_template(self, changes):
        """Send the letter of a stage only where there is an address: most farmers have none.

        The base makes a letter to nobody, tries to send it, and shows it as failed.
        """
        reachable = self.filtered(
            lambda t: not t.stage_id.mail_template_id or t.partner_id.email or t.partner_email
        )
        return super(HelpdeskTicket, reachable)._message_track_post_template(changes)

    def _hotline_clerks(self):
        """Return who takes the calls: of the team, else of the company; clerks before others."""
        self.ensure_one()
        # sudo: a customer's report asks who is to be told
        ticket = self.sudo()
        group = self.env.ref("jinxing_base.group_clerk")
        clerks = ticket.env["res.users"].search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", ticket.company_id.ids),
                ("share", "=", False),
            ],
            order="id",
        )
        clerks = (ticket.team_id.user_ids & clerks) or clerks
        supervisor = self.env.ref("jinxing_base.group_supervisor")
        return clerks.filtered(lambda user: supervisor not in user.all_group_ids) or clerks

    def _tell_clerks(self, again=False):
        """Show a report on the clerks' screens, and give the first of them a task.

        Nobody is at the telephone when a report comes from the machine's page or the portal: who
        watches the list sees it at once, and who does not finds the task.

        :param again: the customer has added to a report there is a task for already
        """
        self.ensure_one()
        clerks = self._hotline_clerks()
        # sudo: whoever reports reads none of this
        ticket = self.sudo().with_context(mail_activity_quick_update=True)
        for clerk in clerks:
            reader = self.with_context(lang=clerk.lang or "zh_CN").env
            clerk.partner_id._bus_send(
                "simple_notification",
                {
                    "type": "danger" if ticket.emergency else "warning",
                    "sticky": True,
                    "title": reader._(_AGAIN if again else _NEW),
                    "message": f"{ticket.number} {ticket.lot_id.name or ''} {ticket.name}",
                },
            )
        responsible = ticket.user_id or clerks[:1]
        if responsible and not (
            again and ticket.activity_search(["jinxing_repair.activity_report"])
        ):
            reader = self.with_context(lang=responsible.lang or "zh_CN").env
            ticket.activity_schedule(
                "jinxing_repair.activity_report",
                summary=reader._(_AGAIN if again else _NEW),
                user_id=responsible.id,
                automated=True,
            )

    def _reports_taken_up(self):
        """End the tasks of reports somebody has taken up."""
        find = self.env["ir.model.data"]._xmlid_to_res_id
        channels = {find(f"jinxing_repair.{name}") for name in _BY_THEMSELVES}
        reported = self.filtered(lambda ticket: ticket.channel_id.id in channels)
        if reported:
            # sudo: the task may be another clerk's
            reported.sudo().activity_feedback(["jinxing_repair.activity_report"])
