from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list

from ..rules.dates import cover_end
from .jinxing_component import cover_classes
from .service_day import service_day


class JinxingWarrantyCardLine(models.Model):
    """The cover of one class on a card: first and last day (G4.1-G4.3)."""

    _name = "jinxing.warranty.card.line"
    _description = "Cover on a Card"
    _order = "card_id, id"

    card_id = fields.Many2one(
        "jinxing.warranty.card", required=True, index=True, ondelete="cascade"
    )
    cover_class = fields.Selection(cover_classes(), required=True)
    months = fields.Integer(required=True)
    clause_id = fields.Many2one("jinxing.clause")
    date_start = fields.Date("From", required=True)
    date_end = fields.Date(
        "Until", compute="_compute_date_end", store=True, precompute=True, index=True
    )
    in_cover = fields.Boolean("In cover today", compute="_compute_in_cover")
    company_id = fields.Many2one(
        related="card_id.company_id", store=True, index=True, precompute=True
    )

    _class_unique = models.Constraint(
        "unique(card_id, cover_class)", "A card states each class once."
    )
    _months_positive = models.Constraint("CHECK(months > 0)", "Cover lasts at least a month.")

    @api.depends(
        "date_start", "months", "card_id.downtime_ids.date_from", "card_id.downtime_ids.date_to"
    )
    def _compute_date_end(self):
        counts = "L-down" in self.env["jinxing.clause"]._enabled_statutes()
        holidays = self.card_id.company_id._public_holidays() if counts else {}
        for line in self:
            if not line.date_start:
                line.date_end = False
                continue
            card = line.card_id
            line.date_end = cover_end(
                line.date_start,
                line.months,
                card._downtime() if counts else (),
                holidays.get(card.company_id, ()),
            )

    @api.depends("date_start", "date_end", "card_id.state")
    def _compute_in_cover(self):
        today = service_day(self.env)
        for line in self:
            line.in_cover = bool(
                line.card_id.state == "active" and line.date_end and line.date_end >= today
            )

    @api.model
    def _move_ends(self, domain):
        """Reckon the ends of cover anew where ``domain`` says, and say so on the cards."""
        # sudo: the ends of cover follow law and calendar on every card, whoever changed them
        lines = self.sudo().search(domain)
        before = {line.id: line.date_end for line in lines}
        self.env.add_to_compute(self._fields["date_end"], lines)
        moved = lines.filtered(lambda line: line.date_end != before[line.id])
        moved.card_id._record_cover()


class JinxingWarrantyDowntime(models.Model):
    """Days a machine could not be used for warranty repair or want of parts (L-down)."""

    _name = "jinxing.warranty.downtime"
    _description = "Downtime"
    _order = "date_from, id"

    card_id = fields.Many2one(
        "jinxing.warranty.card", required=True, index=True, ondelete="cascade"
    )
    lot_id = fields.Many2one(
        related="card_id.lot_id", store=True, precompute=True, index=True
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("Until", required=True)
    reason = fields.Char(required=True)
    source = fields.Char(help="What recorded it; the same source is recorded once.")
    company_id = fields.Many2one(
        related="card_id.company_id", store=True, index=True, precompute=True
    )

    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "Downtime cannot end before it begins."
    )
    _source_unique = models.UniqueIndex(
        "(card_id, source) WHERE source IS NOT NULL", "This downtime is recorded already."
    )

    @api.constrains("card_id", "date_from", "date_to")
    def _check_dates(self):
        for gap in self:
            start = gap.card_id.cover_start
            if start and gap.date_to < start:
                raise ValidationError(
                    self.env._("Downtime before cover begins (%(day)s) does not count.", day=start)
                )

    @api.model_create_multi
    def create(self, vals_list):
        gaps = super().create(vals_list)
        gaps.card_id._record_downtime()
        return gaps

    def write(self, vals):
        cards = self.card_id
        result = super().write(vals)
        (cards | self.card_id)._record_downtime()
        return result

    def unlink(self):
        cards = self.card_id
        result = super().unlink()
        cards._record_downtime()
        return result


class JinxingWarrantyCardOwner(models.Model):
    """Who owned the machine from when to when (L-own)."""

    _name = "jinxing.warranty.card.owner"
    _description = "Owner of a Machine"
    _order = "card_id, date_from, id"

    card_id = fields.Many2one(
        "jinxing.warranty.card", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", "Owner", required=True, index=True)
    phone = fields.Char()
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("Until")
    company_id = fields.Many2one(
        related="card_id.company_id", store=True, index=True, precompute=True
    )

    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "An owner cannot give a machine away before he has it.",
    )


class JinxingWarrantyCardCorrection(models.Model):
    """One recorded change of an active card (G5.4): what it said, what it says, why."""

    _name = "jinxing.warranty.card.correction"
    _description = "Correction of a Card"
    _order = "id desc"

    card_id = fields.Many2one(
        "jinxing.warranty.card", required=True, index=True, ondelete="cascade"
    )
    field_name = fields.Char(required=True)
    field_label = fields.Char("Changed", compute="_compute_field_label")
    old_value = fields.Char()
    new_value = fields.Char()
    reason = fields.Text(required=True)
    altering = fields.Boolean("Needs a supervisor", readonly=True)
    user_id = fields.Many2one("res.users", "Corrected by", required=True)
    confirmed_by_id = fields.Many2one("res.users", "Confirmed by")
    confirmed_on = fields.Datetime()
    company_id = fields.Many2one(
        related="card_id.company_id", store=True, index=True, precompute=True
    )

    @api.depends("field_name")
    @api.depends_context("lang")
    def _compute_field_label(self):
        labels = self.env["jinxing.warranty.card"].fields_get(attributes=["string"])
        for correction in self:
            label = labels.get(correction.field_name, {})
            correction.field_label = label.get("string", correction.field_name)


class JinxingWarrantyCard(models.Model):
    _inherit = "jinxing.warranty.card"

    def _downtime(self):
        """Return the downtime as ``((first day, last day), ...)`` for the rules."""
        return tuple(
            (gap.date_from, gap.date_to)
            for gap in self.downtime_ids
            if gap.date_from and gap.date_to
        )

    def _record_downtime(self):
        """Say why the end of cover has moved, while downtime counts (L-down)."""
        if "L-down" in self.env["jinxing.clause"]._enabled_statutes():
            self.exists()._record_cover()

    def _component_names(self, cover_class):
        """Return the components of a class as one line, for the printed card (L24b)."""
        names = self.env["jinxing.component"]._names_by_class(self.env.lang)
        return format_list(self.env, names.get(cover_class, ()))

    def _exclusion_clauses(self):
        """Return the five grounds of G5, for the printed card."""
        return self.env["jinxing.clause"]._by_codes(["G5.1", "G5.2", "G5.3", "G5.4", "G5.5"])

    def _public_url(self):
        """Return where the QR code on the printed card leads."""
        # sudo: the token goes on the card, whoever prints it
        return self.lot_id.sudo().public_url

    @api.model
    def _print_language(self, company=None):
        """Return the language cards and labels are printed in: the company's, else Chinese."""
        installed = dict(self.env["res.lang"].get_installed())
        # sudo: the language of the company one prints for
        language = (company or self.company_id or self.env.company).sudo().partner_id.lang
        if language in installed and language != "en_US":
            return language
        return "zh_CN" if "zh_CN" in installed else self.env.lang or "en_US"

    def _get_report_base_filename(self):
        """Return what the printed card's file is called, in the reader's language."""
        self.ensure_one()
        # sudo: only the name of this model
        return f"{self.env['ir.model'].sudo()._get(self._name).name} {self.name}"
