from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError


class StockWarehouse(models.Model):
    """The service-parts warehouses: headquarters' and the regional centres' (B22)."""

    _inherit = "stock.warehouse"

    parts_role = fields.Selection(
        [("headquarters", "Headquarters"), ("centre", "Regional parts centre")],
        "Role for spare parts",
        index="btree_not_null",
        help="A regional centre belongs to the parts centre that is its address.",
    )
    parts_lead_days = fields.Integer(
        "Days from the supplying warehouse",
        default=3,
        help="How long parts take to a regional centre; headquarters counts its suppliers' days.",
    )
    store_route_id = fields.Many2one(
        "stock.route", "Supply of stations and vans", readonly=True, copy=False
    )
    store_type_in_id = fields.Many2one(
        "stock.picking.type", "Receipts at stations and vans", readonly=True, copy=False
    )

    _one_headquarters = models.UniqueIndex(
        "(company_id) WHERE parts_role = 'headquarters' AND active",
        "There is a warehouse of headquarters already.",
    )
    _one_per_centre = models.UniqueIndex(
        "(partner_id) WHERE parts_role = 'centre' AND active",
        "This parts centre has a warehouse already.",
    )

    _lead_not_negative = models.Constraint(
        "CHECK(parts_lead_days IS NULL OR parts_lead_days >= 0)", "No lead time is negative."
    )

    @api.constrains("parts_role", "partner_id")
    def _check_parts_role(self):
        for warehouse in self:
            if warehouse.parts_role == "centre" and not warehouse.partner_id.is_parts_centre:
                raise ValidationError(
                    self.env._(
                        "%(warehouse)s: the address of a regional centre's warehouse is a parts "
                        "centre (B22).",
                        warehouse=warehouse.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses.filtered("parts_role")._make_parts_network()
        return warehouses

    def write(self, vals):
        result = super().write(vals)
        if vals.get("parts_role"):
            self._make_parts_network()
        return result

    # -- procurement routes (A3) -----------------------------------------------------------------

    def _make_parts_network(self):
        """Make the routes by which a warehouse supplies stations and vans.

        From its stock through transit to the store, as between warehouses: what is shipped and
        not yet received is nowhere but on its way.
        """
        for warehouse in self.filtered(lambda w: not w.store_route_id):
            company = warehouse.company_id._in_own_language()
            # sudo: routes and operation types are the warehouse's set-up
            warehouse.with_env(company.env).sudo()._make_store_route()

    def _make_store_route(self):
        self.ensure_one()
        stores = self.company_id._parts_stores()
        transit = self.company_id.internal_transit_location_id
        transit.active = True
        receipts = self.env["stock.picking.type"].create(
            {
                "name": self.env._("Receipts at stations and vans"),
                "code": "internal",
                "sequence_code": "STORE",
                "warehouse_id": self.id,
                "company_id": self.company_id.id,
                "default_location_src_id": transit.id,
                "default_location_dest_id": stores.id,
                "use_create_lots": False,
                "use_existing_lots": True,
                "create_backorder": "always",
            }
        )
        source = (
            self.lot_stock_id if self.delivery_steps == "ship_only" else self.wh_output_stock_loc_id
        )
        common = {"company_id": self.company_id.id, "warehouse_id": self.id, "action": "pull"}
        rules = [
            {
                **common,
                "name": f"{self.code}: {source.name} → {transit.name}",
                "location_src_id": source.id,
                "location_dest_id": transit.id,
                "location_dest_from_rule": True,
                "picking_type_id": self.out_type_id.id,
                "procure_method": "make_to_stock" if source == self.lot_stock_id
                else "make_to_order",
            },
            {
                **common,
                "name": f"{self.code}: {transit.name} → {stores.name}",
                "location_src_id": transit.id,
                "location_dest_id": stores.id,
                "picking_type_id": receipts.id,
                "procure_method": "make_to_order",
                "propagate_cancel": False,
            },
        ]
        if source != self.lot_stock_id:
            rules.append(
                {
                    **common,
                    "name": f"{self.code}: {self.lot_stock_id.name} → {source.name}",
                    "location_src_id": self.lot_stock_id.id,
                    "location_dest_id": source.id,
                    "picking_type_id": self.pick_type_id.id,
                    "procure_method": "make_to_stock",
                }
            )
        self.store_route_id = self.env["stock.route"].create(
            {
                "name": self.env._(
                    "%(warehouse)s: supply of stations and vans", warehouse=self.name
                ),
                "company_id": self.company_id.id,
                "supplier_wh_id": self.id,
                "product_selectable": False,
                "sequence": 20,
                "rule_ids": [Command.create(rule) for rule in rules],
            }
        )
        self.store_type_in_id = receipts

    def _supply_route(self, location):
        """Return the route by which this warehouse supplies ``location`` (A3).

        :raises ValidationError: the location is neither a store nor another warehouse's stock
        """
        self.ensure_one()
        # sudo: routes are the warehouse's set-up, whoever asks for parts
        supplier, place = self.sudo(), location.sudo()
        supplier._make_parts_network()
        stores = supplier.company_id._parts_stores()
        if place._child_of(stores):
            return supplier.store_route_id
        supplied = place.warehouse_id
        if not supplied or supplied == supplier:
            raise ValidationError(
                self.env._(
                    "%(location)s cannot be supplied from %(warehouse)s: it lies inside that "
                    "warehouse, or in none at all. Give the station or van a store of its own.",
                    location=place.display_name,
                    warehouse=supplier.name,
                )
            )
        route = supplied.resupply_route_ids.filtered(lambda r: r.supplier_wh_id == supplier)
        if not route:
            supplied.resupply_wh_ids = [Command.link(supplier.id)]
            route = supplied.resupply_route_ids.filtered(lambda r: r.supplier_wh_id == supplier)
        return route[:1]

    @api.model
    def _of_centre(self, centre):
        """Return the warehouse in service of a parts centre."""
        # sudo: which warehouse a centre has is asked on behalf of the network
        return self.sudo().search(
            [("parts_role", "=", "centre"), ("partner_id", "=", centre.id)], limit=1
        )
