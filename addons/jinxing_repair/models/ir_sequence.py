from odoo import api, models, tools
from odoo.tools import SQL

#: What the numbers of a sequence are made of.
_MADE_OF = (
    "name", "code", "company_id", "active", "implementation", "use_date_range", "prefix", "suffix",
    "padding",
)


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model_create_multi
    def create(self, vals_list):
        sequences = super().create(vals_list)
        self.env.registry.clear_cache()
        return sequences

    def write(self, vals):
        result = super().write(vals)
        if not set(vals).isdisjoint(_MADE_OF):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("code", "company_id")
    def _numbering(self, code, company_id):
        """Return ``(id, {what its numbers are made of})`` of the sequence a company uses.

        :raises ValueError: there is no such sequence
        """
        # sudo: a number is given to whoever may make the record
        sequence = self.sudo().search(
            [("code", "=", code), ("company_id", "in", [company_id, False])],
            order="company_id",
            limit=1,
        )
        if not sequence:
            raise ValueError(f"no sequence with the code {code}")
        names = ("name", "implementation", "use_date_range", "prefix", "suffix", "padding")
        return sequence.id, {name: sequence[name] for name in names}

    @api.model
    def _next_numbers(self, code, count):
        """Return the next ``count`` numbers of a sequence of the current company.

        One query for any count, where the base needs three for each; a sequence without gaps or
        by date range goes the base's way.

        :raises ValueError: there is no such sequence
        """
        sequence_id, made_of = self._numbering(code, self.env.company.id)
        if made_of["implementation"] != "standard" or made_of["use_date_range"]:
            # sudo: a number is given to whoever may make the record
            sequence = self.sudo().browse(sequence_id)
            return [sequence._next() for _number in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence_id:03d}",
                count,
            )
        )
        # sudo: only what its prefix and suffix say today
        prefix, suffix = self.sudo().new(made_of)._get_prefix_suffix()
        return [f"{prefix}{number:0{made_of['padding']}d}{suffix}" for (number,) in rows]
