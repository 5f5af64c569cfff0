from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..rules.coverage import CLASS_CLAUSES


def cover_classes():
    """Return the cover classes of G4 as a selection."""
    return [
        ("machine", "Whole machine"),
        ("main", "Main component"),
        ("electrical", "Electrical"),
        ("wear", "Wear part"),
    ]


class JinxingComponent(models.Model):
    """A component of a machine and the class of its cover (G4.1-G4.3)."""

    _name = "jinxing.component"
    _description = "Component"
    _parent_store = True
    _order = "sequence, code"
    _rec_names_search = ["code", "name"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, index=True)
    sequence = fields.Integer(default=10)
    cover_class = fields.Selection(cover_classes(), required=True, default="machine", index=True)
    clause_id = fields.Many2one("jinxing.clause", compute="_compute_clause_id")
    parent_id = fields.Many2one("jinxing.component", "Part of", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    is_assembly = fields.Boolean(
        "Assembly",
        help="Made of parts that are repaired one by one: given whole only by a right to it or "
        "with a supervisor's approval (G3.2).",
    )
    product_tmpl_ids = fields.One2many("product.template", "component_id", string="Spare parts")
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("unique(code)", "This component code exists already.")

    @api.depends("cover_class")
    def _compute_clause_id(self):
        clauses = self.env["jinxing.clause"]
        for component in self:
            code = CLASS_CLAUSES.get(component.cover_class)
            component.clause_id = clauses._by_codes([code]) if code else False

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A component cannot be part of itself."))

    @api.model_create_multi
    def create(self, vals_list):
        components = super().create(vals_list)
        self.env.registry.clear_cache()
        return components

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
    def _names_by_class(self, lang):
        """Return ``{cover class: (component, ...)}`` in a language, for cards and pages."""
        # sudo: what is covered how long stands on every card
        names = {}
        for component in self.sudo().with_context(lang=lang).search([]):
            names.setdefault(component.cover_class, []).append(component.name)
        return {cover_class: tuple(found) for cover_class, found in names.items()}

    @api.model
    @tools.ormcache("lang")
    def _names_by_code(self, lang):
        """Return ``{code: name}`` in a language, of the archived ones too."""
        # sudo: the names of components are nobody's secret
        every = self.sudo().with_context(lang=lang, active_test=False).search([])
        return {one.code: one.name for one in every}
