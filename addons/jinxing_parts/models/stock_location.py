from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockLocation(models.Model):
    """Stores of stations and vans: ours, but outside our warehouses (B22)."""

    _inherit = "stock.location"

    parts_partner_ids = fields.One2many("res.partner", "parts_location_id", "Kept by")
    parts_kind = fields.Selection(
        [("van", "Technician's van"), ("station", "Station (consignment)")],
        "Store of",
        index="btree_not_null",
    )

    @api.constrains("parts_kind", "location_id", "usage")
    def _check_parts_kind(self):
        for location in self.filtered("parts_kind"):
            if location.usage != "internal" or location.warehouse_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the store of a station or van is an internal location outside "
                        "our warehouses (B22).",
                        name=location.display_name,
                    )
                )
            location.parts_partner_ids._check_parts_location()
