from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    """Seasonal goods: bought for a season that ends every year on the same day (R12.2)."""

    _inherit = "product.template"

    is_seasonal = fields.Boolean("Seasonal goods", help="Returned late at today's price (R12.2).")
    season_end = fields.Char(
        "Season ends on", size=5, help="Month and day of every year, like 06-15 (R12.2)."
    )

    @api.constrains("is_seasonal", "season_end")
    def _check_season_end(self):
        for product in self.filtered("is_seasonal"):
            try:
                # a year that is no leap year: the 29th of February is no end of a season
                date.fromisoformat(f"2023-{product.season_end}")
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "%(name)s: “%(day)s” is no day on which a season ends; write 06-15.",
                        name=product.display_name,
                        day=product.season_end or "",
                    )
                ) from error

    def _season_end(self, sold):
        """Return the last day of the season the goods were bought for, or ``None`` (R12.2)."""
        self.ensure_one()
        if not self.is_seasonal or not sold:
            return None
        end = date.fromisoformat(f"{sold.year}-{self.season_end}")
        return end if end >= sold else end.replace(year=end.year + 1)
