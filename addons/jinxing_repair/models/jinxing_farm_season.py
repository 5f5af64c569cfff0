from calendar import monthrange
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: A leap year: every day a season may begin or end on is in it.
_LEAP_YEAR = 2024


def crops():
    """Return the crops a machine harvests, as a selection."""
    return [
        ("rice", "Rice"), ("wheat", "Wheat"), ("rapeseed", "Rapeseed"), ("maize", "Maize"),
        ("soybean", "Soybean"), ("other", "Other"),
    ]


class JinxingFarmSeason(models.Model):
    """When a crop is harvested in a region (农忙, G3.4), each year or in one.

    A region without seasons of its own has those of the region above it, and in the end the
    general ones. The dates of one year go before those of each year.
    """

    _name = "jinxing.farm.season"
    _description = "Farm Season"
    _order = "region_id, crop, year, month_from, day_from"

    name = fields.Char(required=True, translate=True)
    region_id = fields.Many2one(
        "jinxing.region", index="btree_not_null", help="Empty: everywhere else."
    )
    crop = fields.Selection(crops(), help="Empty: any crop.")
    year = fields.Char(size=4, help="Empty: each year.")
    month_from = fields.Integer("From month", required=True)
    day_from = fields.Integer("From day", required=True, default=1)
    month_to = fields.Integer("Until month", required=True)
    day_to = fields.Integer("Until day", required=True, default=1)
    period = fields.Char(compute="_compute_period")
    active = fields.Boolean(default=True)

    _months_sane = models.Constraint(
        "CHECK(month_from BETWEEN 1 AND 12 AND month_to BETWEEN 1 AND 12)",
        "A month is 1 to 12.",
    )
    _year_sane = models.Constraint(
        "CHECK(year IS NULL OR year ~ '^20[0-9]{2}$')", "The year is empty, or 2000 to 2099."
    )

    @api.depends("month_from", "day_from", "month_to", "day_to", "year")
    def _compute_period(self):
        for season in self:
            prefix = f"{season.year} " if season.year else ""
            season.period = (
                f"{prefix}{season.month_from:02}-{season.day_from:02} – "
                f"{season.month_to:02}-{season.day_to:02}"
            )

    @api.constrains("month_from", "day_from", "month_to", "day_to")
    def _check_days(self):
        for season in self:
            for month, day in (
                (season.month_from, season.day_from), (season.month_to, season.day_to),
            ):
                if 1 <= month <= 12 and not 1 <= day <= monthrange(_LEAP_YEAR, month)[1]:
                    raise ValidationError(
                        self.env._(
                            "%(name)s: there is no day %(day)s in month %(month)s.",
                            name=season.name,
                            day=day,
                            month=month,
                        )
                    )

    def _in_year(self, year):
        """Return first and last day of the season that begins in ``year``."""
        self.ensure_one()
        first = _day(year, self.month_from, self.day_from)
        last = _day(year, self.month_to, self.day_to)
        if last < first:
            last = _day(year + 1, self.month_to, self.day_to)
        return first, last

    def _ranges(self, region, crop, first, last):
        """Return the farm seasons of these records that touch the days ``first`` to ``last``.

        Seasons that overlap or follow at once are one. Asks the database nothing.

        :param region: where the machine works; may be empty
        :param crop: what it harvests; empty when it is not known, then every crop counts
        """
        mine = self._of_region(region, crop)
        found = set()
        for year in range(first.year - 1, last.year + 1):
            for kind in set(mine.mapped("crop")):
                same = mine.filtered(lambda s, kind=kind: s.crop == kind)
                chosen = same.filtered(lambda s, year=year: s.year == str(year)) or same.filtered(
                    lambda s: not s.year
                )
                found.update(season._in_year(year) for season in chosen)
        merged = []
        for begin, end in sorted(found):
            if merged and begin <= merged[-1][1] + timedelta(days=1):
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((begin, end))
        return tuple((begin, end) for begin, end in merged if begin <= last and end >= first)

    def _of_region(self, region, crop):
        """Return the seasons nearest to a region for a crop."""
        above = [int(one) for one in reversed((region.parent_path or "").split("/")) if one]
        for place in (*above, False):
            here = self.filtered(
                lambda s, place=place: s.region_id.id == place
                and (not crop or not s.crop or s.crop == crop)
            )
            if here:
                return here
        return self.browse()


def _day(year, month, day):
    """Return a day of a year; the 29th of February is the 28th where there is none."""
    return date(year, month, min(day, monthrange(year, month)[1]))
