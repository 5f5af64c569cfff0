from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import order_flow


class JinxingRepairWait(models.Model):
    """An interval in which a repair stood still, and whose cause it was (G2.1, G2.2)."""

    _name = "jinxing.repair.wait"
    _description = "Waiting Interval"
    _order = "date_start, id"
    _rec_name = "reason"

    order_id = fields.Many2one("repair.order", required=True, index=True, ondelete="cascade")
    reason = fields.Selection(
        [
            ("producer_parts", "Producer has not supplied a part"),
            ("repairer", "Repairer"),
            ("customer", "Customer"),
            ("other", "Other"),
        ],
        required=True,
    )
    product_id = fields.Many2one("product.product", "Part waited for")
    date_start = fields.Datetime("From", required=True, default=fields.Datetime.now)
    date_end = fields.Datetime("Until")
    note = fields.Char()
    company_id = fields.Many2one(related="order_id.company_id", store=True)

    _in_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "A waiting interval cannot end before it begins.",
    )
    _open_index = models.Index("(order_id) WHERE date_end IS NULL")

    @api.constrains("order_id", "reason", "date_end")
    def _check_one_open(self):
        for order, waits in self.order_id.wait_ids.filtered(lambda w: not w.date_end).grouped(
            "order_id"
        ).items():
            if len(set(waits.mapped("reason"))) < len(waits):
                raise ValidationError(
                    self.env._(
                        "%(order)s: an interval with this reason is still open.", order=order.name
                    )
                )

    # -- fixed with the signature ----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        waits = super().create(vals_list)
        waits._ensure_open()
        return waits

    def write(self, vals):
        if not self.env.su and "order_id" in vals:
            raise UserError(self.env._("A waiting interval stays with its order."))
        self._ensure_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._ensure_open()

    def _ensure_open(self):
        """Refuse changes after the customer's signature: rights and cover rest on them."""
        if self.env.su:
            return
        done = self.order_id.filtered(lambda o: o.service_state not in order_flow.OPEN)
        if done:
            raise UserError(
                self.env._(
                    "%(names)s: what the customer has signed is not changed.",
                    names=", ".join(done.mapped("name")),
                )
            )
