from odoo import api, fields, models


class JinxingAssemblyAsk(models.TransientModel):
    """Asks why an assembly of an order cannot be repaired, and lays it before the supervisor."""

    _name = "jinxing.assembly.ask"
    _description = "Ask for an Assembly"

    @api.model
    def _reason_kinds(self):
        return self.env["jinxing.assembly.request"]._fields["reason_kind"]._description_selection(
            self.env
        )

    order_id = fields.Many2one("repair.order", required=True, readonly=True)
    possible_ids = fields.Many2many("product.product", compute="_compute_possible_ids")
    product_id = fields.Many2one(
        "product.product",
        "Assembly",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', possible_ids)]",
    )
    reason_kind = fields.Selection("_reason_kinds", "Kind of reason", required=True)
    reason = fields.Text("Why repair will not do", required=True)
    evidence_ids = fields.Many2many("ir.attachment", string="Photos and writings")

    @api.depends("order_id")
    def _compute_possible_ids(self):
        for wizard in self:
            wizard.possible_ids = wizard.order_id._assembly_moves().product_id.ids

    @api.depends("order_id")
    def _compute_product_id(self):
        for wizard in self:
            wizard.product_id = wizard.order_id._assembly_moves().product_id[:1].id

    def action_confirm(self):
        """Ask; the order checks it."""
        self.ensure_one()
        self.order_id.action_request_assembly(
            self.product_id.id or -1, self.reason_kind, self.reason, self.evidence_ids.ids
        )
        return {"type": "ir.actions.act_window_close"}
