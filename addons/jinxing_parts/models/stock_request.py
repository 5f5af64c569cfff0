from odoo import fields, models


class StockRequest(models.Model):
    """What moves within our own stock for a requisition (A3)."""

    _inherit = "stock.request"

    requisition_line_ids = fields.One2many(
        "jinxing.parts.requisition.line", "stock_request_id", "Requisition lines"
    )

    def _prepare_procurement_values(self, reference_ids=False):
        values = super()._prepare_procurement_values(reference_ids)
        line = self.requisition_line_ids[:1]
        if line:
            requisition = line.requisition_id
            values.update(
                requisition_line_id=line.id,
                partner_id=requisition.partner_id.id,
                date_deadline=self.expected_date,
                company_id=requisition.company_id,
            )
        return values


class StockRequestOrder(models.Model):
    _inherit = "stock.request.order"

    requisition_ids = fields.One2many(
        "jinxing.parts.requisition", "request_order_id", "Requisitions"
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    requisition_ids = fields.One2many(
        "jinxing.parts.requisition", "sale_order_id", "Requisitions"
    )


class SaleOrderLine(models.Model):
    """What an independent station buys (A3)."""

    _inherit = "sale.order.line"

    requisition_line_ids = fields.One2many(
        "jinxing.parts.requisition.line", "sale_line_id", "Requisition lines"
    )

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        line = self.requisition_line_ids[:1]
        if line:
            values["requisition_line_id"] = line.id
        return values
