from odoo import api, fields, models
from odoo.exceptions import ValidationError


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
