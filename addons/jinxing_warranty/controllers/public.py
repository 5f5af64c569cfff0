import re

from odoo.http import Controller, request, route
from odoo.tools import consteq

from ..rules import phone
from .photo import read_photo

#: What our tokens look like; anything else is looked for as well, to take the same time.
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{24}$")
MAX_WORDS = 1000


class PublicMachinePage(Controller):
    """What the QR code on a machine opens: cover without login, history with proof (G1.5)."""

    @staticmethod
    def _find_machine(token):
        """Return the machine of a token; empty for any other text, in the same time."""
        # sudo: whoever holds the token stands before the machine
        lots = request.env["stock.lot"].sudo()
        wanted = token if _TOKEN.match(token) else "-"
        machine = lots.search([("qr_token", "=", wanted), ("is_machine", "=", True)])
        company = machine.company_id or machine.card_id.company_id or request.env.company.sudo()
        installed = dict(request.env["res.lang"].get_installed())
        language = company.partner_id.lang
        if language not in installed or language == "en_US":
            language = "zh_CN" if "zh_CN" in installed else request.env.lang
        request.update_context(lang=language)
        return machine.with_context(lang=language)

    @classmethod
    def _not_found(cls):
        """Return the one answer to every wrong token."""
        # sudo: the hotline is public
        values = {"company": request.env.company.sudo()}
        return cls._respond("jinxing_warranty.public_not_found", values, 404)

    def _page_values(self, machine):
        """Return what the page shows to anybody: no name, no number of the owner."""
        # sudo: name and telephone of the maker are printed on the machine
        company = machine.company_id or machine.card_id.company_id or request.env.company.sudo()
        return {
            "machine": machine,
            "card": machine.card_id,
            "company": company,
            "history": None,
            "history_error": None,
            "report": {},
            "report_errors": {},
            "reported": False,
        }

    @route("/w/<string:token>", type="http", auth="public", methods=["GET"], sitemap=False)
    def machine_page(self, token, reported=None, **kw):
        machine = self._find_machine(token)
        if not machine:
            return self._not_found()
        return self._respond(
            "jinxing_warranty.public_machine",
            {**self._page_values(machine), "reported": bool(reported)},
        )

    @route("/w/<string:token>/history", type="http", auth="public", methods=["POST"], sitemap=False)
    def machine_history(self, token, card="", last4="", **kw):
        """Show the repairs to who knows card number and the phone's last four digits."""
        machine = self._find_machine(token)
        if not machine:
            return self._not_found()
        values = self._page_values(machine)
        _ = machine.env._
        if not self._may_try(token, "history"):
            values["history_error"] = _("Too many tries. Please wait an hour, or call us.")
            return self._respond("jinxing_warranty.public_machine", values, 429)
        number = phone.normalise(machine.card_id.owner_phone)
        right_card = same(card.strip().upper(), (machine.card_id.name or "-").upper())
        right_phone = same(phone.normalise(last4), number[-4:] or "-")
        if right_card & right_phone:
            values["history"] = machine._repair_history()
        else:
            values["history_error"] = _("Card number and telephone number do not fit together.")
        return self._respond("jinxing_warranty.public_machine", values)

    @route("/w/<string:token>/fault", type="http", auth="public", methods=["POST"], sitemap=False)
    def machine_fault(self, token, name="", number="", fault="", photo=None, **kw):
        """Take a report of a fault; what is wrong stays on the page beside its field (S8.1)."""
        machine = self._find_machine(token)
        if not machine:
            return self._not_found()
        values = self._page_values(machine)
        _ = machine.env._
        report = {
            "name": name.replace("\x00", "").strip()[:100],
            "phone": number.replace("\x00", "").strip()[:40],
            "fault": fault.replace("\x00", "").strip()[:MAX_WORDS],
        }
        errors = {}
        if not report["name"]:
            errors["name"] = _("Please tell us your name.")
        if not phone.is_valid(report["phone"]):
            errors["phone"] = _("Please give a telephone number we can call.")
        if len(report["fault"]) < 2:
            errors["fault"] = _("Please say what is wrong.")
        picture, problem = read_photo(photo)
        if problem:
            errors["photo"] = problem
        elif picture and errors:
            errors["photo"] = _("Please choose the photo again.")
        if not errors and not self._may_try(token, "fault"):
            errors["form"] = _("Too many tries. Please wait an hour, or call us.")
        if errors:
            values.update(report=report, report_errors=errors)
            status = 429 if "form" in errors else 200
            return self._respond("jinxing_warranty.public_machine", values, status)
        machine._report_fault(
            report["name"], phone.normalise(report["phone"]), report["fault"], picture
        )
        return request.redirect(f"/w/{token}?reported=1#report_fault")

    @staticmethod
    def _may_try(token, what):
        # sudo: the count of tries is nobody's record
        tries = request.env["jinxing.public.try"].sudo()
        return tries._allow(token, request.httprequest.remote_addr or "", what)

    @staticmethod
    def _respond(template, values, status=200):
        response = request.render(template, values, status=status)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response


def same(one, other):
    """Tell whether two texts are equal, in a time that does not tell where they differ."""
    return consteq(one.encode(), other.encode())
