from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..rules import order_flow

#: What only the order's own steps set on a dispatch order.
SYSTEM = frozenset(
    {
        "state", "service_state", "service_kind", "ticket_id", "step_ids", "decision_ids",
        "stock_move_ids",
        "called_at", "approved_at", "assigned_at", "offer_deadline", "accepted_at",
        "contact_deadline", "contacted_at", "contact_late", "arrival_deadline", "arrived_at",
        "arrival_late", "repaired_at", "signed_at", "handed_in_at", "closed_at",
        "signature", "signed_by", "quote_state", "accepted_amount", "acceptance_signature",
        "acceptance_name", "acceptance_at", "quality_score", "rework_of_id", "provider_id",
        "technician_id", "card_id", "sale_order_id", "move_id",
        "default_provider_id", "refused_provider_ids", "dealer_id",
        "product_location_src_id", "product_location_dest_id",
    }
)
#: Fixed with the customer's signature (G1.2: a done order is never reopened).
SIGNED_OFF = frozenset(
    {
        "partner_id", "lot_id", "product_id", "fault_ids", "move_ids", "repair_service_ids",
        "check_ids", "bring_ids", "visit_ids", "service_address", "picking_type_id", "location_id",
        "wait_ids", "trial_run_ok", "fault_description", "category_ids", "engine_hours", "crop",
        "city_id", "region_id", "latitude", "longitude", "product_qty", "product_uom",
        "recycle_location_id",
    }
)
#: What the technician says to the customer, fixed when the order is handed in (S8.9).
REPORTED = frozenset({"explanation", "precautions"})


class RepairOrder(models.Model):
    """How a dispatch order comes into being, and what nobody changes beside its steps."""

    _inherit = "repair.order"

    # -- create, write, delete -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        dispatch = [vals for vals in vals_list if vals.get("service_kind")]
        if dispatch:
            self._prepare_dispatch_vals(dispatch)
        if len(dispatch) == len(vals_list):
            # Who registered it, and every step after that, stands in the order's steps.
            self = self.with_context(mail_create_nolog=True)
        orders = super().create(vals_list).with_context(**self.env.context)
        made = orders.filtered("service_kind")
        if made:
            made._log_steps("register", {order.id: False for order in made})
            made._make_checklists()
            made._decide_provider(first=True)
        return orders

    @api.model
    def _prepare_dispatch_vals(self, vals_list):
        """Give new dispatch orders number, reference, first step and arrival deadline."""
        if not self.env.su:
            system = self._system_fields() - {"service_kind", "ticket_id"}
            given = set().union(*vals_list) & system
            given = {n for n in given if any(vals.get(n) for vals in vals_list)}
            if given:
                raise UserError(
                    self.env._(
                        "Only the steps of the order set this: %(names)s",
                        names=", ".join(self._fields[n]._description_string(self.env) or n
                                        for n in sorted(given)),
                    )
                )
        sequence = self.env["ir.sequence"]
        tickets = self.env["helpdesk.ticket"].browse(
            [vals["ticket_id"] for vals in vals_list if vals.get("ticket_id")]
        )
        if not self.env.su:
            if not all(vals.get("ticket_id") for vals in vals_list):
                raise UserError(
                    self.env._("A dispatch order is made from a registration (S8.1).")
                )
            tickets.check_access("write")
            tickets._ensure_dispatchable()
        tickets.fetch(["called_at", "company_id"])
        by_id = {ticket.id: ticket for ticket in tickets}
        now = fields.Datetime.now()
        by_company = {}
        for vals in vals_list:
            ticket = by_id.get(vals.get("ticket_id"))
            company = self.env["res.company"].browse(
                (ticket and ticket.company_id.id) or vals.get("company_id") or self.env.company.id
            )
            vals["company_id"] = company.id
            by_company.setdefault(company, []).append(vals)
        for company, group in by_company.items():
            numbers = sequence.with_company(company)._next_numbers(
                "jinxing.dispatch.order", len(group)
            )
            for vals, number in zip(group, numbers, strict=True):
                vals["name"] = number
        for vals in vals_list:
            ticket = by_id.get(vals.get("ticket_id"))
            company = self.env["res.company"].browse(vals["company_id"])
            vals["service_state"] = order_flow.REGISTERED
            called = (ticket and ticket.called_at) or vals.get("called_at") or now
            vals["called_at"] = called
            vals["arrival_deadline"] = self._arrival_deadline(called, company)
            vals.setdefault("schedule_date", called)
            if vals.get("lot_id") and not vals.get("product_id"):
                vals["product_id"] = self.env["stock.lot"].browse(vals["lot_id"]).product_id.id
        # sudo: the reference that ties stock moves to the order is the system's
        references = self.env["stock.reference"].sudo().create(
            [{"name": vals["name"]} for vals in vals_list]
        )
        for vals, reference in zip(vals_list, references, strict=True):
            vals["reference_ids"] = [Command.link(reference.id)]

    @api.model
    def _system_fields(self):
        """Return what only the order's own steps set; each part of the order adds its own."""
        return SYSTEM

    @api.model
    def _guarded_defaults(self):
        return super()._guarded_defaults() | self._system_fields()

    def write(self, vals):
        system = self._system_fields() & set(vals)
        if not self.env.su and (system or (SIGNED_OFF | REPORTED) & set(vals)):
            dispatch = self.filtered("service_kind")
            if dispatch and system or vals.get("service_kind"):
                raise UserError(
                    self.env._("A dispatch order changes its step by its buttons, not by editing.")
                )
            dispatch._ensure_editable(set(vals))
        result = super().write(vals)
        if {"product_id", "lot_id"} & set(vals):
            self.move_ids._check_approved()
        if {"lot_id", "product_id", "city_id", "region_id", "partner_id"} & set(vals):
            changed = self.filtered("service_kind")
            if "lot_id" in vals:
                changed.fault_ids._decide()
            changed.filtered(lambda o: o.service_state in order_flow.OPEN)._decide_provider()
        return result

    def _ensure_editable(self, names):
        """Refuse what is fixed: by the signature, the hand-in or the quotation.

        :raises UserError: names the orders and why
        """
        finished = self.filtered(lambda order: order.service_state not in order_flow.OPEN)
        if finished and SIGNED_OFF & names:
            raise UserError(
                self.env._(
                    "%(names)s: what the customer has signed is not changed. A fault that "
                    "comes back gets a rework order (G1.2).",
                    names=", ".join(finished.mapped("name")),
                )
            )
        handed_in = finished.filtered(lambda o: o.service_state != order_flow.SIGNED)
        if handed_in and REPORTED & names:
            raise UserError(
                self.env._(
                    "%(names)s: what was handed in is not changed (S8.9).",
                    names=", ".join(handed_in.mapped("name")),
                )
            )
        # sudo: whether there is a quotation, whoever asks
        quoted = self.sudo().filtered("sale_order_id")
        if quoted and {"lot_id", "product_id"} & names:
            raise UserError(
                self.env._(
                    "%(names)s: the price was quoted for this machine already. Another machine "
                    "is another order (S8.4).",
                    names=", ".join(quoted.mapped("name")),
                )
            )
        if quoted and "partner_id" in names:
            raise UserError(
                self.env._(
                    "%(names)s: the price was quoted to this customer already.",
                    names=", ".join(quoted.mapped("name")),
                )
            )

    def _ensure_changeable(self):
        """Refuse new faults, parts and labour once the repair is finished (S8.4, N9).

        :raises UserError: names the orders; they are taken up again first
        """
        finished = self.filtered(lambda order: order.service_state == order_flow.REPAIRED)
        if finished:
            raise UserError(
                self.env._(
                    "%(names)s: the repair is finished. Go on with it first, before faults, parts "
                    "or labour change; the customer accepts the price before the work (S8.4).",
                    names=", ".join(finished.mapped("name")),
                )
            )

    def copy_data(self, default=None):
        """Refuse copies: a dispatch order is made from a registration (S8.1)."""
        if self.filtered("service_kind"):
            raise UserError(
                self.env._("A dispatch order is made from a registration, not copied (S8.1).")
            )
        return super().copy_data(default)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_registered(self):
        now = fields.Datetime.now()
        kept = self.filtered(
            lambda o: o.service_kind
            and (
                o.service_state != order_flow.REGISTERED
                or len(o.step_ids) > 1
                or (o.arrival_deadline and o.arrival_deadline < now)
            )
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(names)s: cancel a dispatch order with a reason, it is not deleted.",
                    names=", ".join(kept.mapped("name")),
                )
            )

    # -- core's own ways, closed for dispatch orders --------------------------------------------

    def _ensure_plain(self):
        """Refuse core's buttons on dispatch orders: their steps are S8.1 to S8.9."""
        dispatch = self.filtered("service_kind") if not self.env.su else self.browse()
        if dispatch:
            raise UserError(
                self.env._(
                    "%(names)s: dispatch orders move by their own steps.",
                    names=", ".join(dispatch.mapped("name")),
                )
            )

    def action_validate(self):
        self._ensure_plain()
        return super().action_validate()

    def action_repair_start(self):
        self._ensure_plain()
        return super().action_repair_start()

    def action_repair_end(self):
        self._ensure_plain()
        return super().action_repair_end()

    def action_repair_done(self):
        self._ensure_plain()
        return super().action_repair_done()

    def action_repair_cancel(self):
        self._ensure_plain()
        return super().action_repair_cancel()

    def action_repair_cancel_draft(self):
        self._ensure_plain()
        return super().action_repair_cancel_draft()
