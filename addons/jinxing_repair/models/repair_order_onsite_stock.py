from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

_MAX_STOCK = 600
_MAX_FOUND = 20


class RepairOrder(models.Model):
    """What the technician's phone offers to choose from, so that it is there without network."""

    _inherit = "repair.order"

    @api.model
    def _onsite_catalog(self):
        """Return components, fee card, and the stock of the technician's orders."""
        # sudo: lists to choose from, and the stock his parts come from
        system = self._onsite_orders().sudo()
        components = system.env["jinxing.component"].search([])
        categories = system.env["jinxing.fault.category"].search([])
        classes = dict(components._fields["cover_class"]._description_selection(self.env))
        companies = system.company_id or self.env.company
        fees = system.env["jinxing.fee.item"].search(self._onsite_fee_domain(companies))
        kinds = dict(fees._fields["kind"]._description_selection(self.env))
        return {
            "components": [
                {
                    "id": component.id,
                    "name": component.name,
                    "group": classes[component.cover_class],
                }
                for component in components
            ],
            "categories": [{"id": item.id, "name": item.name} for item in categories],
            "fees": [
                {
                    "id": item.id,
                    "company": item.company_id.id,
                    "name": item.name,
                    "kind": item.kind,
                    "group": kinds[item.kind],
                    "category": item.category_id.id,
                    "hours": item.hours,
                    "price": item.price_unit,
                    "unit": item.product_id.uom_id.name,
                }
                for item in fees
            ],
            "stock": system._onsite_stock(),
        }

    def _onsite_stock(self, products=None):
        """Return the parts in the vans and stations the orders take from.

        :param products: only these, else all
        """
        sources = self.browse().location_id
        for order in self:
            sources |= order._onsite_sources()
        domain = [("location_id", "child_of", sources.ids), ("product_id.is_machine", "=", False)]
        if products is not None:
            domain.append(("product_id", "in", products.ids))
        groups = self.env["stock.quant"]._read_group(
            domain,
            ["product_id", "location_id", "lot_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        shelves = {}
        for product, place, lot, quantity, reserved in groups:
            free = quantity - reserved
            for source in sources:
                if not place.parent_path.startswith(source.parent_path):
                    continue
                key = (product, source)
                shelf = shelves.setdefault(key, {"free": 0.0, "lots": []})
                shelf["free"] += free
                if lot and free > 0:
                    shelf["lots"].append({"id": lot.id, "name": lot.name, "free": free})
        return [
            {
                **product._onsite_product(),
                "source": source.id,
                "free": product.uom_id.round(shelf["free"]),
                "lots": shelf["lots"],
            }
            for (product, source), shelf in list(shelves.items())[:_MAX_STOCK]
        ]

    def _onsite_find_parts(self, text):
        """Return parts whose name or number holds ``text``, in stock or not.

        Those not approved for the machine are found as well, so that the technician reads why
        they may not be fitted (G1.2).
        """
        self.ensure_one()
        text = (text or "").strip()[:60]
        if not text:
            return []
        # sudo: a list to choose from; the order is the technician's own
        order = self.sudo()
        parts = order.env["product.product"].search(
            Domain("type", "=", "consu")
            & Domain("is_machine", "=", False)
            & Domain("company_id", "in", (False, order.company_id.id))
            & (
                Domain("name", "ilike", text)
                | Domain("default_code", "ilike", text)
                | Domain("component_id.name", "ilike", text)
            ),
            limit=_MAX_FOUND,
        )
        shelves = defaultdict(list)
        for shelf in order._onsite_stock(parts):
            shelves[shelf["id"]].append(shelf)
        found = []
        for part in parts:
            found += shelves.get(part.id) or [
                {**part._onsite_product(), "source": order.location_id.id, "free": 0.0, "lots": []}
            ]
        return found


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _onsite_product(self):
        """Return what the phone shows of a part to choose."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "code": self.default_code or "",
            "tracking": self.tracking,
            "unit": self.uom_id.name,
            "price": self.lst_price,
            "component": self.component_id.id,
            "component_name": self.component_id.name or "",
            "models": self.approved_model_ids.ids,
            "old_part": self.return_old_part,
        }
