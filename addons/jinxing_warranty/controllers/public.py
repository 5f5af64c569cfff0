from odoo import fields
from odoo.http import Controller, request, route
from odoo.tools import consteq

from ..rules import phone


class PublicMachinePage(Controller):
    """What the QR code on a machine opens: cover without login, history with proof (G1.5)."""

    @staticmethod
    def _find_machine(token):
        """Return the machine of a token; empty for any other text, in the same time."""
        # sudo: whoever holds the token stands before the machine
        lots = request.env["stock.lot"].sudo()
        machine = lots.search([("qr_token", "=", token[:64] or "-"), ("is_machine", "=", True)])
        company = machine.company_id or machine.card_id.company_id or request.env.company.sudo()
        language = company.partner_id.lang or request.env.lang
        request.update_context(lang=language)
        return machine.with_context(lang=language)

    @staticmethod
    def _not_found():
        """Return the one answer to every wrong token."""
        return request.render("jinxing_warranty.public_not_found", {}, status=404)

    def _page_values(self, machine):
        """Return what the page shows to anybody: no name, no number of the owner."""
        company = machine.company_id or machine.card_id.company_id or request.env.company.sudo()
        return {
            "machine": machine,
            "card": machine.card_id,
            "company": company,
            "today": fields.Date.context_today(machine),
            "history": None,
            "history_error": None,
            "no_footer": True,
        }

    @route("/w/<string:token>", type="http", auth="public", methods=["GET"], sitemap=False)
    def machine_page(self, token, **kw):
        machine = self._find_machine(token)
        if not machine:
            return self._not_found()
        return self._render(self._page_values(machine))

    @route("/w/<string:token>/history", type="http", auth="public", methods=["POST"], sitemap=False)
    def machine_history(self, token, card="", last4="", **kw):
        """Show the repairs to who knows card number and the phone's last four digits."""
        machine = self._find_machine(token)
        if not machine:
            return self._not_found()
        values = self._page_values(machine)
        _ = machine.env._
        # sudo: the count of tries is nobody's record
        tries = request.env["jinxing.public.try"].sudo()
        address = request.httprequest.remote_addr or ""
        if not tries._allow(token, address):
            values["history_error"] = _("Too many tries. Please wait an hour, or call us.")
            return self._render(values, status=429)
        number = phone.normalise(machine.card_id.owner_phone)
        right_card = consteq(card.strip().upper(), (machine.card_id.name or "-").upper())
        right_phone = len(number) >= 4 and consteq(last4.strip(), number[-4:])
        if right_card & bool(right_phone):
            values["history"] = machine._repair_history()
        else:
            values["history_error"] = _("Card number and telephone number do not fit together.")
        return self._render(values)

    @staticmethod
    def _render(values, status=200):
        response = request.render("jinxing_warranty.public_machine", values, status=status)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
