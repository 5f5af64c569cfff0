from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class JinxingRepairFault(models.Model):
    """What a fault's part and work cost is claimed from the part's supplier."""

    _inherit = "jinxing.repair.fault"

    recovery_line_ids = fields.One2many(
        "jinxing.recovery.claim.line",
        "fault_id",
        "Recovery",
        domain=[("cancelled", "=", False)],
        readonly=True,
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"recovery_line_ids"}

    def action_claim_recovery(self):
        """Draft the claims on the suppliers of the parts that failed, one for each supplier.

        Parts at cost, labour and travel as they are settled with the provider, or at the fee
        card for own work.

        :raises UserError: a fault was charged, is not repaired, claimed already, or its part
            has no supplier
        """
        claims = self.env["jinxing.recovery.claim"]
        claims.check_access("create")
        self.check_access("read")
        # sudo: what parts and labour cost, whoever claims it
        faults = self.sudo()
        by_supplier = {}
        for fault in faults:
            fault._ensure_recoverable()
            supplier = fault._recovery_supplier()
            by_supplier.setdefault((fault.company_id, supplier), []).append(fault)
        made = claims.create(
            [
                {
                    "partner_id": supplier.id,
                    "company_id": company.id,
                    "line_ids": [
                        Command.create(vals)
                        for fault in found
                        for vals in fault._prepare_recovery_lines()
                    ],
                }
                for (company, supplier), found in by_supplier.items()
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_repair.jinxing_recovery_claim_action"
        )
        action.update(domain=[("id", "in", made.ids)], context={})
        if len(made) == 1:
            action.update(views=[(False, "form")], res_id=made.id)
        return action

    def _ensure_recoverable(self):
        self.ensure_one()
        if self.recovery_line_ids:
            raise UserError(
                self.env._("%(fault)s is claimed already.", fault=self.display_name)
            )
        if self.cover != "free" or not self.repaired_on:
            raise UserError(
                self.env._(
                    "%(fault)s: only what we repaired free of charge is recovered.",
                    fault=self.display_name,
                )
            )

    def _fitted_parts(self):
        """Return the parts fitted for the fault."""
        return self.move_ids.filtered(
            lambda m: m.repair_line_type == "add" and m.state == "done" and m.quantity
        )

    def _recovery_supplier(self):
        """Return whom the part came from.

        :raises UserError: no part was fitted, or it has no supplier
        """
        sellers = self._fitted_parts().product_id.seller_ids
        sellers = sellers.filtered(lambda s: s.company_id <= self.company_id)
        supplier = sellers.sorted("sequence")[:1].partner_id
        if not supplier:
            raise UserError(
                self.env._(
                    "%(fault)s: no part was fitted, or it has no supplier. Draft the claim by "
                    "hand.",
                    fault=self.display_name,
                )
            )
        return supplier

    def _prepare_recovery_lines(self):
        """Return the lines that claim the fault: its parts at cost, and what its work cost."""
        self.ensure_one()
        lines = []
        for product, moves in self._fitted_parts().grouped("product_id").items():
            cost = product.with_company(self.company_id).standard_price or product.lst_price
            amount = self.company_id.currency_id.round(cost * sum(moves.mapped("quantity")))
            if amount:
                lines.append(
                    {
                        "kind": "part",
                        "name": f"{self.order_id.name} {product.display_name}",
                        "fault_id": self.id,
                        "lot_id": self.lot_id.id,
                        "product_id": product.id,
                        "amount": amount,
                    }
                )
        settled = self.order_id.settlement_line_ids.filtered(
            lambda line: not line.cancelled
            and line.state == "approved"
            and line.service_id.fault_id == self
        )
        work = sum(settled.mapped("amount")) or sum(self.service_ids.mapped("amount"))
        if work:
            lines.append(
                {
                    "kind": "work",
                    "name": f"{self.order_id.name} {self.component_id.name}",
                    "fault_id": self.id,
                    "lot_id": self.lot_id.id,
                    "product_id": self.env.ref("jinxing_repair.product_settlement_labour").id,
                    "amount": work,
                }
            )
        return lines
