from collections import defaultdict
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..rules import assembly, order_flow
from ..rules.assembly import Approval, AssemblyFacts, AssemblyRight
from .jinxing_assembly_request import _ACTIVITY

#: Steps that fit what is planned, or take it out of stock.
_FITTING = ("finish", "sign")
_ANSWERS = {
    "requested": assembly.WAITING,
    "approved": assembly.APPROVED,
    "refused": assembly.REFUSED,
}


def _decimal(value):
    return Decimal(str(round(value, 6)))


class RepairOrder(models.Model):
    """Repair comes first: no assembly is fitted whole without a right or an approval (G3.2)."""

    _inherit = "repair.order"

    assembly_request_ids = fields.One2many(
        "jinxing.assembly.request", "order_id", "Assemblies asked for", readonly=True
    )
    assembly_state = fields.Selection(
        [
            ("no_assembly", "No assembly"),
            ("entitled", "By right"),
            ("approved", "Approved"),
            ("waiting", "Waiting for the supervisor"),
            ("refused", "Refused: repair it"),
            ("to_ask", "To be asked for"),
        ],
        "Assembly to be fitted",
        compute="_compute_assembly_state",
        compute_sudo=True,
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"assembly_request_ids"}

    @api.depends(
        "lot_id", "move_ids.product_id", "move_ids.product_uom_qty", "move_ids.quantity",
        "move_ids.picked", "assembly_request_ids.state", "exchange_right_ids.state",
    )
    def _compute_assembly_state(self):
        found = self._origin._assembly_answers()
        for order in self:
            decision = found.get(order._origin)
            order.assembly_state = decision.outcome if decision else assembly.NO_ASSEMBLY

    # -- the facts -------------------------------------------------------------------------------

    def _assembly_moves(self):
        """Return the assemblies that are to be fitted on these dispatch orders."""
        # sudo: which part is an assembly, whoever fits it
        orders = self.sudo().filtered("service_kind")
        return orders.move_ids.filtered(
            lambda m: m.repair_line_type == "add"
            and m.state != "cancel"
            and m.product_id.is_assembly
        )

    def _assembly_facts(self):
        """Return ``{(order, part): facts}`` for rules/assembly.py.

        No query for orders without an assembly; else their number does not grow with the orders.
        """
        moves = self._assembly_moves()
        if not moves:
            return {}
        planned = defaultdict(moves.browse)
        for move in moves:
            planned[move.repair_id, move.product_id] |= move
        # read for all at once what is looked at part by part
        faults = moves.fault_id
        faults.rework_of_id.move_ids.mapped("product_id")
        (faults.component_id | moves.product_id.component_id).mapped("code")
        moves.mapped("product_uom.name")
        rights = moves.repair_id._assembly_rights()
        requests = moves.repair_id.assembly_request_ids.filtered(lambda r: r.state in _ANSWERS)
        facts = {}
        for (order, product), lines in planned.items():
            quantity = sum(
                line.product_uom._compute_quantity(
                    line.quantity if line.picked else line.product_uom_qty, product.uom_id
                )
                for line in lines
            )
            components = product.component_id | lines.fault_id.component_id
            facts[order, product] = AssemblyFacts(
                part=product.display_name,
                is_assembly=True,
                quantity=_decimal(quantity),
                components=tuple(components.mapped("code")),
                rights=tuple(rights[order]),
                approvals=tuple(
                    Approval(
                        quantity=_decimal(request.quantity),
                        answer=_ANSWERS[request.state],
                        reason=request.reason,
                        by=request.decided_by_id.name or "",
                        note=request.note or "",
                    )
                    for request in requests
                    if request.order_id == order
                    and request.product_id == product
                    and request.lot_id == order.lot_id
                ),
                guaranteed=_decimal(lines._guaranteed_quantity()),
            )
        return facts

    def _assembly_rights(self):
        """Return ``{order: rights in force for its machine}`` that may give an assembly.

        Those open or claimed (G2.1, G2.2, G3.4, L-30wd, L-rep2), and the new part that was given
        out for this very order.
        """
        # sudo: as in _assembly_moves
        rights = self.env["jinxing.exchange.right"].sudo().search(
            Domain("lot_id", "in", self.lot_id.ids)
            & (
                Domain("state", "in", ("open", "claimed"))
                | (
                    Domain("state", "=", "executed")
                    & Domain("outcome", "=", "new_part")
                    & Domain("order_id", "in", self.ids)
                )
            ),
            order="arisen_on, id",
        )
        return {
            order: [
                AssemblyRight(
                    right.name, right.clause_code, right.outcome, right.component_id.code or ""
                )
                for right in rights
                if right.lot_id == order.lot_id
                and (right.state != "executed" or right.order_id == order)
            ]
            for order in self
        }

    def _assembly_decisions(self):
        """Return ``{(order, part): decision}`` of the assemblies to be fitted (G3.2)."""
        return {
            key: assembly.decide_assembly(facts)
            for key, facts in self._assembly_facts().items()
            if facts.quantity > 0
        }

    def _assembly_answers(self):
        """Return ``{order: one decision of all its assemblies}``."""
        by_order = defaultdict(list)
        for (order, _product), decision in self._assembly_decisions().items():
            by_order[order].append(decision)
        return {order: assembly.combine(found) for order, found in by_order.items()}

    def _judge_assemblies(self):
        """Store on each order why its assemblies may be fitted or not (G3.2)."""
        answers = self._assembly_answers()
        if answers:
            # sudo: decisions are stored on behalf of the step
            orders = self.sudo().browse([order.id for order in answers])
            orders._record_decisions(
                "assembly_exchange", {order.id: found for order, found in answers.items()}
            )

    # -- refused until a right or the supervisor gives it ----------------------------------------

    def _ensure_assemblies(self):
        """Refuse to fit assemblies that neither a right nor a supervisor gives (G3.2).

        :raises UserError: names order and part, and what is lacking
        """
        decisions = self.env["jinxing.decision"]
        messages = [
            self.env._(
                "%(order)s: repair comes first (G3.2). %(why)s",
                order=order.name,
                why=decisions._step_lines(decision.steps).replace("\n", " "),
            )
            for (order, _product), decision in self._assembly_decisions().items()
            if decision.outcome not in assembly.FITTABLE
        ]
        if messages:
            raise UserError("\n".join(messages))

    def _ensure_can(self, action, given=None):
        result = super()._ensure_can(action, given)
        if action in _FITTING:
            self._ensure_assemblies()
        return result

    def action_finish(self, at=None):
        result = super().action_finish(at=at)
        self._judge_assemblies()
        return result

    def action_cancel_order(self, reason=None):
        result = super().action_cancel_order(reason=reason)
        # sudo: what was asked for ends with the order
        cancelled = self.sudo().filtered(lambda o: o.service_state == order_flow.CANCELLED)
        cancelled.assembly_request_ids.filtered(lambda r: r.state == "requested")._withdraw()
        return result

    def _withdraw_unplanned(self):
        """Withdraw questions for assemblies that are not planned like that any more."""
        # sudo: the question follows the plan, whoever changes it
        waiting = self.sudo().assembly_request_ids.filtered(lambda r: r.state == "requested")
        if not waiting:
            return
        facts = waiting.order_id._assembly_facts()
        gone = waiting.filtered(
            lambda r: (r.order_id, r.product_id) not in facts
            or float(facts[r.order_id, r.product_id].quantity) + 1e-6 < r.quantity
        )
        if gone:
            gone._withdraw()

    # -- asking for it ---------------------------------------------------------------------------

    def action_request_assembly(
        self, product_id=None, reason_kind=None, reason=None, evidence_ids=()
    ):
        """Ask the supervisor to let an assembly be fitted whole (G3.2).

        :param product_id: which part of the order; without it the form that asks opens
        :param reason_kind: one of ``assembly.REASON_KINDS``
        :param reason: why repair will not do
        :param evidence_ids: one's own new attachments; what the customer asks for is in writing
        :raises AccessError: the order is not his
        :raises UserError: no reason, nothing to ask for, or asked for already
        """
        self.ensure_one()
        self._ensure_role("worker")
        if not product_id:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Ask for an assembly"),
                "res_model": "jinxing.assembly.ask",
                "view_mode": "form",
                "target": "new",
                "context": {"default_order_id": self.id},
            }
        self._lock()
        self.invalidate_recordset(["assembly_request_ids"])
        if self.service_state not in order_flow.OPEN:
            raise UserError(
                self.env._("%(order)s: there is nothing left to do.", order=self.name)
            )
        text = self._reason(reason)
        if not text or reason_kind not in assembly.REASON_KINDS:
            raise UserError(self.env._("Say why repair will not do (G3.2)."))
        files = self._assembly_files(evidence_ids)
        if reason_kind == assembly.CUSTOMER and not files:
            raise UserError(
                self.env._("What the customer asks for and pays needs his writing: add a photo.")
            )
        product, quantity, fault = self._assembly_wanted(product_id)
        # what was answered makes room first
        self.assembly_request_ids.flush_recordset(["state"])
        # sudo: requests are made by this step alone
        request = self.env["jinxing.assembly.request"].sudo().create(
            {
                "order_id": self.id,
                "lot_id": self.lot_id.id,
                "product_id": product.id,
                "quantity": quantity,
                "fault_id": fault.id,
                "reason_kind": reason_kind,
                "reason": text,
                "evidence_ids": [Command.set(files.ids)],
                "requested_by_id": self.env.uid,
                "requested_at": fields.Datetime.now(),
            }
        )
        # sudo: whoever reads the request reads what it rests on
        files.sudo().write({"res_model": request._name, "res_id": request.id})
        request._judge()
        self._judge_assemblies()
        what = f"{product.display_name} × {quantity:g}"
        self._log_steps(
            "assembly_ask", {self.id: self.service_state}, reason=text, note=what
        )
        self._tell_supervisor(
            self.env._("An assembly is to be fitted whole (G3.2)"),
            f"{self.name} {what}: {text}",
            activity=_ACTIVITY,
        )
        return True

    def _assembly_wanted(self, product_id):
        """Return part, quantity to ask for and fault.

        :raises UserError: the order does not plan it, or nobody needs to be asked
        """
        for (_order, product), facts in self._assembly_facts().items():
            if product.id != product_id:
                continue
            quantity = assembly.open_quantity(facts)
            if quantity > 0:
                lines = self._assembly_moves().grouped("product_id")[product]
                return product, float(quantity), lines.fault_id[:1]
            steps = assembly.decide_assembly(facts).steps
            raise UserError(
                self.env._(
                    "%(order)s: nothing is to be asked for. %(why)s",
                    order=self.name,
                    why=self.env["jinxing.decision"]._step_lines(steps).replace("\n", " "),
                )
            )
        raise UserError(
            self.env._("%(order)s: plan the assembly on a fault first.", order=self.name)
        )

    def _assembly_files(self, ids):
        """Return attachments that are the user's own and hang on nothing yet."""
        files = self.env["ir.attachment"].browse(ids or ()).exists()
        # sudo: whose they are is asked, nothing else is read
        if files.sudo().filtered(lambda f: f.create_uid.id != self.env.uid or f.res_id):
            raise UserError(self.env._("Add photos and writings of your own."))
        return files


class StockMove(models.Model):
    """The narrowest point no way avoids: what leaves the stock for a dispatch order (G3.2)."""

    _inherit = "stock.move"

    def _assembly_orders(self):
        """Return the dispatch orders on which these moves fit assemblies."""
        return (
            self._on_dispatch()
            # sudo: which part is an assembly, whoever fits it
            .filtered(lambda m: m.repair_line_type == "add" and m.sudo().product_id.is_assembly)
            .repair_id
        )

    def _ensure_assembly_allowed(self):
        """Refuse to note assemblies as used before they may be fitted."""
        used = self.filtered(lambda m: m.picked and m.quantity > 0)
        if used:
            used._assembly_orders()._ensure_assemblies()

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        if any(vals.get("picked") for vals in vals_list):
            moves._ensure_assembly_allowed()
        return moves

    def write(self, vals):
        planning = {"product_id", "product_uom_qty", "repair_id", "repair_line_type"} & set(vals)
        before = self._assembly_orders() if planning else self.browse().repair_id
        result = super().write(vals)
        if vals.get("picked") or vals.get("quantity"):
            self._ensure_assembly_allowed()
        if before:
            before._withdraw_unplanned()
        return result

    def unlink(self):
        orders = self._assembly_orders()
        result = super().unlink()
        if orders:
            orders._withdraw_unplanned()
        return result

    def _action_done(self, cancel_backorder=False):
        orders = self._assembly_orders()
        if orders:
            orders._ensure_assemblies()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _guaranteed_quantity(self):
        """Return how many of this part the repair these come back from fitted (G1.2)."""
        # sudo: what was fitted before, whoever asks
        lines = self.sudo()
        earlier = lines.fault_id.rework_of_id.move_ids.filtered(
            lambda m: m.state == "done"
            and m.repair_line_type == "add"
            and m.product_id == lines.product_id
        )
        return sum(
            move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id)
            for move in earlier
        )
