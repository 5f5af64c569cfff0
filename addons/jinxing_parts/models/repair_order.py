from odoo import fields, models

from ..rules import old_parts


class RepairOrder(models.Model):
    """What a signed order owes us back: the old parts (G1.3, G3.4)."""

    _inherit = "repair.order"

    old_part_ids = fields.One2many("jinxing.old.part", "order_id", "Old parts", readonly=True)
    old_part_count = fields.Integer(compute="_compute_old_part_count")

    def _compute_old_part_count(self):
        counts = dict(
            self.env["jinxing.old.part"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
            if self.env["jinxing.old.part"].has_access("read")
            else ()
        )
        for order in self:
            order.old_part_count = counts.get(order, 0)

    def action_sign(self, signature=None, signed_by=None, at=None):
        """Sign as before; each part given for its old one opens a debt at once (G1.3)."""
        result = super().action_sign(signature=signature, signed_by=signed_by, at=at)
        if result is True:
            # sudo: the debt follows the signed order, whoever holds the pen
            self.sudo()._open_old_part_debts()
        return result

    def _old_part_holder(self):
        """Return who owes the old parts of this order: the provider, or our own technician."""
        self.ensure_one()
        own = self.company_id.partner_id
        if self.provider_id and self.provider_id != own:
            return self.provider_id
        return self.technician_id or own

    def _granted_against_old(self):
        """Return ``{(machine, component): right}`` to a new part only against the old one (G3.4).

        One query whatever the number of orders.
        """
        rights = self.env["jinxing.exchange.right"].search(
            [
                ("lot_id", "in", self.lot_id.ids),
                ("needs_old_part", "=", True),
                ("old_part_ids", "=", False),
                "|",
                ("state", "in", ("open", "claimed")),
                "&",
                ("state", "=", "executed"),
                ("order_id", "in", self.ids),
            ],
            order="arisen_on desc, id desc",
        )
        return {(right.lot_id, right.component_id): right for right in rights}

    def _open_old_part_debts(self):
        """Decide for each part fitted whether its old one is owed, and open the debts (G1.3).

        The number of queries does not grow with the number of parts.
        """
        policy = self.env["jinxing.policy.parameter"]
        vals_list, opened = [], []
        against = self._granted_against_old()
        for order in self:
            company = order.company_id
            signed = policy._service_day(order.signed_at, company)
            days = policy._value("old_part_return_days", signed, company)
            also_paid = policy._value("old_part_also_paid", signed, company)
            for move in order.move_ids.filtered(
                lambda m: m.repair_line_type == "add" and m.state == "done" and m.fault_id
            ):
                part = move.product_id
                right = against.get((order.lot_id, move.fault_id.component_id))
                decision = old_parts.decide_debt(
                    old_parts.DebtFacts(
                        part=part.display_name if part.return_old_part or right else "",
                        quantity=move.product_uom._compute_quantity(move.quantity, part.uom_id),
                        fitted_on=signed,
                        days=days,
                        must_return=part.return_old_part,
                        covered=move.fault_id.cover == "free",
                        against_old=bool(right),
                        also_paid=also_paid,
                    )
                )
                if decision.outcome != old_parts.OWED:
                    continue
                opened.append(decision)
                vals_list.append(
                    {
                        "holder_id": order._old_part_holder().id,
                        "product_id": part.id,
                        "lot_id": move.move_line_ids.lot_id[:1].id,
                        "qty": decision.facts["quantity"],
                        "order_id": order.id,
                        "fault_id": move.fault_id.id,
                        "move_id": move.id,
                        "right_id": right.id if right else False,
                        "issued_on": signed,
                        "due_on": decision.until,
                        "company_id": company.id,
                    }
                )
        debts = self.env["jinxing.old.part"].create(vals_list)
        debts._record_decisions(
            "old_part_debt",
            {debt.id: decision for debt, decision in zip(debts, opened, strict=True)},
        )
        for right, owed in debts.grouped("right_id").items():
            if right.old_part_back_at:
                owed._note_back(right.old_part_by_id, right.old_part_back_at)
        return debts

    def action_open_old_parts(self):
        """Open the old parts of these orders."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_parts.jinxing_old_part_action"
        )
        action["domain"] = [("order_id", "in", self.ids)]
        action["context"] = {}
        return action
