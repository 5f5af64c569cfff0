from odoo import api, fields, models


class JinxingFaultCategory(models.Model):
    """A kind of fault, and the competences that repairing it demands (T1-T5, S7)."""

    _name = "jinxing.fault.category"
    _description = "Fault Category"
    _order = "sequence, code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True, index=True)
    name = fields.Char(required=True, translate=True)
    description = fields.Text("Typical faults", translate=True)
    competence_ids = fields.Many2many(
        "jinxing.competence",
        "jinxing_fault_category_competence_rel",
        "category_id",
        "competence_id",
        string="Demanded competences",
    )
    min_grade = fields.Integer(
        "Lowest grade",
        compute="_compute_min_grade",
        store=True,
        help="The star grade that covers all demanded competences. 0: any trained technician.",
    )
    min_grade_level = fields.Selection(
        [("0", "Any trained technician"), ("1", "One star"), ("2", "Two star"),
         ("3", "Three star"), ("4", "Four star"), ("5", "Five star")],
        string="Demanded grade",
        compute="_compute_min_grade_level",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("unique(code)", "This fault category code exists already.")

    @api.depends("competence_ids", "competence_ids.grade")
    def _compute_min_grade(self):
        for category in self:
            category.min_grade = max(category.competence_ids.mapped("grade"), default=0)

    @api.depends("min_grade")
    def _compute_min_grade_level(self):
        for category in self:
            category.min_grade_level = str(category.min_grade)

    def _required_grade(self):
        """Return the grade that covers all these categories together, 0 for none (T1-T5)."""
        return max(self.mapped("min_grade"), default=0)
