import hashlib
from urllib.parse import urlencode

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route
from odoo.tools import consteq

from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk

from ..rules import complaint

#: Longest text a customer may write on the page of his complaint.
MAX_TEXT = 2000


class ComplaintPortal(CustomerPortalHelpdesk):
    """The customer's own complaint: where it stands, what was promised, his consent (C19)."""

    @route()
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        """Show a complaint on its own page: the base's lists internal files and closes tickets."""
        try:
            ticket = self._document_check_access("helpdesk.ticket", ticket_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if ticket.complaint_step:
            return request.redirect(self._complaint_url(ticket, access_token))
        return super().portal_my_ticket(ticket_id, access_token=access_token, **kw)

    @staticmethod
    def _complaint_url(ticket, access_token=None, **query):
        token = {"access_token": access_token} if access_token else {}
        words = urlencode({**token, **query})
        return f"/my/complaint/{ticket.id}{'?' if words else ''}{words}"

    def _own_complaint(self, ticket_id, access_token):
        """Return the complaint of the page, None when it is not the visitor's.

        :return: the complaint with the system's rights: what the page shows of it is chosen there
        """
        try:
            ticket = self._document_check_access("helpdesk.ticket", ticket_id, access_token)
        except (AccessError, MissingError):
            return None
        # sudo: read by the page after the check, in the visitor's own name
        return ticket.with_env(request.env(su=True)) if ticket.complaint_step else None

    @staticmethod
    def _may_answer(ticket, access_token):
        """Tell whether the visitor is the customer: by his login, or by the link sent to him."""
        user = request.env.user
        if access_token and ticket.access_token and consteq(access_token, ticket.access_token):
            return True
        customer = ticket.partner_id.commercial_partner_id
        return not user._is_public() and bool(
            customer and user.partner_id.commercial_partner_id == customer
        )

    @staticmethod
    def _fingerprint(ticket):
        """Return what names the proposal on the page, so that nobody agrees to another one."""
        words = f"{ticket.id}|{ticket.proposal}|{ticket.proposal_amount}|{ticket.remedy_id.id}"
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    @route(
        "/my/complaint/<int:ticket_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_my_complaint(self, ticket_id, access_token=None, **kw):
        ticket = self._own_complaint(ticket_id, access_token)
        if ticket is None:
            return request.redirect("/my")
        values = {
            **self._prepare_portal_layout_values(),
            "ticket": ticket,
            "page_name": "ticket",
            "token": access_token,
            "may_answer": self._may_answer(ticket, access_token),
            "fingerprint": self._fingerprint(ticket),
            "answer": request.session.pop("jinxing_complaint_message", None),
            "nine": complaint.NINE,
            "steps": dict(ticket._fields["complaint_step"]._description_selection(request.env)),
            "number": complaint.STEPS.index(ticket.complaint_step),
            "shows_promise": complaint.has_passed(ticket.complaint_step, complaint.PROMISE)
            and ticket.complaint_step != complaint.NOT_ESTABLISHED,
            "shows_proposal": ticket.complaint_step == complaint.CONSENT or ticket.consent_at,
        }
        return request.render("jinxing_complaint.portal_my_complaint", values)

    @route(
        "/my/complaint/<int:ticket_id>/consent", type="http", auth="public", methods=["POST"]
    )
    def portal_consent(self, ticket_id, access_token=None, name="", proposal="", **kw):
        """The customer agrees to the solution he sees (C19.6)."""
        return self._answer(
            ticket_id,
            access_token,
            proposal,
            lambda ticket: ticket.action_consent("portal", name[:100]),
        )

    @route("/my/complaint/<int:ticket_id>/refuse", type="http", auth="public", methods=["POST"])
    def portal_refuse(self, ticket_id, access_token=None, reason="", proposal="", **kw):
        """The customer does not agree, and says why; a new proposal follows (C19.6)."""
        text = (reason or "").strip()[:MAX_TEXT]

        def refuse(ticket):
            if not text:
                raise UserError(request.env._("Please tell us what does not suit you."))
            ticket._note_shown("portal")
            ticket.action_refuse(reason=text)

        return self._answer(ticket_id, access_token, proposal, refuse)

    def _answer(self, ticket_id, access_token, fingerprint, take):
        """Take the customer's answer to the proposal he saw; nobody else's, and no other one's."""
        ticket = self._own_complaint(ticket_id, access_token)
        if ticket is None:
            return request.redirect("/my")
        _ = request.env._
        if not self._may_answer(ticket, access_token):
            code, message = "foreign", _("Only the customer himself can answer.")
        elif not consteq(fingerprint, self._fingerprint(ticket)):
            code = "changed"
            message = _(
                "The proposal has changed since you opened the page. Please read it again."
            )
        else:
            try:
                # sudo: the customer's own step, after the check that it is his complaint
                take(ticket.sudo())
                code, message = "done", _("Thank you, your answer has been recorded.")
            except UserError as error:
                code, message = "refused", str(error)
        request.session["jinxing_complaint_message"] = (code, message)
        return request.redirect(self._complaint_url(ticket, access_token), code=303)
