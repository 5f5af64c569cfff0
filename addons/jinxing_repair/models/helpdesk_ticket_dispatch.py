from odoo import api, models, tools
from odoo.exceptions import AccessError, UserError

from odoo.addons.jinxing_base.models.locking import take

from ..rules import order_flow

#: Kinds of contact that lead to a dispatch order.
DISPATCHED = ("repair", "installation")


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    # -- the dispatch order (S8.1) ---------------------------------------------------------------

    def _prepare_dispatch_order(self):
        """Return the values of the dispatch order made from this registration (S8.1)."""
        self.ensure_one()
        return {
            "service_kind": "installation" if self.kind == "installation" else "repair",
            "ticket_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "product_id": (self.lot_id.product_id or self.product_id).id,
            "lot_id": self.lot_id.id,
            "caller_name": self.caller_name or self.partner_name or self.partner_id.name,
            "caller_phone": self.caller_phone,
            "service_address": self.service_address,
            "city_id": self.city_id.id,
            "engine_hours": self.engine_hours,
            "crop": self.crop,
            "emergency": self.emergency,
            "priority": "1" if self.emergency else "0",
            "fault_description": self.fault_description,
            "category_ids": [(6, 0, self.category_ids.ids)],
        }

    def action_create_dispatch_order(self):
        """Make the dispatch order of each registration and open it (S8.1).

        :raises UserError: it is no repair or installation, has an open order already, is linked
            to another registration, or somebody else is working on it
        """
        take(self)
        self.check_access("write")
        self._ensure_dispatchable()
        open_orders = self.env["repair.order"].search(
            [("ticket_id", "in", self.ids), ("service_state", "in", order_flow.OPEN)]
        )
        if open_orders:
            raise UserError(
                self.env._(
                    "There is an open dispatch order already: %(names)s",
                    names=", ".join(open_orders.mapped("name")),
                )
            )
        self._ensure_partner()
        orders = self.env["repair.order"].create(
            [ticket._prepare_dispatch_order() for ticket in self]
        )
        self._reports_taken_up()
        return orders._open()

    def _ensure_dispatchable(self):
        """Refuse registrations no dispatch order is made of."""
        for ticket in self:
            if ticket.kind not in DISPATCHED:
                raise UserError(
                    self.env._(
                        "%(ticket)s: only a repair or an installation is dispatched.",
                        ticket=ticket.display_name,
                    )
                )
            if ticket.duplicate_id:
                raise UserError(
                    self.env._(
                        "%(ticket)s is linked to %(other)s; work goes on there.",
                        ticket=ticket.number,
                        other=ticket.duplicate_id.number,
                    )
                )
            if not ticket.partner_id and not ticket.caller_name:
                raise UserError(
                    self.env._("%(ticket)s: who called?", ticket=ticket.display_name)
                )

    def _ensure_partner(self):
        """Make contacts of unknown callers, or take those with their name and phone."""
        unknown = self.filtered(lambda t: not t.partner_id)
        if not unknown:
            return
        # sudo: a clerk may not be allowed to create contacts
        partners = self.env["res.partner"].sudo()
        phones = [phone for phone in unknown.mapped("caller_phone") if phone]
        known = {}
        if phones:
            for partner in partners.search([("phone", "in", phones)], order="id desc"):
                known[partner.phone, partner.name] = partner
        new = {}
        for ticket in unknown:
            key = (ticket.caller_phone, ticket.caller_name)
            if key not in known or not ticket.caller_phone:
                new.setdefault(key if ticket.caller_phone else ticket.id, ticket)
        made = partners.create(
            [
                {
                    "name": ticket.caller_name,
                    "phone": ticket.caller_phone,
                    "street": ticket.service_address,
                    "city_id": ticket.city_id.id,
                    "city": ticket.city_id.name,
                    "state_id": ticket.city_id.state_id.id,
                    "country_id": ticket.city_id.country_id.id,
                }
                for ticket in new.values()
            ]
        )
        known.update(zip(new, made, strict=True))
        for ticket in unknown:
            key = (ticket.caller_phone, ticket.caller_name)
            ticket.partner_id = known[key if ticket.caller_phone else ticket.id]

    def action_open_orders(self):
        """Open the dispatch orders of this registration."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_repair.repair_order_action"
        )
        return {**action, "domain": [("ticket_id", "=", self.id)], "context": {}}

    def action_print_registration(self):
        """Print the registration form (S8.1)."""
        self.check_access("read")
        return self.env.ref("jinxing_repair.action_report_registration").report_action(self)

    # -- the stage follows the order ------------------------------------------------------------

    def _follow_orders(self, action):
        """Move registrations to the stage their orders stand for.

        In progress while an order is open, done when all are closed, new again when all were
        cancelled: the contact is not forgotten. Two queries and one write per stage and team.

        :param action: the step just taken on an order of each registration
        """
        tickets = self.filtered(lambda t: t.kind in DISPATCHED)
        wanted = {}
        if action == "register":
            wanted["in_progress"] = tickets
        else:
            states = {ticket: set() for ticket in tickets}
            # sudo: all orders of the contact count, whoever took the step
            for ticket, state in self.env["repair.order"].sudo()._read_group(
                [("ticket_id", "in", tickets.ids)], ["ticket_id", "service_state"]
            ):
                states[ticket].add(state)
            for ticket, found in states.items():
                if found <= {order_flow.CANCELLED}:
                    name = "new"
                elif found <= {order_flow.CANCELLED, order_flow.CLOSED}:
                    name = "done"
                else:
                    name = "in_progress"
                wanted[name] = wanted.get(name, tickets.browse()) | ticket
        for name, group in wanted.items():
            for team, of_team in group.grouped("team_id").items():
                stage = self.env["helpdesk.ticket.stage"].browse(
                    self._stage_id_named(name, team.id, self.env.company.id)
                )
                moved = of_team.filtered(lambda t, stage=stage: t.stage_id != stage)
                if stage and moved:
                    # sudo: the stage follows the order, whoever takes its step
                    moved.sudo().stage_id = stage

    @api.model
    @tools.ormcache("name", "team_id", "company_id")
    def _stage_id_named(self, name, team_id, company_id):
        """Return the id of :meth:`_stage_named`; a ticket without a team has its company's."""
        team = self.env["helpdesk.ticket.team"].browse(team_id or ())
        return self._stage_named(name, team.with_company(company_id)).id

    def _stage_named(self, name, team):
        """Return a team's stage ``new``, ``in_progress`` or ``done``; the base's where it may."""
        # sudo: stages are configuration
        stages = team.sudo()._get_applicable_stages()
        usual = self.env["ir.model.data"]._xmlid_to_res_id(
            f"helpdesk_mgmt.helpdesk_ticket_stage_{name}", raise_if_not_found=False
        )
        if usual in stages.ids:
            return stages.browse(usual)
        closed = name == "done"
        fitting = stages.filtered(lambda s: s.closed == closed)
        if name == "in_progress":
            fitting = fitting.filtered(lambda s: not s.unattended) or fitting
        return fitting[:1]

    def _open_dispatch_orders(self):
        """Return the dispatch orders of these registrations that are still being worked on."""
        # sudo: an open order counts whether or not the user may see it
        return self.env["repair.order"].sudo().search(
            [("ticket_id", "in", self.ids), ("service_state", "in", order_flow.OPEN)]
        )

    def _ensure_closable(self, stage_id):
        """Refuse to close a contact somebody is still working on.

        :raises UserError: names the open orders
        """
        if not self.env["helpdesk.ticket.stage"].browse(stage_id).closed:
            return
        orders = self._open_dispatch_orders()
        if orders:
            raise UserError(
                self.env._(
                    "Not closed: work goes on in %(names)s.",
                    names=", ".join(orders.mapped("name")),
                )
            )

    # -- the customer closes it himself ----------------------------------------------------------

    def _may_close_from_portal(self):
        """Tell whether the user may close this contact himself: his own, and nobody works on it."""
        self.ensure_one()
        user = self.env.user
        # sudo: whose registration it is, is asked before anything is done
        ticket = self.sudo()
        own = user.partner_id == ticket.partner_id or (
            ticket.partner_id
            and ticket.partner_id.commercial_partner_id == user.commercial_partner_id
        )
        staff = user._is_internal() and self.has_access("write")
        return bool((own or staff) and not ticket.closed and not self._open_dispatch_orders())

    def _close_from_portal(self, stage_id):
        """Close one's own registration to a stage that allows it.

        :raises AccessError: it is somebody else's
        :raises UserError: somebody works on it, or the stage is not for this
        """
        self.ensure_one()
        if not self._may_close_from_portal():
            raise AccessError(
                self.env._("This is not yours to close, or somebody is working on it.")
            )
        # sudo: stages are configuration
        stages = self.sudo().team_id._get_applicable_stages().filtered("close_from_portal")
        stage = stages.filtered(lambda s: s.id == stage_id)
        if not stage:
            raise UserError(self.env._("Choose one of the ways to close it."))
        # sudo: the one thing a customer may change of his registration
        self.sudo().stage_id = stage
