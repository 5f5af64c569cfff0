from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jinxing_base.models.locking import take


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

    def action_refund(self):
        """Refund once, at the decided price; finance only (R12, R14)."""
        if not (self.env.su or self.env.user.has_group("account.group_account_invoice")):
            raise AccessError(self.env._("Only finance may do this."))
        self.check_access("read")
        self._lock()
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

    def _lock(self):
        """Take the returns for this transaction, so that one of two at once wins.

        :raises UserError: another has them at this moment
        """
        take(self, "state", "refund_id")

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
        replaced = self.filtered(lambda rma: rma.state == "replaced")
        replaced._renew_cards()
        replaced._fulfil_rights()
        return result

    def _void_cards(self):
        """Void the cards of machines that came back for good: nobody owns them."""
        for rma in self.filtered("lot_id.is_machine"):
            rma.lot_id.card_id.filtered(lambda card: card.state == "active").action_void(
                self.env._("The machine was returned: %(name)s", name=rma.name)
            )

    def _renew_cards(self):
        """Give the new machine its card; the old one's is replaced, both linked (L-new).

        The days without the machine go with the cover: from the handing in of the repair that
        gave the right, else from the receipt, to the delivery.
        """
        for rma in self.filtered(lambda r: r.lot_id.is_machine and not r.new_card_id):
            # sudo: card and delivery follow the exchange
            elevated = rma.sudo()
            moves = elevated.delivery_move_ids.filtered(lambda m: m.state == "done")
            machine = moves.move_line_ids.lot_id[:1]
            if not machine:
                continue
            vals = {"new_lot_id": machine.id}
            old = elevated.lot_id.card_id
            if old.state == "active":
                day = moves[:1].date.date()
                elevated._note_downtime(old, day)
                reason = " ".join(
                    filter(
                        None,
                        (
                            self.env._("Exchange %(name)s", name=rma.name),
                            elevated.exchange_right_id.name,
                            elevated.repair_order_id.name,
                        ),
                    )
                )
                vals["new_card_id"] = old._replace_machine(machine, day, reason).id
            elevated.write(vals)

    def _note_downtime(self, card, day):
        """Note on the card the days the customer had no machine until ``day`` (L-down)."""
        self.ensure_one()
        order = self.repair_order_id
        company = self.company_id
        service_day = order._service_day
        first = order.handed_over_at or self.reception_move_id.date
        noted = card.downtime_ids.filtered(lambda gap: gap.source == order.name)
        if not first or (order and noted):
            return
        first = service_day(first, company)
        if first <= day:
            card.downtime_ids.create(
                {
                    "card_id": card.id,
                    "date_from": first,
                    "date_to": day,
                    "reason": self.env._("Exchange %(name)s", name=self.name),
                    "source": self.name,
                }
            )

    # -- the base's other steps: state and moves are nobody's to edit --------------------------

    def action_cancel(self):
        """Cancel requests and returns whose goods have not come yet."""
        self._ensure_handler()
        late = self.filtered(lambda rma: rma.state not in ("draft", "confirmed"))
        if late:
            raise UserError(
                self.env._(
                    "%(names)s: the goods are here, it is not cancelled any more.",
                    names=", ".join(late.mapped("name")),
                )
            )
        # sudo: receipt and state follow the step
        return super(Rma, self.sudo()).action_cancel()

    def action_draft(self):
        """Take cancelled requests up again."""
        self._ensure_handler()
        # sudo: as in action_cancel
        return super(Rma, self.sudo()).action_draft()

    def action_lock(self):
        self._ensure_handler()
        # sudo: as in action_cancel
        return super(Rma, self.sudo()).action_lock()

    def action_unlock(self):
        self._ensure_handler()
        # sudo: as in action_cancel
        return super(Rma, self.sudo()).action_unlock()

    def action_finish(self):
        self._ensure_handler()
        if self.manual_finish_allowed:
            return super().action_finish()
        # sudo: as in action_cancel
        return super(Rma, self.sudo()).action_finish()

    def extract_quantity(self, qty, uom):
        """Split what is not exchanged or sent back yet into a return of its own."""
        self._ensure_handler()
        # sudo: as in action_cancel
        return super(Rma, self.sudo()).extract_quantity(qty, uom)

    def create_return(self, scheduled_date, qty=None, uom=None):
        """Send the goods back to the customer."""
        self._ensure_handler()
        # sudo: as in action_cancel
        return super(Rma, self.sudo()).create_return(scheduled_date, qty, uom)

    def _ensure_handler(self):
        """Refuse whoever does not handle returns.

        :raises AccessError: no right to write them
        """
        self.check_access("write")

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
