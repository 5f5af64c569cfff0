import base64

from odoo import fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    fault_ids = fields.One2many("jinxing.repair.fault", "lot_id", "Faults")
    dispatch_order_ids = fields.One2many(
        "repair.order", "lot_id", "Dispatch orders", domain=[("service_kind", "!=", False)]
    )

    def _repair_history(self):
        """Return the signed repairs of the machine, newest first (G1.5)."""
        self.ensure_one()
        # sudo: asked for by the public page after its own check; nothing of persons goes out
        faults = self.env["jinxing.repair.fault"].sudo().search_fetch(
            [("lot_id", "=", self.id), ("repaired_on", "!=", False)],
            order="repaired_on desc, id desc",
        )
        words = dict(faults._fields["quality_after"]._description_selection(self.env))
        return [
            {
                "date": fault.repaired_on,
                "fault": fault.component_id.name,
                "parts": ", ".join(
                    fault.move_ids.filtered(
                        lambda m: m.state == "done" and m.repair_line_type == "add"
                    ).product_id.mapped("name")
                ),
                "result": words.get(fault.quality_after, ""),
                "guarantee_until": fault.guarantee_until,
            }
            for fault in faults
        ]

    def _report_fault(self, name, number, fault, photo=None):
        """Register the fault reported on the machine's page (S8.1)."""
        self.ensure_one()
        # sudo: whoever stands before the machine may report its fault, and nothing else
        self.env["helpdesk.ticket"].sudo()._register_report(
            self,
            "channel_qr",
            {"name": name, "phone": number, "text": fault},
            [("fault.jpg", base64.b64decode(photo))] if photo else [],
        )
