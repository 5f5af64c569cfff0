from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.image import image_process

from ..rules import assembly
from .repair_order_onsite_work import MAX_PHOTO, PHOTO_SIZE


class RepairOrder(models.Model):
    """Assemblies on the technician's phone: what may be fitted, and how to ask (G3.2)."""

    _inherit = "repair.order"

    def _onsite_details(self):
        """Add to each assembly whether it may be fitted, and why; a few queries for all."""
        details = super()._onsite_details()
        facts = self._assembly_facts()
        if facts:
            shown = {
                (order.id, product.id): self._onsite_assembly(one)
                for (order, product), one in facts.items()
            }
            for detail in details:
                for part in detail["parts"]:
                    part["assembly"] = shown.get((detail["id"], part["product"]), False)
        return details

    @api.model
    def _onsite_assembly(self, facts):
        """Return what the phone shows of one assembly."""
        decisions = self.env["jinxing.decision"]
        decision = assembly.decide_assembly(facts)
        label = decisions._outcome_texts()[decision.kind, decision.outcome]
        return {
            "state": decision.outcome,
            "label": str(label),
            "why": decisions._step_lines(decision.steps).replace("\n", " "),
            "ask": float(assembly.open_quantity(facts)),
        }

    def _onsite_assembly_request(self, values, base, at):
        """Ask the supervisor for an assembly, with a photo if there is one (G3.2)."""
        move = self._onsite_child(self._onsite_parts(), values.get("part"))
        kind = values.get("kind")
        files = self.env["ir.attachment"]
        if values.get("data"):
            raw = self._onsite_picture(values["data"], MAX_PHOTO)
            try:
                # Written anew, so that nothing but a picture is kept: no place, no program.
                raw = image_process(raw, size=PHOTO_SIZE, quality=85, output_format="JPEG")
            except (UserError, ValueError) as error:
                raise UserError(self.env._("The picture cannot be read.")) from error
            files = files.create(
                {
                    "name": f"{self.name}-assembly.jpg".replace("/", "-"),
                    "raw": raw,
                    "mimetype": "image/jpeg",
                }
            )
        self.action_request_assembly(
            move.product_id.id,
            kind if isinstance(kind, str) else None,
            self._onsite_text(values.get("reason")),
            files.ids,
        )
