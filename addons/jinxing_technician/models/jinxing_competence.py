from odoo import api, fields, models

from ..rules.grading import grade_clause


class JinxingCompetence(models.Model):
    """Something a technician can do, and the star grade that stands for it (T1-T5)."""

    _name = "jinxing.competence"
    _description = "Competence"
    _order = "grade, sequence, code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True, index=True)
    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    grade = fields.Integer(
        required=True, default=1, help="The lowest star grade, 1 to 5, that includes it."
    )
    grade_level = fields.Selection(
        [("1", "One star"), ("2", "Two star"), ("3", "Three star"), ("4", "Four star"),
         ("5", "Five star")],
        string="Star grade",
        compute="_compute_grade_level",
        inverse="_inverse_grade_level",
    )
    examined = fields.Boolean(
        "On the score sheet", default=True, help="Examined in the practical part (T0)."
    )
    clause_id = fields.Many2one("jinxing.clause", compute="_compute_clause_id")
    category_ids = fields.Many2many(
        "jinxing.fault.category",
        "jinxing_fault_category_competence_rel",
        "competence_id",
        "category_id",
        string="Fault categories",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("unique(code)", "This competence code exists already.")
    _grade_range = models.Constraint(
        "CHECK(grade BETWEEN 1 AND 5)", "A star grade is 1 to 5 (T1-T5)."
    )

    @api.depends("grade")
    def _compute_grade_level(self):
        for record in self:
            record.grade_level = str(record.grade) if 1 <= record.grade <= 5 else False

    def _inverse_grade_level(self):
        for record in self:
            record.grade = int(record.grade_level or 0)

    @api.depends("grade")
    def _compute_clause_id(self):
        clauses = self.env["jinxing.clause"]
        for record in self:
            known = 1 <= record.grade <= 5
            record.clause_id = clauses._by_codes([grade_clause(record.grade)]) if known else False

    @api.depends("code", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.name
