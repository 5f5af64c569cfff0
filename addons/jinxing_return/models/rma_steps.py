from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class Rma(models.Model):
    _inherit = "rma"

    def action_confirm(self):
        """Take the goods back: only what the rules let go back; the departments get tasks."""
        self.check_access("write")
        drafts = self.filtered(lambda rma: rma.state == "draft")
        if drafts:
            drafts.action_decide()
            drafts._ensure_eligible()
            drafts._ensure_exchange_possible()
        # sudo: receipt and procurement follow the decision, a clerk has no rights on stock
        result = super(Rma, self.sudo()).action_confirm()
        # sudo: the tasks follow the return
        self.env["jinxing.return.task"].sudo()._create_for(drafts)
        return result

    def _ensure_exchange_possible(self):
        """Refuse an exchange of the same model that is not in stock, and say what can be done.

        :raises UserError: none of the same model and specification is in stock (G2)
        """
        for rma in self.filtered(lambda r: r.return_kind == "replace"):
            # sudo: what is in stock is looked up on behalf of the step
            product = rma.product_id.sudo().with_context(warehouse_id=rma.warehouse_id.id)
            if product.is_storable and product.free_qty < rma.product_uom_qty:
                raise UserError(
                    self.env._(
                        "%(name)s: no %(product)s of the same model and specification is in "
                        "stock. Order one and wait, or refund the customer (the law lets him "
                        "choose).",
                        name=rma.name,
                        product=product.display_name,
                    )
                )

    def create_replace(self, scheduled_date, warehouse, product, qty, uom):
        """Exchange for the same model and specification only (G2, R10).

        :raises UserError: it is another product
        """
        wrong = self.filtered(lambda rma: rma.product_id != product)
        if wrong:
            raise UserError(
                self.env._(
                    "%(names)s: an exchange is of the same model and specification.",
                    names=", ".join(wrong.mapped("name")),
                )
            )
        self.check_access("write")
        # sudo: as in action_confirm
        return super(Rma, self.sudo()).create_replace(
            scheduled_date, warehouse, product, qty, uom
        )

    def action_refund(self):
        """Refund once, at the decided price; finance only (R12, R14)."""
        if not (self.env.su or self.env.user.has_group("account.group_account_invoice")):
            raise AccessError(self.env._("Only finance may do this."))
        self.check_access("read")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state", "refund_id"])
        twice = self.filtered("refund_id")
        if twice:
            raise UserError(
                self.env._("%(names)s is refunded already.", names=", ".join(twice.mapped("name")))
            )
        self._ensure_eligible()
        # sudo: the credit note follows the decision
        result = super(Rma, self.sudo()).action_refund()
        self._finish_tasks("finance")
        return result

    def update_received_state_on_reception(self):
        result = super().update_received_state_on_reception()
        self._finish_tasks("warehouse")
        return result

    def _finish_tasks(self, department):
        """Mark the tasks that an event has done (R14)."""
        # sudo: done by what happened, not by hand
        self.sudo().task_ids.filtered(
            lambda task: task.department == department and not task.done_at
        ).action_done()

    def update_replaced_state(self):
        result = super().update_replaced_state()
        self.filtered(lambda rma: rma.state == "replaced")._renew_cards()
        return result

    def _renew_cards(self):
        """Give the new machine its card; the old one's is replaced, both linked (L-new)."""
        for rma in self.filtered(lambda r: r.lot_id.is_machine and not r.new_card_id):
            # sudo: card and delivery follow the exchange
            elevated = rma.sudo()
            moves = elevated.delivery_move_ids.filtered(lambda m: m.state == "done")
            machine = moves.move_line_ids.lot_id[:1]
            old = elevated.lot_id.card_id
            if not machine or not old:
                continue
            day = moves[:1].date.date()
            reason = self.env._("Exchange %(name)s", name=rma.name)
            card = old._replace_machine(machine, day, reason)
            elevated.write({"new_lot_id": machine.id, "new_card_id": card.id})

    # -- refused: repair or negotiation (R13) ------------------------------------------------------

    def _ensure_refused(self):
        self.check_access("write")
        wrong = self.filtered(lambda rma: rma.eligibility not in ("refused", "needs_report"))
        if wrong:
            raise UserError(
                self.env._(
                    "%(names)s: nothing was refused.", names=", ".join(wrong.mapped("name"))
                )
            )

    def action_offer_repair(self):
        """Register a repair for a customer whose request was refused (R13)."""
        self.ensure_one()
        self._ensure_refused()
        if not self.ticket_id:
            # sudo: whoever handles returns may register the repair
            self.sudo().ticket_id = self.env["helpdesk.ticket"].sudo().create(
                {
                    "kind": "repair",
                    "partner_id": self.partner_id.id,
                    "caller_name": self.partner_id.name,
                    "caller_phone": self.partner_id.phone,
                    "lot_id": self.lot_id.id if self.lot_id.is_machine else False,
                    "fault_description": self.env._(
                        "Offered instead of return %(name)s (R13). %(note)s",
                        name=self.name,
                        note=self.misuse or self.condition_note or "",
                    ),
                    "company_id": self.company_id.id,
                }
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": self.ticket_id.id,
            "views": [(self.env.ref("jinxing_repair.registration_view_form").id, "form")],
        }

    def action_negotiate(self):
        """Open a record of the talk with a customer whose request was refused (R13)."""
        self.ensure_one()
        self._ensure_refused()
        talk = self.negotiation_ids.filtered(lambda n: n.outcome == "open")[
            :1
        ] or self.negotiation_ids.create({"rma_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": talk._name,
            "res_id": talk.id,
            "views": [(False, "form")],
        }

    # -- closing (R16) -----------------------------------------------------------------------------

    def action_close_return(self):
        """Close returns whose cause and responsibility are clear (R16).

        :raises UserError: one is not settled yet, or lacks cause, department or person
        """
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))
        messages = []
        for rma in self:
            if rma.closed_at or rma.state not in (
                "refunded", "replaced", "returned", "finished", "cancelled",
            ):
                messages.append(self.env._("%(name)s is not settled yet.", name=rma.name))
            elif not (
                (rma.cause or "").strip() and rma.cause_department_id and rma.cause_employee_id
            ):
                messages.append(
                    self.env._(
                        "%(name)s: name cause, department and person first (R16).", name=rma.name
                    )
                )
        if messages:
            raise UserError("\n".join(messages))
        # sudo: who and when are nobody's to edit
        self.sudo().write({"closed_at": fields.Datetime.now(), "closed_by": self.env.uid})
        return True
