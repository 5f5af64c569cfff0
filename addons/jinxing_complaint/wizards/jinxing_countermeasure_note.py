from odoo import fields, models


class JinxingCountermeasureNote(models.TransientModel):
    """Asks what was done, or what the check of the effect showed (C19.8)."""

    _name = "jinxing.countermeasure.note"
    _description = "Note on a Countermeasure"

    action_ids = fields.Many2many(
        "mgmtsystem.action", string="Countermeasures", required=True, readonly=True
    )
    action = fields.Selection(
        [("done", "In place"), ("check", "Check the effect")], required=True, readonly=True
    )
    effective = fields.Selection(
        [("yes", "It does: nothing of the kind has happened again"), ("no", "It does not do")],
        "What the check showed",
    )
    note = fields.Text(required=True)

    def action_confirm(self):
        """Take the step with the note."""
        self.ensure_one()
        if self.action == "done":
            self.action_ids.action_measure_done(self.note)
        else:
            self.action_ids.action_measure_check(self.effective == "yes", self.note)
        return {"type": "ir.actions.act_window_close"}
