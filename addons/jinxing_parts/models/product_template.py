from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import supersession


class ProductTemplate(models.Model):
    """Spare parts: what succeeds them, what becomes of the old ones (G1.2, B23)."""

    _inherit = "product.template"

    is_spare_part = fields.Boolean(
        "Spare part",
        compute="_compute_is_spare_part",
        store=True,
        readonly=False,
        index=True,
        help="Bought from approved suppliers only (A2), classified and planned (B23, A4).",
    )
    superseded_by_id = fields.Many2one(
        "product.template",
        "Superseded by",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_spare_part', '=', True), ('id', '!=', id)]",
        help="The part that takes its place (G1.2).",
    )
    supersedes_ids = fields.One2many("product.template", "superseded_by_id")
    use_up = fields.Boolean(
        "Use up", default=True, help="What is left of a superseded part may still be fitted."
    )
    current_part_id = fields.Many2one(
        "product.template", "Current part", compute="_compute_current_part_id"
    )
    is_refurbishable = fields.Boolean("Can be refurbished")
    service_class = fields.Selection(
        [
            ("wear", "Wear parts"),
            ("repair", "Repair parts"),
            ("accident", "Accident parts"),
            ("accessory", "Accessories"),
        ],
        "Kind of service",
        default="repair",
        index="btree_not_null",
        help="The handbook's own classes: by what service it is needed for (B23).",
    )
    parts_sequence = fields.Integer("Position in the exploded view", default=10)

    _not_its_own_successor = models.Constraint(
        "CHECK(superseded_by_id IS NULL OR superseded_by_id != id)",
        "A part cannot succeed itself.",
    )

    @api.depends("component_id", "is_machine")
    def _compute_is_spare_part(self):
        for product in self:
            product.is_spare_part = (
                product.is_spare_part or bool(product.component_id)
            ) and not product.is_machine

    @api.constrains("superseded_by_id")
    def _check_superseded_by_id(self):
        if self._has_cycle("superseded_by_id"):
            raise ValidationError(self.env._("A part cannot succeed itself."))
        for product in self:
            if product.superseded_by_id.is_machine:
                raise ValidationError(
                    self.env._("%(name)s: a machine succeeds no part.", name=product.display_name)
                )

    @api.depends("superseded_by_id", "superseded_by_id.superseded_by_id")
    def _compute_current_part_id(self):
        currents = self._current_parts()
        for product in self:
            product.current_part_id = currents.get(product._origin.id, product._origin.id)

    def _current_parts(self):
        """Return ``{part id: id of the last of its successors}``, with few queries."""
        # sudo: which part succeeds which is known to whoever may see the part
        templates = self.sudo().with_context(active_test=False)
        successors, open_ids = {}, set(self._origin.ids)
        while open_ids:
            rows = templates.browse(open_ids)
            rows.fetch(["superseded_by_id"])
            successors |= {row.id: row.superseded_by_id.id or None for row in rows}
            open_ids = {following for following in successors.values() if following} - set(
                successors
            )
        return {
            part: supersession.chain(part, successors)[-1] for part in self._origin.ids
        }


    # -- fitting (G1.2) --------------------------------------------------------------------------

    def _fitting_decision(self, model, location=None):
        """Return the rule's decision on fitting this part to a machine of ``model`` (G1.2).

        :param location: where it would be taken from; whether a superseded part is left there
            counts
        """
        self.ensure_one()
        # sudo: what is approved and what succeeds it, whoever fits it
        part, machine = self.sudo(), model.sudo()
        current = part.browse(part._current_parts()[part.id])
        superseded = current != part
        left = True
        if superseded and location:
            # sudo: as above, whether some is left
            quants = self.env["stock.quant"].sudo()
            left = any(
                quants._get_available_quantity(variant, location) > 0
                for variant in part.product_variant_ids
            )
        return supersession.decide_fitting(
            supersession.FittingFacts(
                part=part.display_name,
                model=machine.display_name,
                approved=machine in part.approved_model_ids,
                successor=current.display_name if superseded else "",
                successor_approved=superseded and machine in current.approved_model_ids,
                use_up=part.use_up,
                in_stock=left,
            )
        )


class ProductSupplierinfo(models.Model):
    """What a supplier sells a part in (A4)."""

    _inherit = "product.supplierinfo"

    pack_qty = fields.Float(
        "Pack", digits="Product Unit", help="Sold in whole packs of so many; 0: in pieces."
    )

    _pack_not_negative = models.Constraint(
        "CHECK(pack_qty >= 0)", "A pack does not hold less than nothing."
    )
