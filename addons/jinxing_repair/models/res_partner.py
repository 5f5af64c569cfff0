from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.jinxing_warranty.rules import phone


class ResPartner(models.Model):
    """Where a provider's or a technician's parts lie (S8.3, B22)."""

    _inherit = "res.partner"

    parts_location_id = fields.Many2one(
        "stock.location",
        "Parts stock",
        domain=[("usage", "=", "internal")],
        groups="jinxing_base.group_clerk,jinxing_base.group_technician,stock.group_stock_user",
        help="The van of a technician or the store of a station: parts of his orders come "
        "from here.",
    )

    def _parts_location(self):
        """Return where this technician's parts come from: his van, else his station's store."""
        self.ensure_one()
        # sudo: where parts lie is asked on behalf of the order
        person = self.sudo()
        return person.parts_location_id or person.commercial_partner_id.parts_location_id

    def _is_own_staff(self):
        """Tell whether this technician is an employee of ours, not a station's man (S8.11)."""
        self.ensure_one()
        # sudo: who is employed here is asked on behalf of the rule
        return bool(self.sudo().employee_ids)

    def _registration_address(self):
        """Return the address in one line, as a clerk writes it down."""
        parts = (self.state_id.name, self.city_id.name or self.city, self.street, self.street2)
        return "".join(part for part in parts if part)

    @api.model
    def _search_display_name(self, operator, value):
        """Find a contact by telephone number too, where a caller is looked for (S8.1)."""
        domain = super()._search_display_name(operator, value)
        if self.env.context.get("jinxing_phone") and operator in ("ilike", "=") and value:
            number = phone.normalise(value)
            if sum(char.isdigit() for char in number) >= 5:
                domain = Domain(domain) | Domain("phone", "ilike", number)
        return domain
