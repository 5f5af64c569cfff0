from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class JinxingDutyRoster(models.Model):
    """Who is on duty at night or stands by, since farmers call at night too (S8.11)."""

    _name = "jinxing.duty.roster"
    _description = "Duty"
    _order = "date_from desc, id desc"
    _rec_name = "technician_id"

    technician_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_technician", "=", True)],
    )
    kind = fields.Selection(
        [("night", "Night duty"), ("standby", "Standby")], required=True, default="night"
    )
    date_from = fields.Datetime("From", required=True)
    date_to = fields.Datetime("Until", required=True, help="This moment is no longer part of it.")
    region_id = fields.Many2one("jinxing.region", help="Empty: everywhere.")
    phone = fields.Char(related="technician_id.phone", string="Phone")
    note = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    _in_order = models.Constraint(
        "CHECK(date_to > date_from)", "A duty ends after it begins."
    )
    _period_index = models.Index("(company_id, date_to, date_from)")

    @api.constrains("technician_id")
    def _check_technician(self):
        for duty in self:
            if not duty.technician_id.is_technician:
                raise ValidationError(
                    self.env._("%(name)s is no technician.", name=duty.technician_id.name)
                )

    @api.constrains("technician_id", "date_from", "date_to")
    def _check_no_overlap(self):
        """Nobody has two duties at once; one query for any number of duties."""
        periods = Domain.OR(
            Domain("technician_id", "=", duty.technician_id.id)
            & Domain("date_from", "<", duty.date_to)
            & Domain("date_to", ">", duty.date_from)
            for duty in self
        )
        duties = self.search(periods)
        for duty in self:
            for other in duties - duty:
                if (
                    other.technician_id == duty.technician_id
                    and other.date_from < duty.date_to
                    and other.date_to > duty.date_from
                ):
                    raise ValidationError(
                        self.env._(
                            "%(name)s has another duty at that time.",
                            name=duty.technician_id.name,
                        )
                    )

    @api.model
    def _on_duty(self, moment, regions, company):
        """Return the ids of those on duty at a moment, ``None`` where no roster is kept.

        A duty for a region holds for the regions within it too. One query.

        :param moment: naive UTC
        :param regions: where the work is; empty counts every duty
        """
        # sudo: who is on duty is asked on behalf of the dispatch
        duties = self.sudo().search_fetch(
            [
                ("company_id", "=", company.id),
                ("date_from", "<=", moment),
                ("date_to", ">", moment),
            ],
            ["technician_id", "region_id"],
        )
        if regions:
            # sudo: regions are no secret, the roster is asked on behalf of the system
            above = {
                int(part)
                for region in regions.sudo()
                for part in (region.parent_path or "").split("/")
                if part
            }
            duties = duties.filtered(lambda d: not d.region_id or d.region_id.id in above)
        return set(duties.technician_id.ids) if duties else None
