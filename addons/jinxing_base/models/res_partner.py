from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """Dealers, service stations and parts centres of the service network (G1.1, A3)."""

    _inherit = "res.partner"

    is_dealer = fields.Boolean("Dealer", index=True)
    is_service_station = fields.Boolean("Service station", index=True)
    is_parts_centre = fields.Boolean("Parts centre", index=True)
    region_id = fields.Many2one("jinxing.region", "Service region", index="btree_not_null")
    parent_centre_id = fields.Many2one(
        "res.partner",
        "Supplied by",
        domain=[("is_parts_centre", "=", True)],
        index="btree_not_null",
    )
    appointed_station_id = fields.Many2one(
        "res.partner",
        "Appointed station",
        domain=[("is_service_station", "=", True)],
        index="btree_not_null",
        help="Repairs machines this dealer sold, when he does not repair himself (G3.1).",
    )
    contract_start = fields.Date("Contract from")
    contract_end = fields.Date("Contract until")

    _contract_ordered = models.Constraint(
        "CHECK(contract_end IS NULL OR contract_start IS NULL OR contract_end >= contract_start)",
        "A contract cannot end before it begins.",
    )

    @api.constrains("is_service_station", "is_parts_centre")
    def _check_role_in_use(self):
        """Keep the role of a station or centre that others name as theirs."""
        # sudo: who names it may be out of the user's sight and counts all the same
        partners, regions = self.sudo(), self.env["jinxing.region"].sudo()
        no_station = self.filtered(lambda p: not p.is_service_station).ids
        no_centre = self.filtered(lambda p: not p.is_parts_centre).ids
        dealers = partners.search_fetch(
            [("appointed_station_id", "in", no_station)], ["appointed_station_id"]
        )
        supplied = partners.search_fetch(
            [("parent_centre_id", "in", no_centre)], ["parent_centre_id"]
        )
        covered = regions.search_fetch([("centre_id", "in", no_centre)], ["centre_id"])
        used = dealers.appointed_station_id | supplied.parent_centre_id | covered.centre_id
        if used:
            raise ValidationError(
                self.env._(
                    "%(names)s: dealers or regions still rely on this role. Give them another "
                    "station or parts centre first.",
                    names=", ".join(used.mapped("display_name")),
                )
            )

    @api.constrains("appointed_station_id")
    def _check_appointed_station(self):
        for partner in self:
            station = partner.appointed_station_id
            if station and not station.is_service_station:
                raise ValidationError(
                    self.env._("%(name)s is not a service station.", name=station.display_name)
                )

    @api.constrains("parent_centre_id", "is_parts_centre")
    def _check_parent_centre(self):
        for partner in self:
            centre = partner.parent_centre_id
            if centre and not centre.is_parts_centre:
                raise ValidationError(
                    self.env._("%(name)s is not a parts centre.", name=centre.display_name)
                )
        if self._has_cycle("parent_centre_id"):
            raise ValidationError(self.env._("A parts centre cannot be supplied by itself."))

    def _jinxing_portal_partner(self):
        """Return the company a portal user acts for."""
        self.ensure_one()
        return self.commercial_partner_id

    def _under_contract(self, on):
        """Return those of the partners whose service contract is in force on the day ``on``."""
        return self.filtered(
            lambda p: (not p.contract_start or p.contract_start <= on)
            and (not p.contract_end or p.contract_end >= on)
        )

    def _default_provider(self, on):
        """Return who repairs what this dealer sold (G3.1): his station, else he himself.

        Empty when neither is under contract on the day ``on``: then the factory serves.
        """
        self.ensure_one()
        able = (self.appointed_station_id.filtered("active") + self).filtered(
            lambda p: p.is_service_station or p.is_dealer
        )
        return able._under_contract(on)[:1]
