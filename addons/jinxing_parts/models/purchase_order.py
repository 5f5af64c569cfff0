from odoo import fields, models
from odoo.exceptions import UserError

from ..rules import suppliers


class PurchaseOrder(models.Model):
    """Parts are bought from approved suppliers only (A2)."""

    _inherit = "purchase.order"

    supplier_refused = fields.Boolean("Supplier refused", readonly=True, copy=False)

    def _spare_part_lines(self):
        return self.order_line.filtered(
            lambda line: not line.display_type and line.product_id.is_spare_part
        )

    def _judge_suppliers(self):
        """Return ``{line: decision}`` of the rule for the parts on these orders (A2)."""
        found = {}
        policy = self.env["jinxing.policy.parameter"]
        for company, orders in self.grouped("company_id").items():
            lines = orders._spare_part_lines()
            decisions = self.env["res.partner"]._supplier_decisions(
                [(line.partner_id, line.product_id.product_tmpl_id) for line in lines],
                policy._service_day(company=company),
                company,
            )
            for line in lines:
                key = (
                    line.partner_id.commercial_partner_id.id,
                    line.product_id.product_tmpl_id.id,
                )
                found[line] = decisions[key]
        return found

    def _check_suppliers(self):
        """Store for each part whether its supplier may supply it; return the orders refused."""
        judged = self._judge_suppliers()
        lines = self.env["purchase.order.line"].browse(line.id for line in judged)
        # sudo: the answer is the system's
        lines.sudo()._record_decisions(
            "supplier", {line.id: decision for line, decision in judged.items()}
        )
        bad = lines.filtered(lambda line: judged[line].outcome == suppliers.REFUSED)
        refused = bad.order_id
        # sudo: as above
        refused.sudo().supplier_refused = True
        (self - refused).filtered("supplier_refused").sudo().supplier_refused = False  # sudo: same
        for order in refused:
            order.message_post(
                body=self.env._(
                    "Not confirmed (A2): %(why)s",
                    why=" ".join(order._refusal_reasons(judged)),
                )
            )
        return refused

    def _refusal_reasons(self, judged):
        """Return why parts of this order may not be bought, as sentences."""
        self.ensure_one()
        tell = self.env["jinxing.decision"]._tell
        return [
            sentence
            for line, decision in judged.items()
            if line.order_id == self and decision.outcome == suppliers.REFUSED
            for sentence in tell(decision)
        ]

    def button_confirm(self):
        """Confirm orders whose suppliers are approved for their parts; show why for the others.

        The refusal is stored, so it is no error that would undo it (A2).
        """
        asked = self.filtered(lambda order: order.state in ("draft", "sent"))
        refused = asked._check_suppliers() if asked._spare_part_lines() else self.browse()
        allowed = self - refused
        result = super(PurchaseOrder, allowed).button_confirm() if allowed else True
        return refused.action_supplier_why() if refused else result

    def action_supplier_why(self):
        """Open why the suppliers of these orders may or may not supply the parts (A2)."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_base.jinxing_decision_action"
        )
        action["name"] = self.env._("Not confirmed: supplier not approved (A2)")
        action["domain"] = [
            ("res_model", "=", "purchase.order.line"),
            ("res_id", "in", self.order_line.ids),
            ("superseded_by_id", "=", False),
        ]
        action["context"] = {}
        return action

    def write(self, vals):
        """No other way round: whoever sets an order confirmed meets the same rule (A2)."""
        if vals.get("state") in ("purchase", "to approve"):
            coming = self.filtered(lambda order: order.state in ("draft", "sent", "to approve"))
            judged = coming._judge_suppliers() if coming._spare_part_lines() else {}
            if any(decision.outcome == suppliers.REFUSED for decision in judged.values()):
                raise UserError(
                    "\n".join(
                        self.env._(
                            "%(order)s is not confirmed (A2): %(why)s",
                            order=order.name,
                            why=" ".join(reasons),
                        )
                        for order in coming
                        if (reasons := order._refusal_reasons(judged))
                    )
                )
        if "supplier_refused" in vals and not self.env.su:
            vals = {name: value for name, value in vals.items() if name != "supplier_refused"}
        return super().write(vals)


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "jinxing.decision.mixin"]

    def write(self, vals):
        """A line changed on a confirmed order is bought as any other (A2)."""
        result = super().write(vals)
        if {"product_id", "product_qty"} & set(vals):
            self._ensure_supplier()
        return result

    def _ensure_supplier(self):
        """Refuse parts on confirmed orders whose supplier may not supply them (A2)."""
        orders = self.filtered(
            lambda line: line.product_id.is_spare_part and line.order_id.state == "purchase"
        ).order_id
        judged = orders._judge_suppliers() if orders else {}
        mine = {line: judged[line] for line in judged if line in self}
        for order in orders:
            reasons = order._refusal_reasons(mine)
            if reasons:
                raise UserError(
                    self.env._(
                        "%(order)s (A2): %(why)s", order=order.name, why=" ".join(reasons)
                    )
                )
