from odoo import api, fields, models
from odoo.exceptions import ValidationError


class JinxingRegion(models.Model):
    """A service region: provinces and cities, and the parts centre that supplies it (A3)."""

    _name = "jinxing.region"
    _description = "Service Region"
    _parent_store = True
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    parent_id = fields.Many2one("jinxing.region", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    state_ids = fields.Many2many("res.country.state", string="Provinces")
    city_ids = fields.Many2many("res.city", string="Cities")
    centre_id = fields.Many2one(
        "res.partner", "Parts centre", domain=[("is_parts_centre", "=", True)]
    )
    partner_ids = fields.One2many("res.partner", "region_id", string="Dealers and stations")
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("unique(code)", "This region code exists already.")

    @api.constrains("centre_id")
    def _check_centre(self):
        for region in self:
            if region.centre_id and not region.centre_id.is_parts_centre:
                raise ValidationError(
                    self.env._(
                        "%(name)s is not a parts centre.", name=region.centre_id.display_name
                    )
                )

    @api.model
    def _find_for(self, partner):
        """Return the region of a contact: its own, else by city, else by province.

        A person of a company belongs where the company does; another address of it (delivery,
        other) belongs where it lies.
        """
        region = partner.region_id
        if not region and partner.type == "contact":
            region = partner.commercial_partner_id.region_id
        if region:
            return region
        city = partner.city_id
        if city:
            found = self.search([("city_ids", "in", city.ids)], limit=1)
            if found:
                return found
        if partner.state_id:
            found = self.search([("state_ids", "in", partner.state_id.ids)], limit=1)
            if found:
                return found
        return partner.commercial_partner_id.region_id

    def _centre(self):
        """Return the parts centre that supplies the region: its own or the next above (A3)."""
        region = self
        while region:
            if region.centre_id:
                return region.centre_id
            region = region.parent_id
        return self.env["res.partner"]
