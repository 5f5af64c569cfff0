from odoo import fields, models


class JinxingDecisionMixin(models.AbstractModel):
    """For records that rules decide on: keeps their decisions and answers "Why?"."""

    _name = "jinxing.decision.mixin"
    _description = "Has Decisions"

    decision_ids = fields.One2many(
        "jinxing.decision",
        "res_id",
        string="Decisions",
        domain=lambda self: [("res_model", "=", self._name)],
        bypass_search_access=True,
    )

    def _record_decisions(self, kind, decisions, first=False):
        """Store new decisions of one ``kind`` and supersede those they replace.

        A decision equal to the current one (same outcome, clauses, steps and facts) is not
        stored again. The number of queries does not grow with the number of records.

        :param decisions: ``{record id: rules.decision.Decision}``
        :param first: nothing of this kind was ever decided on these records; not looked for
        :return: ``{record id: jinxing.decision record in force}``
        """
        return self._record_answers({kind: decisions}, first=first)[kind]

    def _record_answers(self, answers, first=False):
        """Store decisions of several kinds, see :meth:`_record_decisions`, at the cost of one.

        :param answers: ``{kind: {record id: rules.decision.Decision}}``
        :return: ``{kind: {record id: jinxing.decision record in force}}``
        """
        # sudo: decisions are the system's; nobody has a right to write them
        model = self.env["jinxing.decision"].sudo()
        asked = {
            (kind, res_id): decision
            for kind, decisions in answers.items()
            for res_id, decision in decisions.items()
        }
        result = {kind: {} for kind in answers}
        if not asked:
            return result
        ids = list(dict.fromkeys(res_id for _kind, res_id in asked))
        current = {}
        if not first:
            found = model.search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", ids),
                    ("kind", "in", list(answers)),
                    ("superseded_by_id", "=", False),
                ],
                order="id",
            )
            current = {(decision.kind, decision.res_id): decision for decision in found}
        clauses = self.env["jinxing.clause"]
        records = {record.id: record for record in self.browse(ids)}
        vals_list, changed = [], []
        for (kind, res_id), decision in asked.items():
            data = decision.to_json()
            old = current.get((kind, res_id))
            if (
                old
                and old.outcome == data["outcome"]
                and (old.clause_codes or []) == data["clauses"]
                and (old.steps or []) == data["steps"]
                and (old.facts or {}) == data["facts"]
            ):
                result[kind][res_id] = old.with_env(self.env)
                continue
            record = records[res_id]
            changed.append((kind, res_id))
            vals_list.append(
                {
                    "res_model": self._name,
                    "res_id": res_id,
                    "subject": record.display_name,
                    "kind": kind,
                    "outcome": data["outcome"],
                    "until": data["until"],
                    "clause_ids": [(6, 0, clauses._by_codes(data["clauses"]).ids)],
                    "clause_codes": data["clauses"],
                    "facts": data["facts"],
                    "steps": data["steps"],
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                    "company_id": "company_id" in record._fields and record.company_id.id,
                    "supersedes_id": old.id if old else False,
                }
            )
        for (kind, res_id), new in zip(changed, model.create(vals_list), strict=True):
            if new.supersedes_id:
                new.supersedes_id.superseded_by_id = new
            result[kind][res_id] = new.with_env(self.env)
        return result

    def action_why(self):
        """Open the decision in force, or all of them when there are several."""
        self.check_access("read")
        decisions = self.env["jinxing.decision"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("superseded_by_id", "=", False),
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_base.jinxing_decision_action"
        )
        action["name"] = self.env._("Why?")
        action["context"] = {}
        if len(decisions) == 1:
            return {
                **action,
                "views": [(self.env.ref("jinxing_base.jinxing_decision_view_form").id, "form")],
                "res_id": decisions.id,
                "target": "new",
            }
        return {
            **action,
            "domain": [("res_model", "=", self._name), ("res_id", "in", self.ids)],
        }
