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

    def _record_decisions(self, kind, decisions):
        """Store new decisions of one ``kind`` and supersede those they replace.

        A decision equal to the current one (same outcome, clauses, steps and facts) is not
        stored again. The number of queries does not grow with the number of records.

        :param decisions: ``{record id: rules.decision.Decision}``
        :return: ``{record id: jinxing.decision record in force}``
        """
        # sudo: decisions are the system's; nobody has a right to write them
        model = self.env["jinxing.decision"].sudo()
        ids = list(decisions)
        current = {
            decision.res_id: decision
            for decision in model.search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", ids),
                    ("kind", "=", kind),
                    ("superseded_by_id", "=", False),
                ],
                order="id",
            )
        }
        clauses = self.env["jinxing.clause"]
        records = {record.id: record for record in self.browse(ids)}
        result, vals_list, changed = {}, [], []
        for res_id, decision in decisions.items():
            data = decision.to_json()
            old = current.get(res_id)
            if (
                old
                and old.outcome == data["outcome"]
                and (old.clause_codes or []) == data["clauses"]
                and (old.steps or []) == data["steps"]
                and (old.facts or {}) == data["facts"]
            ):
                result[res_id] = old
                continue
            record = records[res_id]
            changed.append(res_id)
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
        for res_id, new in zip(changed, model.create(vals_list), strict=True):
            if new.supersedes_id:
                new.supersedes_id.superseded_by_id = new
            result[res_id] = new
        return {res_id: made.with_env(self.env) for res_id, made in result.items()}

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
