from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import figures

#: What the counting sets, and nobody else.
_SYSTEM = frozenset({"figures", "taken_at", "taken_by_id"})


class JinxingMonthlyReport(models.Model):
    """The manager's report of one month, printed (M26).

    The figures are kept as they were counted: what is registered later does not change a report
    that has been given to somebody. Counting anew is the manager's button.
    """

    _name = "jinxing.monthly.report"
    _description = "Monthly Report"
    _order = "month desc, id desc"

    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day of the month; its first day is kept.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    figures = fields.Json(readonly=True, copy=False)
    taken_at = fields.Datetime("Counted on", readonly=True, copy=False)
    taken_by_id = fields.Many2one("res.users", "Counted by", readonly=True, copy=False)
    note = fields.Html("What follows from it", help="Printed below the figures.")

    _one_per_month = models.UniqueIndex(
        "(company_id, month)", "There is a report of this month already."
    )
    _first_day = models.Constraint(
        "CHECK(EXTRACT(DAY FROM month) = 1)", "A month is kept by its first day."
    )

    @api.model
    def _default_month(self):
        today = self.env["jinxing.daily.report"]._today(self.env.company)
        return figures.period("last_month", today)[0]

    @api.depends("month")
    def _compute_display_name(self):
        for report in self:
            month = f"{report.month:%Y-%m}" if report.month else ""
            report.display_name = self.env._("Monthly report %(month)s", month=month)

    @api.constrains("month", "company_id")
    def _check_month(self):
        for report in self:
            today = self.env["jinxing.daily.report"]._today(report.company_id)
            if report.month > today:
                raise ValidationError(self.env._("This month has not begun yet."))

    # -- create and write --------------------------------------------------------------------------

    @api.model
    def _own_steps(self, vals):
        """Refuse figures that were not counted, and keep a month by its first day."""
        if not self.env.su and any(vals.get(name) for name in _SYSTEM):
            raise UserError(self.env._("Figures are counted, not written (M26)."))
        day = fields.Date.to_date(vals.get("month"))
        return {**vals, "month": day.replace(day=1)} if day else vals

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create([self._own_steps(vals) for vals in vals_list])
        reports._take()
        return reports

    def write(self, vals):
        if not self.env.su and _SYSTEM & set(vals):
            raise UserError(self.env._("Figures are counted, not written (M26)."))
        if {"month", "company_id"} & set(vals):
            raise UserError(self.env._("A report stays that of its month; make another one."))
        return super().write(vals)

    # -- figures ---------------------------------------------------------------------------------

    def _take(self):
        """Count the figures of the month, with names in the company's language."""
        self.env["jinxing.service.dashboard"]._ensure_manager()
        for report in self:
            company = report.company_id
            dashboard = self.env["jinxing.service.dashboard"].with_context(
                allowed_company_ids=company.ids,
                lang=company.partner_id.lang or self.env.lang,
            )
            counted = dashboard._figures(*figures.month_of(report.month))
            # sudo: what the counting sets is nobody's to edit
            report.sudo().write(
                {
                    "figures": counted,
                    "taken_at": fields.Datetime.now(),
                    "taken_by_id": self.env.uid,
                }
            )

    def action_take(self):
        """Count the figures anew (M26)."""
        self.check_access("write")
        self._take()
        return True

    def action_print(self):
        """Print the report (M26)."""
        return self.env.ref("jinxing_complaint.action_report_monthly").report_action(self)

    # -- printing --------------------------------------------------------------------------------

    def _before(self):
        """Return the figures of the month before, if they were kept; to compare with."""
        self.ensure_one()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("month", "=", self.month - relativedelta(months=1)),
            ],
            limit=1,
        ).figures

    @api.model
    def _number(self, value, digits=1):
        """Return a figure as it is printed; a dash when there is none."""
        return "–" if value is None or value is False else f"{value:,.{digits}f}"

    def _rates(self):
        """Return the lines of the first table: label, figure, how many were counted, before."""
        self.ensure_one()
        now, before = self.figures, self._before() or {}

        def percent(figures_, *path):
            for name in path:
                figures_ = (figures_ or {}).get(name)
            return f"{self._number(figures_)} %" if figures_ is not None else "–"

        labels = {
            "in_time": self.env._("Contacts answered in time"),
            "contact_in_time": self.env._("Called in 10 minutes"),
            "arrival_in_time": self.env._("There in 24 hours"),
            "first_time_fix": self.env._("Fixed at the first visit"),
            "rework": self.env._("Rework in 30 days"),
        }
        lines = [(labels.pop("in_time"), ("contacts", "in_time"), now["contacts"]["counted"])]
        lines += [
            (label, ("service", name, "rate"), now["service"][name]["counted"])
            for name, label in labels.items()
        ]
        return [
            (label, percent(now, *path), counted, percent(before, *path))
            for label, path, counted in lines
        ]
