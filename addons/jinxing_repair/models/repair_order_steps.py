from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ..rules import order_flow

#: How far a phone's clock may run ahead of ours.
_CLOCK_SKEW = timedelta(minutes=5)


class RepairOrder(models.Model):
    _inherit = "repair.order"

    # -- taking a step -------------------------------------------------------------------------

    def _ensure_role(self, role):
        """Refuse who may not do it: ``clerk``, ``supervisor`` or ``worker`` (his own orders).

        :raises AccessError: the orders are not his, or his role does not do this
        """
        self.check_access("read")
        if self.env.su:
            return
        user = self.env.user
        group = "supervisor" if role == "supervisor" else "clerk"
        if user.has_group(f"jinxing_base.group_{group}"):
            return
        if role == "worker" and all(order._is_worker(user) for order in self):
            return
        raise AccessError(
            self.env._("Only a supervisor may do this.")
            if role == "supervisor"
            else self.env._("Only the clerks and the technician of the order may do this.")
        )

    def _is_worker(self, user):
        """Tell whether ``user`` is the technician of the order, or acts for its provider."""
        self.ensure_one()
        # sudo: who it was given to is asked before the reader's rights count
        order = self.sudo()
        own = order.company_id.partner_id
        provider = order.provider_id
        return user.partner_id == order.technician_id or bool(
            provider and provider != own and user.commercial_partner_id == provider
        )

    def _lock(self):
        """Take the orders for this transaction, so that one of two at once wins.

        :raises UserError: another has them at this moment
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %(names)s at this moment. Look again, then "
                    "decide.",
                    names=", ".join(self.mapped("name")),
                )
            ) from error
        self.invalidate_recordset(["service_state"])

    def _ensure_can(self, action, given=None):
        """Refuse a step that is not the orders' turn or lacks an output.

        :param given: ``{order id: outputs}`` beside those the order itself shows
        :raises UserError: names each order and what it lacks
        """
        states = dict(self._fields["service_state"]._description_selection(self.env))
        names = dict(self.env["jinxing.repair.step"]._fields["action"]._description_selection(
            self.env
        ))
        messages = []
        for order in self:
            if not order.service_kind or not order_flow.allowed(action, order.service_state):
                messages.append(
                    self.env._(
                        "%(order)s is “%(state)s”: “%(action)s” is not possible.",
                        order=order.name,
                        state=states.get(order.service_state, order.state),
                        action=names[action],
                    )
                )
                continue
            outputs = order._outputs() | set((given or {}).get(order.id, ()))
            missing = order_flow.missing_outputs(action, outputs)
            if missing:
                words = self._output_words()
                messages.append(
                    self.env._(
                        "%(order)s: %(action)s needs %(missing)s first.",
                        order=order.name,
                        action=names[action],
                        missing=", ".join(words[item] for item in missing),
                    )
                )
        if messages:
            raise UserError("\n".join(messages))

    @api.model
    def _output_words(self):
        return {
            "customer": self.env._("the customer"),
            "address": self.env._("the place of the machine"),
            "fault": self.env._("the fault as reported"),
            "reason": self.env._("a reason"),
            "provider": self.env._("a provider or technician"),
            "technician": self.env._("a technician"),
            "contact": self.env._("the contact with the customer"),
            "receipt": self.env._("the receipt for the machine"),
            "faults": self.env._("the machine and at least one fault found"),
            "cause": self.env._("the cause of each fault"),
            "quality": self.env._("the quality after repair of each fault"),
            "acceptance": self.env._("the customer's acceptance of the price"),
            "checklist": self.env._("every line of the checklist and the trial run"),
            "signature": self.env._("the customer's signature"),
            "delivered": self.env._("the machine back with the customer"),
            "result": self.env._("the explanation given and the precautions"),
            "quality_score": self.env._("the quality score"),
        }

    def _outputs(self):
        """Return the outputs the order itself shows, for :func:`order_flow.missing_outputs`."""
        self.ensure_one()
        faults = self.fault_ids
        installation = self.service_kind == "installation"
        shown = {
            "customer": self.partner_id or self.caller_name,
            "address": self.service_address or self.partner_id.street or self.partner_id.city,
            "fault": installation or self.fault_description or faults,
            "provider": self.provider_id,
            "technician": self.technician_id,
            "faults": self.lot_id and (installation or faults),
            "cause": all(fault.cause for fault in faults),
            "quality": all(fault.quality_after for fault in faults),
            "acceptance": self._price_accepted(),
            "checklist": self.trial_run_ok
            and all(c.done for c in self.check_ids if c.phase == "closing"),
            "delivered": True,
            "result": self.explanation and self.precautions,
        }
        return {name for name, there in shown.items() if there}

    def _take_step(self, action, vals=None, given=None, reason=None, at=None):
        """Check, lock, write and log one step for all the orders.

        :param vals: written on every order beside the step
        :param given: outputs handed in with the step, for every order
        :param at: when it really happened, if a phone tells later than it was
        """
        self._lock()
        outputs = {order.id: set(given or ()) for order in self} if given else None
        self._ensure_can(action, outputs)
        before = {order.id: order.service_state for order in self}
        target = order_flow.ACTIONS[action].target
        # sudo: the step was checked; its fields are nobody's to edit
        self.sudo().write({**(vals or {}), "service_state": target})
        self._log_steps(action, before, reason=reason, at=at)

    def _log_steps(self, action, before, reason=None, at=None, note=None):
        """Note who took which step and when."""
        # sudo: steps are the system's record of what was done
        self.env["jinxing.repair.step"].sudo().create(
            [
                {
                    "order_id": order.id,
                    "action": action,
                    "state_from": before[order.id],
                    "state_to": order.service_state,
                    "user_id": self.env.uid,
                    "date": at or fields.Datetime.now(),
                    "reason": reason,
                    "note": note,
                }
                for order in self
            ]
        )
        if action in ("register", "cancel", "close"):
            self.ticket_id._follow_orders(action)

    def _moment(self, at, after=None):
        """Return when something happened: now, or what the phone says.

        :raises UserError: the time lies in the future or before what it must follow
        """
        now = fields.Datetime.now()
        if not at:
            return now
        moment = fields.Datetime.to_datetime(at)
        if moment > now + _CLOCK_SKEW:
            raise UserError(self.env._("The time lies in the future."))
        if after and moment < after:
            raise UserError(self.env._("The time lies before the step it must follow."))
        return min(moment, now)

    @api.model
    def _policy(self, key, on=None, company=None):
        return self.env["jinxing.policy.parameter"]._value(key, on, company)

    @staticmethod
    def _reason(text):
        return (text or "").strip() or None

    def _open_reason(self, action, title):
        """Open the form that asks for the reason of a step."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "jinxing.repair.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_action": action, "default_order_ids": self.ids},
        }

    # -- review (S8.1) -------------------------------------------------------------------------

    def action_approve(self):
        """Approve registered orders; the clock of the contact starts (S8.1, S8.2)."""
        self._ensure_role("supervisor")
        self._lock()
        self._ensure_can("approve")
        now = fields.Datetime.now()
        # sudo: core's stock moves are confirmed on behalf of the step
        self.sudo()._action_repair_confirm()
        for company, orders in self.grouped("company_id").items():
            orders._take_step(
                "approve",
                {
                    "approved_at": now,
                    "supervisor_id": self.env.uid,
                    "contact_deadline": self._contact_deadline(now, company),
                },
                at=now,
            )
        return True

    def action_return(self, reason=None):
        """Send registrations back to the clerk, with a reason (S8.1)."""
        self._ensure_role("supervisor")
        if not self._reason(reason):
            return self._open_reason("return", self.env._("Return"))
        self._take_step("return", given={"reason"}, reason=self._reason(reason))
        return True

    def action_submit(self):
        """Hand a returned registration in again (S8.1)."""
        self._ensure_role("clerk")
        self._take_step("submit")
        return True

    def action_cancel_order(self, reason=None):
        """Cancel orders nobody has worked on, with a reason."""
        self._ensure_role("supervisor")
        if not self._reason(reason):
            return self._open_reason("cancel", self.env._("Cancel"))
        self._lock()
        self._ensure_can("cancel", {order.id: {"reason"} for order in self})
        before = {order.id: order.service_state for order in self}
        # sudo: parts planned are released on behalf of the step
        orders = self.sudo()
        orders.action_repair_cancel()
        orders.write({"service_state": order_flow.CANCELLED})
        self._log_steps("cancel", before, reason=self._reason(reason))
        return True

    # -- dispatch (G3.1, T1-T5, S7) -------------------------------------------------------------

    def action_assign(self, technician_id=None, provider_id=None, reason=None):
        """Give orders to a technician or a provider (G1.1, G3.1, T1-T5, S7).

        :param technician_id: contact of the technician; his company is the provider
        :param provider_id: the provider, when the technician is his choice
        :param reason: demanded when it is not the provider of the rule (G3.1), or when the
            technician's grade does not cover the faults (supervisors only)
        :raises UserError: a reason is missing, or he may not be sent; the message says why
        """
        self._ensure_role("clerk")
        if not technician_id and not provider_id:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Assign"),
                "res_model": "jinxing.repair.assign",
                "view_mode": "form",
                "target": "new",
                "context": {"default_order_ids": self.ids},
            }
        # sudo: a clerk need not be allowed to read all technicians' contacts
        partners = self.env["res.partner"].sudo()
        technician = partners.browse(technician_id).exists()
        provider = partners.browse(provider_id).exists()
        reason = self._reason(reason)
        for order in self:
            order._ensure_assignable(technician, provider, reason)
        now = fields.Datetime.now()
        for company, orders in self.grouped("company_id").items():
            own = company.partner_id
            given_to = provider or self._provider_of(technician, own)
            hours = self._policy("offer_accept_hours", company=company)
            outside = given_to != own
            orders._take_step(
                "assign",
                {
                    "technician_id": technician.id,
                    "provider_id": given_to.id,
                    "assigned_at": now,
                    "accepted_at": False,
                    "offer_deadline": now + timedelta(hours=hours) if outside else False,
                },
                given={"provider"},
                reason=reason,
                at=now,
            )
            # sudo: where parts come from follows the technician
            orders.sudo().move_ids.filtered(
                lambda m: m.state not in ("done", "cancel")
            )._set_repair_locations()
        return True

    @api.model
    def _provider_of(self, technician, own):
        """Return for whom a technician works: his station or dealer, else the factory."""
        company = technician.commercial_partner_id
        return company if company.is_service_station or company.is_dealer else own

    def _ensure_assignable(self, technician, provider, reason):
        """Refuse an assignment against the rules unless a reason stands for it.

        :raises UserError: says why
        """
        self.ensure_one()
        own = self.company_id.partner_id
        given_to = provider or self._provider_of(technician, own)
        if technician and provider and self._provider_of(technician, own) != provider:
            raise UserError(
                self.env._(
                    "%(technician)s does not work for %(provider)s.",
                    technician=technician.name,
                    provider=provider.name,
                )
            )
        if given_to != own and not (given_to.is_dealer or given_to.is_service_station):
            raise UserError(
                self.env._("%(name)s is no service provider (G1.1).", name=given_to.name)
            )
        if given_to != self.default_provider_id and not reason:
            raise UserError(
                self.env._(
                    "%(order)s: by the rule %(provider)s serves this machine, since who sells "
                    "serves (G3.1). Another provider needs a reason.",
                    order=self.name,
                    provider=self.default_provider_id.name,
                )
            )
        if technician:
            self._ensure_may_be_sent(technician, reason)

    def _ensure_may_be_sent(self, technician, reason):
        """Store whether the technician may be sent, and refuse who may not (T1-T5, S7)."""
        categories = self.category_ids | self.fault_ids.category_id
        decision = technician._technician_decisions(categories)[technician.id]
        stored = self._record_decisions(decision.kind, {self.id: decision})[self.id]
        if decision.outcome == "dispatch_allowed":
            return
        supervisor = self.env.user.has_group("jinxing_base.group_supervisor")
        if not (reason and (supervisor or self.env.su)):
            raise UserError(
                self.env._(
                    "%(technician)s may not be sent to %(order)s (%(clauses)s). A supervisor can "
                    "override this with a reason.",
                    technician=technician.name,
                    order=self.name,
                    clauses=", ".join(stored.clause_codes or []),
                )
            )

    def action_accept(self, technician_id=None):
        """Accept an order: the technician himself, or his provider naming one (G1.1)."""
        self._ensure_role("worker")
        now = fields.Datetime.now()
        for order in self:
            vals = {"accepted_at": now, "offer_deadline": False}
            if technician_id:
                # sudo: the provider names one of his own people
                technician = self.env["res.partner"].sudo().browse(technician_id).exists()
                order._ensure_own_technician(technician)
                vals["technician_id"] = technician.id
            order._take_step(
                "accept", vals, given={"technician"} if technician_id else None, at=now
            )
            if order.contacted_at:
                order._take_step("contact", given={"contact"}, at=now)
        return True

    def _ensure_own_technician(self, technician):
        """Refuse a technician who is not the provider's or may not be sent."""
        self.ensure_one()
        own = self.company_id.partner_id
        if not technician.is_technician or (
            self._provider_of(technician, own) != self.provider_id
        ):
            raise UserError(self.env._("This is no technician of the provider."))
        self._ensure_may_be_sent(technician, None)

    def action_decline(self, reason=None):
        """Decline an order with a reason; it goes back to the factory."""
        self._ensure_role("worker")
        if not self._reason(reason):
            return self._open_reason("decline", self.env._("Decline"))
        self._take_step(
            "decline",
            {
                "technician_id": False,
                "provider_id": False,
                "accepted_at": False,
                "offer_deadline": False,
            },
            given={"reason"},
            reason=self._reason(reason),
        )
        return True

    # -- contact and arrival (S8.2, S8.11) -------------------------------------------------------

    def action_contact(self, note=None, at=None):
        """Record that the customer was reached by phone (S8.2).

        Before an order is accepted the call counts all the same; the step follows on acceptance.
        """
        self._ensure_role("worker")
        self._lock()
        for order in self:
            if order.service_state not in order_flow.BEFORE_ARRIVAL or order.contacted_at:
                raise UserError(
                    self.env._("%(order)s: no contact is due.", order=order.name)
                )
            moment = order._moment(at, after=order.approved_at)
            # sudo: the clock's facts are nobody's to edit
            order.sudo().write(
                {
                    "contacted_at": moment,
                    "contact_late": bool(
                        order.contact_deadline and moment > order.contact_deadline
                    ),
                }
            )
            if order.service_state == order_flow.ACCEPTED:
                order._take_step("contact", given={"contact"}, at=moment, reason=note)
            else:
                order._log_steps(
                    "contact", {order.id: order.service_state}, reason=note, at=moment
                )
        return True

    def action_depart(self, at=None):
        """Record the departure to the machine; the departure list must be ticked (S8.3)."""
        self._ensure_role("worker")
        for order in self:
            if order.service_state not in ("accepted", "contacted"):
                raise UserError(
                    self.env._("%(order)s: accept it first.", order=order.name)
                )
            open_lines = order.check_ids.filtered(
                lambda c: c.phase == "departure" and not c.done
            )
            if open_lines:
                raise UserError(
                    self.env._(
                        "%(order)s: before departure tick %(lines)s (S8.3).",
                        order=order.name,
                        lines=", ".join(open_lines.item_id.mapped("name")),
                    )
                )
            moment = order._moment(at, after=order.accepted_at)
            order._current_visit().departed_at = moment
        return True

    def _current_visit(self):
        """Return the visit under way, a new one when there is none."""
        self.ensure_one()
        # sudo: visits are written by the steps of the technician
        visits = self.sudo().visit_ids.filtered(lambda v: not v.left_at)
        return visits[-1:] or visits.create(
            {"order_id": self.id, "technician_id": self.technician_id.id}
        )

    def action_arrive(self, latitude=None, longitude=None, at=None):
        """Record the arrival at the machine, with the position if the phone gives it (S8.11)."""
        self._ensure_role("worker")
        for order in self:
            moment = order._moment(at, after=order.accepted_at)
            # sudo: core's step, on behalf of ours
            order._lock()
            order._ensure_can("arrive")
            order.sudo().action_repair_start()
            order._take_step(
                "arrive",
                {
                    "arrived_at": moment,
                    "arrival_late": bool(
                        order.arrival_deadline and moment > order.arrival_deadline
                    ),
                },
                at=moment,
            )
            order._current_visit().write(
                {
                    "arrived_at": moment,
                    "latitude": latitude or 0.0,
                    "longitude": longitude or 0.0,
                }
            )
        return True
