from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rules import assembly, order_flow

_ACTIVITY = "jinxing_repair.activity_assembly"


class JinxingAssemblyRequest(models.Model):
    """A supervisor is asked to let an assembly be fitted whole instead of repaired (G3.2).

    Of one order, machine, part and quantity: another part or more of it is asked for anew.
    Written by the buttons alone.
    """

    _name = "jinxing.assembly.request"
    _description = "Assembly to Be Exchanged"
    _inherit = ["jinxing.decision.mixin"]
    _order = "requested_at, id"
    _rec_name = "product_id"

    order_id = fields.Many2one(
        "repair.order", "Dispatch order", required=True, readonly=True, index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    lot_id = fields.Many2one("stock.lot", "Machine", readonly=True, index="btree_not_null")
    product_id = fields.Many2one(
        "product.product", "Assembly", required=True, readonly=True, index=True
    )
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    fault_id = fields.Many2one(
        "jinxing.repair.fault", readonly=True, index="btree_not_null", ondelete="set null"
    )
    reason_kind = fields.Selection(
        [
            ("beyond_repair", "Cannot be repaired"),
            ("no_parts", "The parts to repair it cannot be had"),
            ("dearer", "Repair would cost more"),
            ("unsafe", "Repaired it would not be safe"),
            ("customer", "The customer pays for it and asks for it in writing"),
            ("other", "Another reason"),
        ],
        "Kind of reason",
        required=True,
        readonly=True,
    )
    reason = fields.Text("Why repair will not do", required=True, readonly=True)
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "jinxing_assembly_request_attachment_rel",
        "request_id",
        "attachment_id",
        "Photos and writings",
        readonly=True,
    )
    state = fields.Selection(
        [
            ("requested", "Waiting"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="requested",
        index=True,
    )
    requested_by_id = fields.Many2one("res.users", "Asked by", required=True, readonly=True)
    requested_at = fields.Datetime("Asked on", required=True, readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    decided_at = fields.Datetime("Decided on", readonly=True)
    note = fields.Text("The supervisor's word", readonly=True)

    _one_open = models.UniqueIndex(
        "(order_id, product_id) WHERE state = 'requested'",
        "The supervisor was asked for this assembly already.",
    )
    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "The quantity of an assembly is positive."
    )
    _decided_with_word = models.Constraint(
        "CHECK(state NOT IN ('approved', 'refused') OR (decided_by_id IS NOT NULL AND note <> ''))",
        "A supervisor decides with a word on why (G3.2).",
    )
    _waiting_index = models.Index("(requested_at) WHERE state = 'requested'")

    @api.depends("order_id.name", "product_id")
    def _compute_display_name(self):
        for request in self:
            # sudo: the part's name, whoever may read the request
            part = request.sudo().product_id.display_name
            request.display_name = f"{request.order_id.name or ''} {part or ''}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Ask for an assembly with the order's button."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("The supervisor answers with his buttons, not by editing."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was asked for stays; it may be withdrawn."))

    # -- the supervisor's word (G3.2) ------------------------------------------------------------

    def action_approve(self, note=None):
        """Let the assembly be fitted, with a word on why repair will not do (G3.2).

        :raises AccessError: not by a supervisor
        :raises UserError: decided already, or not planned like this any more
        """
        return self._decide(assembly.APPROVED, note)

    def action_refuse(self, note=None):
        """Refuse the assembly: it is to be repaired, with a word on why (G3.2)."""
        return self._decide(assembly.REFUSED, note)

    def _decide(self, answer, note):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))
        note = (note or "").strip()
        if not note:
            method = "action_approve" if answer == assembly.APPROVED else "action_refuse"
            return self.env["jinxing.record.reason"]._open(
                f"jinxing.assembly.request:{method}", self
            )
        self._ensure_waiting()
        if answer == assembly.APPROVED:
            self._ensure_planned()
        # sudo: only these buttons write the answer
        self.sudo().write(
            {
                "state": answer,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                "note": note,
            }
        )
        step = "assembly_yes" if answer == assembly.APPROVED else "assembly_no"
        for request in self:
            order = request.order_id
            order._log_steps(
                step,
                {order.id: order.service_state},
                reason=note,
                note=f"{request.product_id.display_name} × {request.quantity:g}",
            )
        self._after_answer(note)
        self._tell_requester(note)
        return True

    def action_withdraw(self):
        """Take the question back: the assembly is repaired, or another one is planned."""
        self.check_access("read")
        user = self.env.user
        if not self.env.su and self.filtered(lambda r: r.requested_by_id != user):
            self.order_id._ensure_role("clerk")
        self._ensure_waiting()
        self._withdraw()
        return True

    def _withdraw(self):
        # sudo: only these buttons write the state
        self.sudo().write({"state": "withdrawn", "decided_at": fields.Datetime.now()})
        self._after_answer(self.env._("Withdrawn"))

    def _ensure_waiting(self):
        """Take the orders, so that one of two supervisors at once wins; refuse the second."""
        self.order_id._lock()
        self.invalidate_recordset(["state"])
        words = dict(self._fields["state"]._description_selection(self.env))
        for request in self:
            if request.state != "requested":
                raise UserError(
                    self.env._(
                        "%(request)s is “%(state)s” already.",
                        request=request.display_name,
                        state=words[request.state],
                    )
                )
            if request.order_id.service_state not in order_flow.OPEN:
                raise UserError(
                    self.env._(
                        "%(order)s: there is nothing left to do.", order=request.order_id.name
                    )
                )

    def _ensure_planned(self):
        """Refuse to approve what the order does not plan like this any more."""
        facts = self.order_id._assembly_facts()
        for request in self:
            plan = facts.get((request.order_id, request.product_id))
            if request.lot_id != request.order_id.lot_id or not plan or (
                float(plan.quantity) + 1e-6 < request.quantity
            ):
                raise UserError(
                    self.env._(
                        "%(request)s: the order does not plan it like this any more. It is to be "
                        "asked for anew.",
                        request=request.display_name,
                    )
                )

    def _after_answer(self, feedback):
        """Store why what holds now, and close the supervisor's activities that are answered."""
        # sudo: decision and activities follow the answer, whoever gave it
        orders = self.sudo().order_id
        self.sudo()._judge()
        orders._judge_assemblies()
        answered = orders.filtered(
            lambda o: "requested" not in o.assembly_request_ids.mapped("state")
        )
        answered._close_activities([_ACTIVITY], feedback)

    def _judge(self):
        """Store the rule's answer on each request (G3.2)."""
        decisions = self.order_id._assembly_decisions()
        self._record_decisions(
            "assembly_exchange",
            {
                request.id: decisions[request.order_id, request.product_id]
                for request in self
                if (request.order_id, request.product_id) in decisions
            },
        )

    def _tell_requester(self, note):
        """Tell who asked, on his screen and in the order's notes."""
        words = dict(self._fields["state"]._description_selection(self.env))
        for request in self:
            said = self.env._(
                "%(part)s, to be fitted whole: %(answer)s. %(note)s",
                part=request.product_id.display_name,
                answer=words[request.state],
                note=note,
            )
            # sudo: the order's notes follow the answer
            request.order_id.sudo()._message_log(
                body=said, author_id=self.env.user.partner_id.id
            )
            # sudo: as above
            request.sudo().requested_by_id.partner_id._bus_send(
                "simple_notification",
                {"type": "info", "sticky": True, "title": request.order_id.name, "message": said},
            )
