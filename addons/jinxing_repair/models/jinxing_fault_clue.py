from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..rules import preliminary
from ..rules.preliminary_texts import SEVERITIES, WAYS


def severities():
    """Return how badly a machine is hit as a selection."""
    return list(SEVERITIES.items())


def ways():
    """Return how an order is served as a selection."""
    return list(WAYS.items())


class JinxingFaultCategory(models.Model):
    _inherit = "jinxing.fault.category"

    @api.model_create_multi
    def create(self, vals_list):
        categories = super().create(vals_list)
        self.env.registry.clear_cache()
        return categories

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("lang")
    def _names_by_code(self, lang):
        """Return ``{code: name}`` in a language, of the archived ones too."""
        # sudo: the names of kinds of fault are nobody's secret
        every = self.sudo().with_context(lang=lang, active_test=False).search([])
        return {one.code: one.name for one in every}


class JinxingFaultClue(models.Model):
    """Words of callers and what they speak for: kind of fault, component, how bad it is (S8.2)."""

    _name = "jinxing.fault.clue"
    _description = "Words of Callers"
    _order = "category_id, component_id, id"
    _rec_name = "words"

    words = fields.Char(
        required=True,
        help="Words or phrases as callers say them, separated by commas; upper or lower case is "
        "all the same.",
    )
    category_id = fields.Many2one(
        "jinxing.fault.category", "Kind of fault", index="btree_not_null", ondelete="cascade"
    )
    component_id = fields.Many2one(
        "jinxing.component", index="btree_not_null", ondelete="cascade"
    )
    severity = fields.Selection(selection=severities())
    active = fields.Boolean(default=True)

    _says_something = models.Constraint(
        "CHECK(category_id IS NOT NULL OR component_id IS NOT NULL OR severity IS NOT NULL)",
        "What do the words speak for? Choose a kind of fault, a component or how bad it is.",
    )

    @api.constrains("words")
    def _check_words(self):
        if self.filtered(lambda clue: not clue._words()):
            raise ValidationError(self.env._("Enter at least one word."))

    def _words(self):
        """Return the words one by one, in lower case; Chinese commas separate too."""
        self.ensure_one()
        text = (self.words or "").replace("，", ",").replace("、", ",").lower()
        words = (" ".join(word.split()) for word in text.split(","))
        return tuple(dict.fromkeys(word for word in words if word))

    @api.model
    def _clues(self):
        """Return all of them for rules/preliminary.py; the number of queries is constant."""
        # sudo: the words are no secret, the rule reads them for whoever asks
        found = self.sudo().search([])
        return tuple(
            preliminary.Clue(
                words=clue._words(),
                category=clue.category_id.code or "",
                component=clue.component_id.code or "",
                severity=clue.severity or "",
            )
            for clue in found
        )


class JinxingFaultGuide(models.Model):
    """How a kind of fault is usually served, and what the customer is told until then (S8.2)."""

    _name = "jinxing.fault.guide"
    _description = "How a Kind of Fault Is Served"
    _order = "category_id, id"
    _rec_name = "category_id"

    category_id = fields.Many2one(
        "jinxing.fault.category", "Kind of fault", required=True, index=True, ondelete="cascade"
    )
    way = fields.Selection(
        selection=ways(), string="Usually served by", required=True, default="visit"
    )
    advice = fields.Text(
        "To tell the customer",
        translate=True,
        help="Above all what keeps him and the machine safe.",
    )
    active = fields.Boolean(default=True)

    _category_unique = models.Constraint(
        "unique(category_id)", "There is a line for this kind of fault already."
    )

    @api.model
    def _by_category(self):
        """Return ``{kind of fault: its line}``."""
        # sudo: as the words of callers
        return {guide.category_id: guide for guide in self.sudo().search([])}
