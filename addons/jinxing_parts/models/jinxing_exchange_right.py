from odoo import fields, models


class JinxingExchangeRight(models.Model):
    """A new part granted only against the old one: that one is owed, and seen through (G3.4)."""

    _inherit = "jinxing.exchange.right"

    old_part_ids = fields.One2many("jinxing.old.part", "right_id", "Old parts", readonly=True)

    def _take_old_part(self):
        """Take in what is still owed of the old parts; they wait for their inspection then."""
        result = super()._take_old_part()
        # sudo: the old part's return is this step's to note
        owed = self.sudo().old_part_ids.filtered("qty_open")
        if owed:
            owed._note_back(self.env.user, fields.Datetime.now())
        return result
