from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

_CAPACITIES = {
    "five_star": _lt("five-star technician"),
    "manager": _lt("manager"),
    "external": _lt("external examiner or trainer"),
}


class JinxingDecision(models.Model):
    _inherit = "jinxing.decision"

    @api.model
    def _texts(self):
        return {
            **super()._texts(),
            **self._dispatch_texts(),
            **self._judge_texts(),
            "exam_written_passed": _lt(
                "Written part: %(score)s of 100, the mark is %(mark)s: passed."
            ),
            "exam_written_failed": _lt(
                "Written part: %(score)s of 100, the mark is %(mark)s: not passed."
            ),
            "exam_practical_passed": _lt(
                "Practical part: %(score)s of 100, the mark is %(mark)s: passed."
            ),
            "exam_practical_failed": _lt(
                "Practical part: %(score)s of 100, the mark is %(mark)s: not passed."
            ),
            "exam_competence_failed": _lt(
                "Competence %(code)s: %(score)s of 100, each needs at least %(mark)s."
            ),
        }

    @api.model
    def _dispatch_texts(self):
        """Return the sentences on whom to send (T1-T5, S7)."""
        return {
            "grade_required": _lt(
                "The faults (%(category)s) demand a technician of at least grade %(grade)s."
            ),
            "grade_not_required": _lt(
                "The faults demand no star grade; anybody qualified for the post will do."
            ),
            "grade_held_until": _lt(
                "His grade %(grade)s is valid until %(end_date)s, that day included."
            ),
            "grade_held": _lt("He holds grade %(grade)s."),
            "grade_none": _lt("He holds no valid star grade."),
            "dispatch_no_grade": _lt("Without grade %(grade)s he cannot be sent to these faults."),
            "dispatch_unqualified": _lt(
                "He has neither a passed training nor a certificate of the post: without either "
                "nobody is sent."
            ),
            "dispatch_grade_covers": _lt("Grade %(grade)s covers grade %(required_grade)s."),
            "dispatch_grade_too_low": _lt(
                "Grade %(grade)s does not cover grade %(required_grade)s."
            ),
            "dispatch_by_grade": _lt("Grade %(grade)s qualifies him for the post."),
            "dispatch_by_training": _lt("A passed training qualifies him for the post."),
            "dispatch_by_certificate": _lt("A certificate of the post qualifies him for it."),
        }

    @api.model
    def _judge_texts(self):
        """Return the sentences on who may examine and train (T0, T5)."""
        return {
            "judge_kind": _lt("He acts as %(capacity)s."),
            "judge_manager_trains": _lt("Managers examine, they do not train."),
            "judge_five_star": _lt("He held grade %(grade)s on the day."),
            "judge_not_five_star": _lt(
                "On the day he did not hold five stars (grade %(grade)s; 0: none)."
            ),
            "judge_manager": _lt("He is a manager of the after-sales service."),
            "judge_not_manager": _lt("He is no manager of the after-sales service."),
            "judge_external": _lt("He is entered as an external examiner."),
            "judge_not_external": _lt("He is not entered as an external examiner."),
            "judge_himself": _lt("Nobody examines or trains himself."),
        }

    @api.model
    def _value_texts(self):
        words = {("capacity", code): word for code, word in _CAPACITIES.items()}
        return {**super()._value_texts(), **words}

    @api.model
    def _kind_texts(self):
        return {
            **super()._kind_texts(),
            "technician": _lt("May he be sent?"),
            "examiner": _lt("May he examine?"),
            "trainer": _lt("May he train?"),
            "examination": _lt("Is the examination passed?"),
        }

    @api.model
    def _outcome_texts(self):
        accepted, rejected = _lt("Accepted"), _lt("Refused")
        return {
            **super()._outcome_texts(),
            ("technician", "dispatch_allowed"): _lt("May be sent"),
            ("technician", "dispatch_refused"): _lt("May not be sent"),
            ("examination", "exam_passed"): _lt("Passed"),
            ("examination", "exam_failed"): _lt("Not passed"),
            ("examiner", "person_accepted"): accepted,
            ("examiner", "person_rejected"): rejected,
            ("trainer", "person_accepted"): accepted,
            ("trainer", "person_rejected"): rejected,
        }

    def _render_step(self, template, key, params, words=None):
        """Show fault categories by their names in the reader's language, not by their codes."""
        codes = (params.get("category") or "").split(", ")
        if template is not None and any(codes):
            # sudo: the names of fault categories are no secret
            categories = self.env["jinxing.fault.category"].sudo().with_context(active_test=False)
            found = categories.search_fetch([("code", "in", codes)], ["code", "name"])
            names = {category.code: category.name for category in found}
            params = {**params, "category": ", ".join(names.get(c, c) for c in codes)}
        return super()._render_step(template, key, params, words)

    @api.model
    def _sentences(self, decision):
        """Return the steps of a ``rules.decision.Decision`` in the reader's language."""
        texts = self._texts()
        return [
            self._render_step(texts.get(key), key, params or {})
            for key, params in decision.to_json()["steps"]
        ]
