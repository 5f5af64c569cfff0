from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..rules import order_flow

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
    clause_id = fields.Many2one("jinxing.clause")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        self.env.registry.clear_cache()
        return items

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _lines_by_kind(self):
        """Return what an order gets of each item in use: ``((kind of order, values), ...)``."""
        # sudo: the lists are the same for everybody
        return tuple(
            (
                item.service_kind,
                {"item_id": item.id, "phase": item.phase, "sequence": item.sequence},
            )
            for item in self.sudo().search([])
        )


class JinxingRepairCheck(models.Model):
    """A checklist line of one order: who ticked it and when."""

    _name = "jinxing.repair.check"
    _description = "Checklist Line"
    _order = "phase, sequence, id"
    _rec_name = "item_id"

    order_id = fields.Many2one("repair.order", required=True, index=True, ondelete="cascade")
    item_id = fields.Many2one("jinxing.check.item", required=True, ondelete="restrict")
    phase = fields.Selection(
        PHASES, compute="_compute_from_item", store=True, precompute=True, readonly=False
    )
    sequence = fields.Integer(
        compute="_compute_from_item", store=True, precompute=True, readonly=False
    )
    done = fields.Boolean()
    done_at = fields.Datetime("When", readonly=True)
    done_by = fields.Many2one("res.users", "Who", readonly=True)

    _once = models.Constraint(
        "unique(order_id, item_id)", "A checklist line stands once on an order."
    )

    @api.depends("item_id.phase", "item_id.sequence")
    def _compute_from_item(self):
        for line in self:
            line.phase = line.item_id.phase
            line.sequence = line.item_id.sequence

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("The lines of a checklist come with the order."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env._("A checklist is ticked line by line, not shortened (N9)."))

    def write(self, vals):
        """Note who ticks a line and when; nothing else of it is for the hand to change."""
        if not self.env.su:
            if set(vals) - {"done"}:
                raise UserError(self.env._("A line of a checklist is ticked, not edited."))
            done = self.order_id.filtered(lambda o: o.service_state not in order_flow.OPEN)
            if done:
                raise UserError(
                    self.env._(
                        "%(names)s: what the customer has signed is not changed.",
                        names=", ".join(done.mapped("name")),
                    )
                )
        if "done" in vals:
            vals = {
                **vals,
                "done_at": fields.Datetime.now() if vals["done"] else False,
                "done_by": self.env.uid if vals["done"] else False,
            }
        return super().write(vals)
