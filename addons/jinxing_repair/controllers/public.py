import base64

from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.jinxing_warranty.controllers.photo import read_photo
from odoo.addons.jinxing_warranty.controllers.portal import MachinePortal
from odoo.addons.jinxing_warranty.rules import phone

#: field -> longest text taken
REPORT_FIELDS = {"name": 60, "phone": 30, "address": 120, "text": 2000}


def read_report(post):
    """Return what a fault report says, its photo, and what is wrong with it by field."""
    _ = request.env._
    values = {
        field: (post.get(field) or "").replace("\x00", "").strip()[:longest]
        for field, longest in REPORT_FIELDS.items()
    }
    errors = {}
    if not values["name"]:
        errors["name"] = _("Who calls?")
    if not phone.is_valid(values["phone"]):
        errors["phone"] = _("A telephone number is needed: we call back.")
    if not values["text"]:
        errors["text"] = _("What is wrong with the machine?")
    photo, problem = read_photo(post.get("photo"))
    if problem:
        errors["photo"] = problem
    return values, photo, errors


class PortalFaultReport(MachinePortal):
    """Dealers and owners report faults of their machines in the portal (S8.1)."""

    @route(
        "/my/machines/<int:lot_id>/report",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def portal_report_fault(self, lot_id, **post):
        try:
            machine = self._document_check_access("stock.lot", lot_id)
        except (AccessError, MissingError):
            return request.redirect("/my/machines")
        user = request.env.user
        company = user.partner_id._jinxing_portal_partner()
        own = machine.owner_id.commercial_partner_id == company
        report = {
            "name": user.partner_id.name if own else machine.owner_id.name,
            "phone": (user.partner_id.phone if own else machine.owner_phone) or "",
            "address": machine.owner_id._registration_address(),
        }
        errors = {}
        if request.httprequest.method == "POST":
            report, photo, errors = read_report(post)
            if not errors:
                # sudo: portal users register by this form alone, on machines they may see
                tickets = request.env["helpdesk.ticket"].sudo()
                ticket = tickets._register_report(
                    machine.sudo(),
                    "channel_portal",
                    {**report, "partner_id": machine.owner_id.id or user.partner_id.id},
                    [("fault.jpg", base64.b64decode(photo))] if photo else [],
                )
                ticket.message_subscribe(partner_ids=user.partner_id.ids)
                return request.redirect(f"/my/ticket/{ticket.id}")
        values = {
            **self._prepare_portal_layout_values(),
            "machine": machine,
            "page_name": "machine",
            "report": report,
            "report_errors": errors,
        }
        return request.render("jinxing_repair.portal_report_fault", values)
