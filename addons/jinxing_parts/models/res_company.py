from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    parts_stores_id = fields.Many2one(
        "stock.location",
        "Stores of stations and vans",
        readonly=True,
        help="Above all stores outside our warehouses: vans, and warranty parts at stations (B22).",
    )

    def _parts_stores(self):
        """Return the location above all stores of stations and vans, made when it is missing.

        It lies outside all warehouses: what is in a van or at a station is not at hand in a
        warehouse, and nobody else's order may reserve it.
        """
        self.ensure_one()
        # sudo: the network's locations are part of the company's set-up
        company = self.sudo()
        if not company.parts_stores_id:
            company.parts_stores_id = company.env["stock.location"].create(
                {
                    "name": self._in_own_language().env._("Stations and vans"),
                    "usage": "view",
                    "company_id": company.id,
                }
            )
        return company.parts_stores_id

    def _parts_headquarters(self):
        """Return the warehouse of headquarters, else the company's first (B22)."""
        self.ensure_one()
        # sudo: which warehouse is headquarters' is no secret of the warehouse
        warehouses = self.env["stock.warehouse"].sudo()
        return warehouses.search(
            [("company_id", "=", self.id), ("parts_role", "=", "headquarters")], limit=1
        ) or warehouses.search([("company_id", "=", self.id)], limit=1)
