from odoo import api, fields, models

from ..rules import follow_up

#: Where closed orders wait for the end of the transaction.
_WAITING = "jinxing_follow_up"


class RepairOrder(models.Model):
    """Closed orders are followed up (M27)."""

    _inherit = "repair.order"

    follow_up_at = fields.Datetime("Follow-up decided", readonly=True, copy=False)
    follow_up_ids = fields.One2many("jinxing.follow.up", "order_id", "Follow-ups", readonly=True)

    _follow_up_index = models.Index(
        "(closed_at) WHERE service_state = 'closed' AND follow_up_at IS NULL"
    )

    def _log_steps(self, action, before, **kwargs):
        result = super()._log_steps(action, before, **kwargs)
        if action == "close":
            waiting = self.env.cr.precommit.data.setdefault(_WAITING, set())
            if not waiting:
                self.env.cr.precommit.add(self.browse()._plan_closed)
            waiting.update(self.ids)
        return result

    @api.model
    def _plan_closed(self):
        """Plan the follow-ups of what this transaction has closed, all at once."""
        waiting = self.env.cr.precommit.data.pop(_WAITING, set())
        # sudo: planned by the system, whoever closed the orders; none of them can be deleted
        self.sudo().browse(sorted(waiting))._plan_follow_up()

    def _plan_follow_up(self):  # pylint: disable=missing-return
        """Decide for closed orders whether the customer is called, and when (M27)."""
        orders = self.filtered(lambda o: o.service_state == "closed" and not o.follow_up_at)
        cases = []
        for order in orders:
            closed = fields.Datetime.context_timestamp(order, order.closed_at).date()
            case = follow_up.Case(
                number=order.name,
                closed_on=closed,
                chargeable="chargeable" in order.fault_ids.mapped("cover"),
                rework=bool(order.rework_of_id),
            )
            values = {
                "order_id": order.id,
                "partner_id": order.partner_id.id,
                "phone": order.caller_phone or order.partner_id.phone,
                "technician_id": order.technician_id.id,
                "provider_id": order.provider_id.id,
                "product_id": order.product_id.id,
                "company_id": order.company_id.id,
            }
            cases.append((order, case, values))
        if cases:
            self.env["jinxing.follow.up"]._plan(cases)
            # sudo: planned by the system, whoever closed the orders
            # pylint: disable=super-method-mismatch  # round the guard of a closed order
            super(RepairOrder, orders.sudo()).write({"follow_up_at": fields.Datetime.now()})


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _make_archive(self):
        """A closed complaint is followed up, every one (M27)."""
        result = super()._make_archive()
        cases = [
            (
                ticket,
                follow_up.Case(
                    number=ticket.number,
                    closed_on=fields.Date.context_today(ticket),
                    complaint=True,
                ),
                {
                    "ticket_id": ticket.id,
                    "partner_id": ticket.partner_id.id,
                    "phone": ticket.caller_phone or ticket.partner_id.phone,
                    "technician_id": ticket.technician_id.id,
                    "product_id": ticket.product_id.id,
                    "company_id": ticket.company_id.id,
                },
            )
            for ticket in self
        ]
        self.env["jinxing.follow.up"]._plan(cases)
        return result
