from odoo import fields, models


class PurchaseRequest(models.Model):
    """The approval of a purchase plan (A4)."""

    _inherit = "purchase.request"

    parts_plan_id = fields.Many2one(
        "jinxing.parts.plan", "Parts plan", readonly=True, copy=False, index="btree_not_null"
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "approved":
            # sudo: the plan follows its request, whoever reviewed it
            plans = self.sudo().parts_plan_id.filtered(lambda plan: plan.state == "to_approve")
            if plans:
                plans._follow_request()
        return result


class PurchaseRequestLine(models.Model):
    _inherit = "purchase.request.line"

    parts_supplier_id = fields.Many2one(
        "res.partner", "Supplier of the plan", readonly=True, copy=False
    )
