from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import exchange_facts


class JinxingFaultEvent(models.Model):
    """What happened to a component of a machine: repaired, failed its trial, replaced (G3.4).

    The memory rights by repetition rest on. That a fault is back is not noted here: it shows
    in the faults themselves.
    """

    _name = "jinxing.fault.event"
    _description = "Event of a Component"
    _order = "day, at, id"
    _rec_name = "what"

    fault_id = fields.Many2one(
        "jinxing.repair.fault", required=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        related="fault_id.order_id", store=True, precompute=True, index=True
    )
    lot_id = fields.Many2one(related="fault_id.lot_id", store=True, precompute=True)
    component_id = fields.Many2one(related="fault_id.component_id", store=True, precompute=True)
    company_id = fields.Many2one(related="fault_id.company_id", store=True, precompute=True)
    at = fields.Datetime("When", required=True)
    day = fields.Date(required=True)
    what = fields.Selection(
        [
            ("repaired", "Repaired"),
            ("trial_failed", "Trial failed"),
            ("replaced", "Replaced by right"),
            ("exchanged", "Machine exchanged by right"),
        ],
        "What happened",
        required=True,
    )
    right_id = fields.Many2one("jinxing.exchange.right", index="btree_not_null")

    _history_index = models.Index("(lot_id, component_id, day)")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Events are noted by the order's steps."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("Events are noted by the order's steps."))
        return super().write(vals)

    @api.model
    def _note(self, faults, what, at, right=None):
        """Note an event of each fault at a moment."""
        orders = self.env["repair.order"]
        # sudo: events are the steps' to note
        return self.sudo().create(
            [
                {
                    "fault_id": fault.id,
                    "what": what,
                    "at": at,
                    "day": orders._service_day(at, fault.company_id),
                    "right_id": right.id if right else False,
                }
                for fault in faults
            ]
        )


class JinxingRepairFault(models.Model):
    _inherit = "jinxing.repair.fault"

    event_ids = fields.One2many("jinxing.fault.event", "fault_id", "Events", readonly=True)

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"event_ids"}

    def _is_quality(self):
        """Tell whether quality caused the fault: no ground of exclusion, no misuse found."""
        self.ensure_one()
        # sudo: the diagnosis counts, whoever asks
        misuse = self.sudo().liability_ids.filtered(
            lambda one: one.state in ("decided", "settled") and one.bearer == "customer"
        )
        return not self.exclusion and not misuse

    def _sync_trial(self, at):
        """Note for each fault of a finished repair whether it is in order after it."""
        failed = self.filtered(lambda f: f.quality_after == "not_ok")
        # sudo: events are the steps' to note
        noted = self.sudo().event_ids.filtered(
            lambda e: e.what == exchange_facts.TRIAL_FAILED
            and e.at >= e.order_id.repaired_at
        )
        missing = failed - noted.fault_id
        noted.filtered(lambda e: e.fault_id not in failed).unlink()
        self.env["jinxing.fault.event"]._note(missing, exchange_facts.TRIAL_FAILED, at)

    def write(self, vals):
        result = super().write(vals)
        if "quality_after" in vals:
            finished = self.filtered("order_id.repaired_at")
            if finished:
                finished._sync_trial(fields.Datetime.now())
                finished.order_id._decide_exchange()
        if "serious" in vals:
            # A serious problem has another limit by the law (L-rep2).
            self.order_id._decide_exchange()
        return result

    def _decide(self, first=False):
        result = super()._decide(first=first)
        # sudo: what happened before counts, whoever noted the fault
        events = self.env["jinxing.fault.event"].sudo()
        known = events._read_group(
            [
                ("lot_id", "in", self.lot_id.ids),
                ("component_id", "in", self.component_id.ids),
            ],
            ["lot_id", "component_id"],
        )
        again = self.filtered(
            lambda f: (f.lot_id, f.component_id) in known
            # sudo: as above; the machine was given for another, whose history counts (L-rep2)
            or f.sudo().lot_id.card_id.replaces_id
            or f.order_id.exchange_outcome not in (False, exchange_facts.NONE)
        )
        again.order_id._decide_exchange()
        return result
