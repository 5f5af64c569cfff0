from datetime import timedelta

import pytz

from odoo import api, models

#: No run of public holidays is longer, so an end of cover is moved no further.
LONGEST_HOLIDAY = timedelta(days=31)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _public_holidays(self):
        """Return ``{company: its public holidays}``, as days at its place (L-down)."""
        # sudo: holidays are the company's, whoever reckons with them
        leaves = self.env["resource.calendar.leaves"].sudo().search_fetch(
            [
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("company_id", "in", [*self.ids, False]),
            ],
            ["date_from", "date_to", "company_id", "calendar_id"],
        )
        parameters = self.env["jinxing.policy.parameter"]
        zones = {company: pytz.timezone(parameters._service_tz(company)) for company in self}
        return {
            company: frozenset(
                day
                for leave in leaves
                if leave.company_id in (company, company.browse())
                and leave.calendar_id in (company.resource_calendar_id, leave.calendar_id.browse())
                for day in leave._days(zones[company])
            )
            for company in self
        }


class ResourceCalendarLeaves(models.Model):
    """A public holiday may move the last day of cover (L-down)."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._move_covers(leaves._holiday_span())
        return leaves

    def write(self, vals):
        before = self._holiday_span()
        result = super().write(vals)
        self._move_covers(before + self._holiday_span())
        return result

    def unlink(self):
        before = self._holiday_span()
        result = super().unlink()
        self._move_covers(before)
        return result

    def _days(self, zone):
        """Return the days from the first to the last one, in a time zone."""
        first, last = (
            pytz.utc.localize(moment).astimezone(zone).date()
            for moment in (self.date_from, self.date_to)
        )
        return [first + timedelta(days=i) for i in range((last - first).days + 1)]

    def _holiday_span(self):
        """Return the moments at which these begin and end, as far as they are for everybody."""
        common = self.filtered(lambda leave: not leave.resource_id)
        return common.mapped("date_from") + common.mapped("date_to")

    @api.model
    def _move_covers(self, moments):
        """Reckon anew the cover that ends around ``moments``, while holidays count (L-down)."""
        if moments and "L-down" in self.env["jinxing.clause"]._enabled_statutes():
            self.env["jinxing.warranty.card.line"]._move_ends(
                [
                    ("date_end", ">=", min(moments).date() - timedelta(days=1)),
                    ("date_end", "<=", max(moments).date() + LONGEST_HOLIDAY),
                ]
            )
