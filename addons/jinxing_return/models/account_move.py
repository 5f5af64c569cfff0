from odoo import models


class AccountMove(models.Model):
    """What follows a refund: it counts when it is posted, and is made anew when it is deleted."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        # sudo: card and right follow the refund, finance may not write them
        rmas = posted.sudo().filtered(lambda m: m.move_type == "out_refund").line_ids.rma_id
        refunded = rmas.filtered(lambda rma: rma.state == "refunded")
        refunded._void_cards()
        refunded._fulfil_rights()
        return posted

    def unlink(self):
        """Let a return be refunded again whose draft credit note is deleted.

        The base writes the return as the user, who is finance and may not; so it is done here.
        """
        # sudo: the return follows its credit note
        lines = self.sudo().invoice_line_ids.filtered("rma_id")
        if lines:
            rmas = lines.rma_id
            lines.write({"rma_id": False})
            rmas.write({"state": "received", "refund_id": False, "refund_line_id": False})
            tasks = rmas.task_ids.filtered(lambda t: t.department == "finance" and t.done_at)
            tasks.write({"done_at": False, "done_by": False})
        return super().unlink()
