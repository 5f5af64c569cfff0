import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from odoo.addons.jinxing_warranty.rules import phone

from ..rules import order_flow

#: What may be a serial, engine or card number in a letter.
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{5,29}")
#: How much of a letter is kept as the fault reported.
_LONGEST = 4000


class HelpdeskTicket(models.Model):
    """What is known of the caller and the machine while the clerk still types (S8.1)."""

    _inherit = "helpdesk.ticket"

    owner_id = fields.Many2one(related="lot_id.owner_id", string="Owner", related_sudo=True)
    dealer_id = fields.Many2one(
        related="lot_id.dealer_id", string="Selling dealer", related_sudo=True
    )
    open_order_ids = fields.Many2many(
        "repair.order", compute="_compute_found", string="Open dispatch orders"
    )
    similar_ids = fields.Many2many(
        "helpdesk.ticket",
        compute="_compute_found",
        string="Open contacts of this machine or phone",
        help="Link this one to it when the customer calls again about the same thing.",
    )

    @api.depends("lot_id", "caller_phone", "duplicate_id")
    def _compute_found(self):
        """Find what is open for the same machine or phone; two queries for all."""
        orders, tickets = self.env["repair.order"], self.env["helpdesk.ticket"]
        lots = self.lot_id._origin
        numbers = {number for ticket in self if (number := phone.normalise(ticket.caller_phone))}
        mine = Domain("lot_id", "in", lots.ids) | Domain("caller_phone", "in", list(numbers))
        found_orders = orders.search(
            Domain("service_state", "in", order_flow.OPEN) & mine
        ) if lots or numbers else orders
        found = tickets.search(
            Domain("stage_id.closed", "=", False)
            & Domain("id", "not in", self._origin.ids)
            & mine
        ) if lots or numbers else tickets
        for ticket in self:
            lot, number = ticket.lot_id._origin, phone.normalise(ticket.caller_phone)

            def same(record, lot=lot, number=number):
                return (lot and record.lot_id == lot) or (number and record.caller_phone == number)

            ticket.open_order_ids = found_orders.filtered(same)
            ticket.similar_ids = (
                found.filtered(same) if not ticket.duplicate_id else found.browse()
            )

    @api.onchange("caller_phone")
    def _onchange_caller_phone(self):
        """Find the machine and the contact a phone number belongs to, when it is just one."""
        number = phone.normalise(self.caller_phone)
        if not number or not phone.is_valid(number):
            return
        if not self.lot_id:
            lots = self.env["stock.lot"].search(
                [("is_machine", "=", True), ("owner_phone", "=", number)], limit=2
            )
            if len(lots) == 1:
                self.lot_id = lots
                self._onchange_lot_id()
        if not self.partner_id:
            partners = self.env["res.partner"].search([("phone", "=", number)], limit=2)
            if len(partners) == 1:
                self.partner_id = partners
                self.caller_name = self.caller_name or partners.name
                self.service_address = (
                    self.service_address or partners._registration_address()
                )
                self.city_id = self.city_id or partners.city_id

    # -- the customer called before (OCA's duplicates) -------------------------------------------

    def action_link_here(self):
        """Link the registration in the context to this one: it is about the same thing.

        The other one is closed, what the caller said is noted here, and work goes on here.

        :raises UserError: it is linked already, has work going on, or is this one itself
        """
        self.ensure_one()
        ticket = self.browse(self.env.context.get("linked_ticket_id")).exists()
        (self | ticket).check_access("write")
        if not ticket or ticket == self or self.duplicate_id or ticket.duplicate_id:
            raise UserError(self.env._("These two cannot be linked."))
        if ticket._open_dispatch_orders():
            raise UserError(
                self.env._(
                    "%(ticket)s has a dispatch order of its own already.", ticket=ticket.number
                )
            )
        ticket.duplicate_ids.duplicate_id = self
        target = (
            ticket.company_id.helpdesk_mgmt_duplicate_ticket_stage_id
            or ticket._stage_named("done", ticket.team_id)
        )
        ticket.write({"duplicate_id": self.id, "stage_id": target.id})
        ticket._reports_taken_up()
        if ticket.emergency and not self.emergency:
            self.emergency = True
        self.message_post(
            body=self.env._(
                "%(caller)s called again (%(number)s): %(text)s",
                caller=ticket.caller_name or ticket.partner_id.name or "?",
                number=ticket.number,
                text=ticket.fault_description or ticket.name,
            )
        )
        return self._open()

    def _open(self):
        """Return the action that opens this registration."""
        self.ensure_one()
        form = self.env["ir.model.data"]._xmlid_to_res_id("jinxing_repair.registration_view_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Registration"),
            "res_model": self._name,
            "views": [(form, "form")],
            "res_id": self.id,
        }

    def get_formview_id(self, access_uid=None):
        """Open registrations in the registration form wherever they are linked to."""
        return self.env["ir.model.data"]._xmlid_to_res_id("jinxing_repair.registration_view_form")

    # -- contacts that come by themselves: page, portal, letter -----------------------------------

    @api.model
    def _register_report(self, machine, channel, values, photos=()):
        """Register a fault the customer reports himself; return the registration.

        An open one of the same machine and phone gets the new words instead of a second one.

        :param channel: name of the channel's record in this addon
        :param values: ``name``, ``phone``, ``text``, ``address``, as typed, checked before
        :param photos: ``(file name, bytes)``
        """
        number = phone.normalise(values["phone"])
        ticket = self.search(
            [
                ("lot_id", "=", machine.id),
                ("caller_phone", "=", number),
                ("kind", "=", "repair"),
                ("stage_id.closed", "=", False),
            ],
            limit=1,
            order="id desc",
        )
        if ticket:
            ticket.message_post(
                body=self.env._("The customer adds: %(text)s", text=values["text"]),
                attachments=list(photos),
            )
            ticket._tell_clerks(again=True)
            return ticket
        known = machine.owner_phone and phone.normalise(machine.owner_phone) == number
        ticket = self.create(
            {
                "kind": "repair",
                "channel_id": self.env.ref(f"jinxing_repair.{channel}").id,
                "team_id": self.env.ref("jinxing_repair.team_hotline").id,
                "company_id": (machine.company_id or self.env.company).id,
                "lot_id": machine.id,
                "partner_id": values.get("partner_id") or (known and machine.owner_id.id),
                "caller_name": values["name"],
                "caller_phone": number,
                "service_address": values.get("address"),
                "fault_description": values["text"],
                "user_id": False,
            }
        )
        if photos:
            ticket.message_post(
                body=self.env._("Photos of the customer"), attachments=list(photos)
            )
        ticket._tell_clerks()
        return ticket

    @api.model
    def message_new(self, msg, custom_values=None):
        """Register a letter by e-mail: who writes, what he says, which machine he names (O21).

        What he wants is for the clerk to say; until then it is a consultation.
        """
        text = html2plaintext(msg.get("body") or "").strip()[:_LONGEST]
        custom_values = {
            "kind": "consultation",
            "channel_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email").id,
            "fault_description": text,
            "description": msg.get("body") or msg.get("subject") or "-",
            **(custom_values or {}),
        }
        machine = self._machine_named_in(f"{msg.get('subject') or ''} {text}")
        if machine:
            custom_values["lot_id"] = machine.id
        ticket = super().message_new(msg, custom_values=custom_values)
        if not ticket.caller_name:
            ticket.caller_name = ticket.partner_id.name or ticket.partner_email
        return ticket

    @api.model
    def _machine_named_in(self, text):
        """Return the one machine whose serial or engine number stands in a text."""
        words = list({word.upper() for word in _NUMBER.findall(text)})[:50]
        lots = self.env["stock.lot"].sudo()  # sudo: the letter names it, the clerk sees it then
        if not words:
            return lots
        found = lots.search(
            Domain("is_machine", "=", True)
            & (Domain("name", "in", words) | Domain("engine_number", "in", words)),
            limit=2,
        )
        return found if len(found) == 1 else lots
