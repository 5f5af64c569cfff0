from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import routing

#: Who reads what a partner's parts are about.
STAFF = (
    "jinxing_base.group_clerk,jinxing_base.group_technician,jinxing_base.group_parts_keeper,"
    "stock.group_stock_user"
)


class ResPartner(models.Model):
    """Who asks for parts, who supplies him, and where his parts lie (B22, A3)."""

    _inherit = "res.partner"

    parts_location_id = fields.Many2one(index="btree_not_null", groups=STAFF)
    parts_warehouse_ids = fields.One2many(
        "stock.warehouse", "partner_id", "Warehouses", groups="stock.group_stock_user"
    )
    is_carrier = fields.Boolean("Carrier", help="A logistics company that ships our parts.")
    has_parts_store = fields.Boolean(compute="_compute_has_parts_store", groups=STAFF)

    @api.depends("parts_location_id.parts_kind")
    def _compute_has_parts_store(self):
        for partner in self:
            # sudo: whether there is one, whoever may see the contact
            partner.has_parts_store = bool(partner.sudo().parts_location_id.parts_kind)

    @api.constrains("parts_location_id")
    def _check_parts_location(self):
        """A store has one keeper: otherwise nobody answers for what is missing (G1.3)."""
        # sudo: who keeps a store counts whether or not the user may see him
        partners = self.sudo().filtered("parts_location_id.parts_kind")
        # sudo: as above
        groups = self.env["res.partner"].sudo()._read_group(
            [("parts_location_id", "in", partners.parts_location_id.ids)],
            ["parts_location_id"],
            ["id:recordset"],
        )
        for location, keepers in groups:
            if len(keepers) > 1:
                raise ValidationError(
                    self.env._(
                        "%(location)s is kept by %(names)s. A store has one keeper.",
                        location=location.display_name,
                        names=", ".join(keepers.mapped("display_name")),
                    )
                )

    def _is_own_store(self):
        """Tell whether this requester's stock is ours to move: a centre, or our own man (A3)."""
        self.ensure_one()
        return self.is_parts_centre or self._is_own_staff()

    def action_make_parts_store(self):
        """Give stations and technicians a store outside our warehouses (B22).

        A place that lies inside a warehouse is moved out with what is in it.

        :raises UserError: somebody has one already, or needs none
        """
        self.check_access("write")
        stores = self.env.company._parts_stores()
        for partner in self:
            # sudo: stores are locations of the company, their keeper is set here
            keeper = partner.sudo()
            place = keeper.parts_location_id
            if place.parts_kind:
                raise UserError(
                    self.env._(
                        "%(name)s has a store: %(location)s.",
                        name=partner.display_name,
                        location=place.display_name,
                    )
                )
            van = keeper._is_own_staff()
            if not van and not (keeper.is_service_station or keeper.is_dealer):
                raise UserError(
                    self.env._(
                        "%(name)s is neither a station or dealer nor a technician of ours.",
                        name=partner.display_name,
                    )
                )
            kind = "van" if van else "station"
            if place:
                place.write({"location_id": stores.id, "parts_kind": kind})
                continue
            keeper.parts_location_id = keeper.env["stock.location"].create(
                {
                    "name": keeper.name,
                    "usage": "internal",
                    "location_id": stores.id,
                    "company_id": stores.company_id.id,
                    "parts_kind": kind,
                }
            )
        return True

    # -- who supplies (A3) -----------------------------------------------------------------------

    def _supply_decision(self):
        """Return the rule's decision on which centre supplies this requester (A3)."""
        self.ensure_one()
        # sudo: the network's regions and centres decide, whoever asks
        partner = self.sudo()
        region = partner.env["jinxing.region"]._find_for(partner)
        return routing.decide_supply(
            routing.SupplyFacts(
                requester=partner.name or "",
                key=partner.commercial_partner_id.id,
                named=partner._centre_fact(
                    partner.parent_centre_id or partner.commercial_partner_id.parent_centre_id
                ),
                region=region.name or "",
                region_centre=partner._centre_fact(region._centre()),
            )
        )

    @api.model
    def _centre_fact(self, centre):
        if not centre:
            return None
        stocked = bool(self.env["stock.warehouse"]._of_centre(centre))
        return routing.Centre(centre.id, centre.name or "", stocked and centre.active)

    def _supply_warehouse(self, decision, company):
        """Return the warehouse a decision on supply names."""
        centre = decision.facts["centre"]
        if centre:
            return self.env["stock.warehouse"]._of_centre(self.browse(centre))
        return company._parts_headquarters()

    def _parts_destination(self):
        """Return where parts for this requester go: a centre's stock, a store, else nowhere."""
        self.ensure_one()
        # sudo: where parts lie is asked on behalf of the requisition
        partner = self.sudo()
        if partner.is_parts_centre:
            return self.env["stock.warehouse"]._of_centre(partner).lot_stock_id
        return partner._parts_location()

    def _credit_decision(self, amount, company):
        """Return whether an order of ``amount`` keeps within this station's credit (A3)."""
        self.ensure_one()
        # sudo: what a station owes is accounting's, the order needs only the answer
        payer = self.sudo().with_company(company).commercial_partner_id
        # sudo: as above
        limited = company.sudo().account_use_credit_limit and payer.use_partner_credit_limit
        return routing.decide_credit(
            routing.CreditFacts(
                owed=payer.credit + payer.credit_to_invoice,
                ordered=amount,
                limit=payer.credit_limit if limited else None,
            )
        )
