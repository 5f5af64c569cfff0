import json
import logging
from collections import defaultdict
from datetime import datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_datetime
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

#: Fields of a decision that say what was decided; the rest is who, when, and what follows it.
_WRITABLE = {"superseded_by_id"}


class JinxingDecision(models.Model):
    """An automatic outcome a person can open and understand.

    Written once by a rule, never edited: a new decision on the same question supersedes the
    old one, and both stay. The steps are stored as keys with values, so that each reader gets
    the explanation in his own language.
    """

    _name = "jinxing.decision"
    _description = "Decision"
    _order = "id desc"
    _rec_name = "subject"

    res_model = fields.Char("Subject model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Subject record", model_field="res_model", required=True, readonly=True
    )
    subject = fields.Char(readonly=True)
    kind = fields.Char(required=True, readonly=True)
    kind_label = fields.Char("Question", compute="_compute_labels")
    outcome = fields.Char(required=True, readonly=True)
    outcome_label = fields.Char("Answer", compute="_compute_labels")
    until = fields.Date(readonly=True)
    clause_ids = fields.Many2many(
        "jinxing.clause",
        "jinxing_decision_clause_rel",
        "decision_id",
        "clause_id",
        string="Clauses",
        readonly=True,
    )
    clause_codes = fields.Json(readonly=True, help="The clauses in the order they decided.")
    facts = fields.Json(readonly=True)
    facts_text = fields.Text("Facts looked at", compute="_compute_explanation")
    steps = fields.Json(readonly=True)
    explanation = fields.Html(compute="_compute_explanation")
    user_id = fields.Many2one("res.users", "Asked by", readonly=True)
    date = fields.Datetime("Decided on", required=True, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    supersedes_id = fields.Many2one("jinxing.decision", readonly=True, index="btree_not_null")
    superseded_by_id = fields.Many2one("jinxing.decision", readonly=True, index="btree_not_null")
    is_current = fields.Boolean(compute="_compute_is_current", store=True, precompute=True)

    _subject_index = models.Index("(res_model, res_id, kind, id DESC)")
    _kind_index = models.Index("(kind, outcome)")

    @api.depends("superseded_by_id")
    def _compute_is_current(self):
        for decision in self:
            decision.is_current = not decision.superseded_by_id

    @api.depends("kind", "outcome")
    @api.depends_context("lang")
    def _compute_labels(self):
        kinds = self._kind_texts()
        outcomes = self._outcome_texts()
        for decision in self:
            decision.kind_label = self.env._(kinds.get(decision.kind, decision.kind))
            label = outcomes.get((decision.kind, decision.outcome), decision.outcome)
            decision.outcome_label = self.env._(label)

    @api.depends("steps", "facts", "clause_codes")
    @api.depends_context("lang", "tz", "uid")
    def _compute_explanation(self):
        texts = self._texts()
        ids = self.env["jinxing.clause"]._ids_by_code()
        clauses = self.env["jinxing.clause"]
        words = self._value_texts()
        for decision in self:
            lines = [
                decision._render_step(texts.get(key), key, params or {}, words)
                for key, params in decision.steps or []
            ]
            body = Markup("").join(Markup("<li>%s</li>") % line for line in lines)
            cited = clauses.browse(ids[c] for c in decision.clause_codes or [] if c in ids)
            items = Markup("").join(
                Markup("<li><b>%s</b> %s</li>") % (clause.code, clause.title) for clause in cited
            )
            decision.explanation = Markup("<ol>%s</ol><p>%s</p><ul>%s</ul>") % (
                body,
                self.env._("Clauses it rests on:"),
                items,
            )
            decision.facts_text = json.dumps(decision.facts, ensure_ascii=False, indent=1)

    def _render_step(self, template, key, params, words=None):
        """Return one step as a sentence in the reader's language; an unknown key shows raw.

        A sentence that asks for a value the step does not have shows raw as well: a decision
        made years ago stays readable when the words have changed since.

        :param words: what :meth:`_value_texts` gives, when many steps are told at once
        """
        raw = f"{key}: {json.dumps(params, ensure_ascii=False)}"
        if template is None:
            return raw
        words = self._value_texts() if words is None else words
        shown = {name: self._render_value(name, value, words) for name, value in params.items()}
        sentence = self.env._(template)
        try:
            return sentence % shown
        except (KeyError, TypeError, ValueError):
            _logger.exception("The text of step %s does not fit its values", key)
            return raw

    def _render_value(self, name, value, words):
        """Return a value of a step as the reader writes it.

        Days and moments in his language, moments in his time zone (else where the service is
        given), codes as words, yes and no, numbers without idle zeros, lists.
        """
        if isinstance(value, list):
            return ", ".join(str(self._render_value(name, item, words)) for item in value)
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        if isinstance(value, str) and (name, value) in words:
            return self.env._(words[name, value])
        if isinstance(value, float):
            return f"{value:.2f}".rstrip("0").rstrip(".")
        if value and name.endswith(("date", "_on")):
            return format_date(self.env, value)
        if value and name.endswith("_at"):
            zone = self.env.context.get("tz") or self.env.user.tz or self._service_tz()
            return format_datetime(self.env, datetime.fromisoformat(value), tz=zone)
        return value

    @api.model
    def _service_tz(self):
        return self.env["jinxing.policy.parameter"]._service_tz()

    @api.model
    def _texts(self):
        """Return ``{step key: sentence}``; each addon adds those of its rules."""
        return {}

    @api.model
    def _value_texts(self):
        """Return ``{(parameter, value): word}`` for values that are codes, not words."""
        return {}

    @api.model
    def _kind_texts(self):
        """Return ``{kind: question}``."""
        return {"cover": _lt("Is it free?")}

    @api.model
    def _outcome_texts(self):
        """Return ``{(kind, outcome): answer}``."""
        return {}

    # -- never edited -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Decisions are made by the rules, not by hand."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su or set(vals) - _WRITABLE:
            raise UserError(
                self.env._("A decision is never edited; a new one supersedes it.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A decision is never deleted."))

    # -- who may read: whoever may read its subject --------------------------------------------

    def _readable_subjects(self):
        """Return the ids of those decisions whose subject the user may read."""
        by_model = defaultdict(lambda: defaultdict(list))
        # sudo: only to learn what the decisions are about, access follows right below
        for decision in self.sudo():
            by_model[decision.res_model][decision.res_id].append(decision.id)
        readable = set()
        for model, subjects in by_model.items():
            if model not in self.env or not self.env[model].has_access("read"):
                continue
            records = self.env[model].browse(subjects).exists()
            for record in records._filtered_access("read"):
                readable.update(subjects[record.id])
        return readable

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation != "read" or not self:
            return result
        refused, error = result or (self.browse(), None)
        readable = (self - refused)._readable_subjects()
        forbidden = (self - refused).filtered(lambda d: d.id not in readable)
        if not forbidden:
            return result
        rules = self.env["ir.rule"]
        return refused | forbidden, (
            error or (lambda: rules._make_access_error(operation, forbidden))
        )

    @api.model
    def _subject_models(self):
        """Return the names of the models there are decisions on.

        Hops from name to name through the index, so that the cost follows the number of
        models, not of decisions.
        """
        self.flush_model(["res_model"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE subject AS (
                    (SELECT MIN(res_model) AS model FROM jinxing_decision)
                    UNION ALL
                    SELECT (
                        SELECT MIN(res_model) FROM jinxing_decision
                         WHERE res_model > subject.model
                    ) FROM subject WHERE subject.model IS NOT NULL
                )
                SELECT model FROM subject WHERE model IS NOT NULL
                """
            )
        )
        return [model for (model,) in rows]

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        if self.env.su or kwargs.get("bypass_access"):
            return super()._search(domain, offset, limit, order, **kwargs)
        allowed = Domain.FALSE
        for model in self._subject_models():
            if model in self.env and self.env[model].has_access("read"):
                subjects = self.env[model].with_context(active_test=False)._search([])
                allowed |= Domain("res_model", "=", model) & Domain("res_id", "in", subjects)
        return super()._search(Domain(domain) & allowed, offset, limit, order, **kwargs)

    def action_open_subject(self):
        """Open the record the decision is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }
