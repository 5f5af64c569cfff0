from odoo import api, fields, models, tools
from odoo.exceptions import UserError


class JinxingClause(models.Model):
    """A clause of the handbook, or a fact of the law it stands on.

    Clauses are what decisions cite. A fact of the law (kind ``statute``) can be switched off
    by a manager until the official text is at hand; a clause of the handbook always holds.
    """

    _name = "jinxing.clause"
    _description = "Handbook Clause"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _rec_names_search = ["code", "title", "text_zh"]

    code = fields.Char(required=True, index=True)
    title = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("handbook", "Handbook"), ("statute", "Law")], required=True, default="handbook"
    )
    document = fields.Char(required=True)
    chapter = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    text_zh = fields.Text("Chinese text")
    text_en = fields.Text("English rendering")
    source_grade = fields.Selection(
        [("A", "A: official text"), ("B", "B: quoted or official answer"), ("C", "C: secondary")]
    )
    enabled = fields.Boolean(
        "In force", default=True, tracking=True, help="A fact of the law can be switched off."
    )
    date_from = fields.Date("Valid from")
    date_to = fields.Date("Valid until")
    decision_ids = fields.Many2many(
        "jinxing.decision",
        "jinxing_decision_clause_rel",
        "clause_id",
        "decision_id",
        readonly=True,
        copy=False,
    )
    decision_count = fields.Integer(compute="_compute_decision_count")

    _code_unique = models.Constraint("unique(code)", "This clause code exists already.")
    _handbook_holds = models.Constraint(
        "CHECK(enabled OR kind = 'statute')", "A clause of the handbook cannot be switched off."
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A clause cannot end before it begins.",
    )

    @api.depends("code", "title")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for clause in self:
            clause.display_name = f"{clause.code} {clause.title or ''}".strip()

    def _compute_decision_count(self):
        decisions = self.env["jinxing.decision"]
        groups = decisions._read_group(
            [("clause_ids", "in", self.ids)], ["clause_ids"], ["__count"]
        )
        counts = {clause.id: count for clause, count in groups}
        for clause in self:
            clause.decision_count = counts.get(clause.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        self._ensure_no_decisions(*vals_list)
        clauses = super().create(vals_list)
        self.env.registry.clear_cache()
        return clauses

    def write(self, vals):
        self._ensure_no_decisions(vals)
        self._ensure_same_clause(vals)
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _ensure_no_decisions(self, *vals_list):
        """Refuse to edit decisions from the clause's side of the relation."""
        if any("decision_ids" in vals for vals in vals_list):
            raise UserError(
                self.env._("Which clauses a decision rests on is written by the rules alone.")
            )

    def _ensure_same_clause(self, vals):
        """Refuse another code or kind: rules ask for clauses by code, and the handbook holds."""
        if self.env.su:
            return
        for name in ("code", "kind"):
            if name in vals and self.filtered(lambda c, n=name: c[n] != vals[n]):
                raise UserError(
                    self.env._("The code of a clause and whether it is law stay as they are.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_cited(self):
        # sudo: a decision the user may not read cites the clause all the same
        if self.env["jinxing.decision"].sudo().search_count(
            [("clause_ids", "in", self.ids)], limit=1
        ):
            raise UserError(
                self.env._("A clause that decisions rest on cannot be deleted; end its validity.")
            )
        if any(self.get_external_id().values()):
            raise UserError(
                self.env._("A clause that came with the system cannot be deleted; rules cite it.")
            )

    @api.model
    @tools.ormcache()
    def _ids_by_code(self):
        """Return ``{code: id}`` of all clauses."""
        # sudo: clauses are readable by all staff; rules ask for them on behalf of the system
        return {clause.code: clause.id for clause in self.sudo().search_fetch([], ["code"])}

    @api.model
    def _codes_by_id(self):
        """Return ``{id: code}`` of all clauses."""
        return {id_: code for code, id_ in self._ids_by_code().items()}

    @api.model
    def _by_codes(self, codes):
        """Return the clauses of ``codes``, in that order.

        :raises UserError: a code that is not in the handbook
        """
        known = self._ids_by_code()
        missing = [code for code in codes if code not in known]
        if missing:
            raise UserError(
                self.env._("Not in the handbook: %(codes)s", codes=", ".join(missing))
            )
        return self.browse(known[code] for code in codes)

    @api.model
    @tools.ormcache()
    def _enabled_statutes(self):
        """Return the codes of the facts of the law that are switched on."""
        # sudo: what the law says does not depend on who asks
        clauses = self.sudo().search([("kind", "=", "statute"), ("enabled", "=", True)])
        return frozenset(clauses.mapped("code"))

    def action_open_decisions(self):
        """Open the decisions that rest on this clause."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_base.jinxing_decision_action"
        )
        return {**action, "domain": [("clause_ids", "in", self.ids)], "context": {}}
