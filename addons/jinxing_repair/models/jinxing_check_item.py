from odoo import fields, models

PHASES = [("departure", "Before departure"), ("closing", "Before leaving")]


class JinxingCheckItem(models.Model):
    """A line of the checklists a technician goes through (S8.3, N9, S-inst)."""

    _name = "jinxing.check.item"
    _description = "Checklist Item"
    _order = "phase, sequence, id"

    name = fields.Char(required=True, translate=True)
    phase = fields.Selection(PHASES, required=True, default="closing")
    service_kind = fields.Selection(
        [("repair", "Repair"), ("installation", "Installation")],
        "Only for",
        help="Empty: for every order.",
    )
    clause_id = fields.Many2one("jinxing.clause", "Clause")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class JinxingRepairCheck(models.Model):
    """A checklist line of one order: who ticked it and when."""

    _name = "jinxing.repair.check"
    _description = "Checklist Line"
    _order = "phase, sequence, id"
    _rec_name = "item_id"

    order_id = fields.Many2one("repair.order", required=True, index=True, ondelete="cascade")
    item_id = fields.Many2one("jinxing.check.item", required=True, ondelete="restrict")
    phase = fields.Selection(related="item_id.phase", store=True, precompute=True)
    sequence = fields.Integer(related="item_id.sequence", store=True, precompute=True)
    done = fields.Boolean()
    done_at = fields.Datetime("When", readonly=True)
    done_by = fields.Many2one("res.users", "Who", readonly=True)

    _once = models.Constraint(
        "unique(order_id, item_id)", "A checklist line stands once on an order."
    )

    def write(self, vals):
        """Note who ticks a line and when."""
        if "done" in vals:
            vals = {
                **vals,
                "done_at": fields.Datetime.now() if vals["done"] else False,
                "done_by": self.env.uid if vals["done"] else False,
            }
        return super().write(vals)
