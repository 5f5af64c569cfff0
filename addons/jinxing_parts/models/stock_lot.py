from collections import defaultdict

from odoo import api, fields, models


class StockLot(models.Model):
    """Lots of parts, from the receipt to the machine (A2)."""

    _inherit = "stock.lot"

    part_supplier_ids = fields.Many2many(
        "res.partner", string="Received from", compute="_compute_part_trace"
    )
    fitted_machine_ids = fields.Many2many(
        "stock.lot", string="Fitted in", compute="_compute_part_trace"
    )
    fitted_machine_count = fields.Integer("Machines", compute="_compute_part_trace")

    @api.depends("name")
    def _compute_part_trace(self):
        """Find who delivered each lot and which machines it went into, with two queries."""
        machines, senders = defaultdict(set), defaultdict(set)
        # sudo: where a lot came from and went to, whoever may see the lot
        lines = self.env["stock.move.line"].sudo()
        common = [("lot_id", "in", self.ids), ("state", "=", "done")]
        for lot, machine in lines._read_group(
            [*common, ("move_id.repair_id", "!=", False), ("move_id.repair_line_type", "=", "add")],
            ["lot_id", "move_id.repair_id"],
        ) if self.ids else ():
            machines[lot.id].add(machine.lot_id.id)
        for lot, partner in lines._read_group(
            [*common, ("location_id.usage", "=", "supplier")],
            ["lot_id", "picking_id.partner_id"],
        ) if self.ids else ():
            senders[lot.id].add(partner.commercial_partner_id.id)
        for lot in self:
            lot.fitted_machine_ids = [(6, 0, [i for i in machines[lot.id] if i])]
            lot.fitted_machine_count = len(lot.fitted_machine_ids)
            lot.part_supplier_ids = [(6, 0, [i for i in senders[lot.id] if i])]

    def action_open_fitted_machines(self):
        """Open the machines a lot of parts was fitted in."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("jinxing_warranty.machine_action")
        action["domain"] = [("id", "in", self.fitted_machine_ids.ids)]
        return action
