import base64

import werkzeug

from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController
from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk


def number(text):
    """Return a record's id from a form, 0 for anything else."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class RegistrationController(HelpdeskTicketController):
    """The base's ticket routes: state changes by POST only, on one's own registrations only."""

    @route("/ticket/close", type="http", auth="user", methods=["POST"])
    def support_ticket_close(self, **kw):
        """Close one's own registration, to a stage that allows it (S8.1).

        The base lets any user move any ticket, by a mere link.
        """
        env = request.env
        ticket = env["helpdesk.ticket"].browse(number(kw.get("ticket_id"))).exists()
        if not ticket or not ticket.has_access("read"):
            return request.redirect("/my/tickets", code=302)
        try:
            ticket._close_from_portal(number(kw.get("stage_id")))
        except (AccessError, UserError) as error:
            request.session["jinxing_ticket_message"] = str(error)
        return request.redirect(f"/my/ticket/{ticket.id}", code=302)

    @route("/submitted/ticket", type="http", auth="user", methods=["POST"])
    def submit_ticket(self, **kw):
        """Register what the form of the portal says; never by a mere link."""
        vals = self._prepare_submit_ticket_vals(**kw)
        if not (vals["name"] or "").strip() or not (kw.get("description") or "").strip():
            return request.redirect("/new/ticket", code=302)
        # sudo: portal users register by this form alone
        ticket = request.env["helpdesk.ticket"].sudo().create(vals)
        ticket.message_subscribe(partner_ids=request.env.user.partner_id.ids)
        self._attach(ticket, request.httprequest.files.getlist("attachment"))
        return werkzeug.utils.redirect(f"/my/ticket/{ticket.id}")

    def _prepare_submit_ticket_vals(self, **kw):
        """Take only categories and teams that the portal shows."""
        category = request.env["helpdesk.ticket.category"].browse(number(kw.get("category")))
        # sudo: whether the portal offers this category
        shown = category.sudo().exists().filtered("show_in_portal")
        return super()._prepare_submit_ticket_vals(
            **{**kw, "category": shown.id or 0, "team": number(kw.get("team"))}
        )

    @staticmethod
    def _attach(ticket, files):
        # sudo: the files belong to the registration just made
        request.env["ir.attachment"].sudo().create(
            [
                {
                    "name": file.filename,
                    "datas": base64.b64encode(file.read()),
                    "res_model": "helpdesk.ticket",
                    "res_id": ticket.id,
                }
                for file in files
                if file.filename
            ]
        )


class RegistrationPortal(CustomerPortalHelpdesk):
    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        """Offer closing only where it is possible, and say why it was refused."""
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        if not ticket._may_close_from_portal():
            values["closed_stages"] = values["closed_stages"].browse()
        values["ticket_message"] = request.session.pop("jinxing_ticket_message", None)
        return values
