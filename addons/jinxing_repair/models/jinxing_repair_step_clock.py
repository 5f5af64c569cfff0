from odoo import api, fields, models

#: The clause that asks for what is noted beside the steps.
_CLAUSES = {
    "preliminary": "S8.2",
    "notice": "S8.11",
    "promise": "N5",
    "escalate": "N6",
    "help": "S8.5",
    "answer": "N6",
    "wait": "G2.1",
    "wait_end": "G2.1",
    "apology": "N7",
    "assembly_ask": "G3.2",
    "assembly_yes": "G3.2",
    "assembly_no": "G3.2",
}


class JinxingRepairStep(models.Model):
    """What is noted on an order without moving it on."""

    _inherit = "jinxing.repair.step"

    action = fields.Selection(
        selection_add=[
            ("preliminary", "Preliminary assessment"),
            ("notice", "Notice of a late arrival"),
            ("promise", "Promise a time"),
            ("escalate", "Escalate"),
            ("help", "Ask for help"),
            ("answer", "Answer"),
            ("wait", "Wait"),
            ("wait_end", "Waiting is over"),
            ("apology", "Apology"),
            ("assembly_ask", "Ask for an assembly"),
            ("assembly_yes", "Assembly approved"),
            ("assembly_no", "Assembly refused"),
        ],
        ondelete=dict.fromkeys(_CLAUSES, "cascade"),
    )

    @api.depends("action")
    def _compute_clause(self):
        noted = self.filtered(lambda step: step.action in _CLAUSES)
        super(JinxingRepairStep, self - noted)._compute_clause()
        for step in noted:
            step.clause = _CLAUSES[step.action]
