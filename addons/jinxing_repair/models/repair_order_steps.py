import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.jinxing_base.models.locking import take

from ..rules import order_flow

#: How far a phone's clock may run ahead of ours; what is told later than that is told late.
CLOCK_SKEW = timedelta(minutes=5)


def _said(text):
    """Tell whether a text says anything: blanks do not."""
    return bool((text or "").strip())


class RepairOrder(models.Model):
    _inherit = "repair.order"

    # -- taking a step -------------------------------------------------------------------------

    def _begin(self, role):
        """Take the orders for this transaction and refuse who may not do the step."""
        self._lock()
        self._ensure_role(role)

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
        own = order.company_id._own_partner()
        provider = order.provider_id
        return user.partner_id == order.technician_id or bool(
            provider and provider != own and user.commercial_partner_id == provider
        )

    def _lock(self):
        """Take the orders for this transaction, so that one of two at once wins.

        :raises UserError: another has them at this moment
        """
        take(self, "service_state")

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
            outputs = set((given or {}).get(order.id, ()))
            # sudo: what the order shows, whoever takes the step; the portal reads no parts
            outputs |= order.sudo()._outputs(
                [name for name in order_flow.ACTIONS[action].outputs if name not in outputs]
            )
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
            "departure": self.env._("the list before departure, ticked (S8.3)"),
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

    def _outputs(self, wanted):
        """Return those of the outputs ``wanted`` that the order itself shows.

        For :func:`order_flow.missing_outputs`; only what is asked for is looked at.
        """
        self.ensure_one()
        return {name for name in wanted if self._has_output(name)}

    def _has_output(self, name):
        """Tell whether the order itself shows one output of a step."""
        self.ensure_one()
        installation = self.service_kind == "installation"
        match name:
            case "customer":
                return self.partner_id or _said(self.caller_name)
            case "address":
                partner = self.partner_id
                return any(map(_said, (self.service_address, partner.street, partner.city)))
            case "fault":
                return installation or _said(self.fault_description) or self.fault_ids
            case "provider":
                return self.provider_id
            case "technician":
                return self.technician_id
            case "faults":
                return self.lot_id and (installation or self.fault_ids)
            case "cause":
                return all(_said(fault.cause) for fault in self.fault_ids)
            case "quality":
                return all(fault.quality_after for fault in self.fault_ids)
            case "acceptance":
                return self._price_accepted()
            case "departure":
                return not self._open_departure_lines()
            case "checklist":
                return self.trial_run_ok and all(
                    line.done for line in self.check_ids if line.phase == "closing"
                )
            case "delivered":
                return True
            case "result":
                return _said(self.explanation) and _said(self.precautions)
        return False

    def _take_step(
        self, action, vals=None, given=None, reason=None, at=None, checked=False, target=None
    ):
        """Check, lock, write and log one step for all the orders.

        :param vals: written on every order beside the step
        :param given: outputs handed in with the step, for every order
        :param at: when it really happened, if a phone tells later than it was
        :param checked: the caller has locked the orders and asked whether they can
        :param target: the state it leads to, if not the step's own
        """
        if not self:
            return
        if not checked:
            self._lock()
            outputs = {order.id: set(given or ()) for order in self} if given else None
            self._ensure_can(action, outputs)
        before = {order.id: order.service_state for order in self}
        target = target or order_flow.ACTIONS[action].target
        if action in ("decline", "expire"):
            self._note_refusals()
        # sudo: the step was checked; its fields are nobody's to edit
        self._quietly().write({**(vals or {}), "service_state": target})
        self._log_steps(action, before, reason=reason, at=at)
        if action in ("decline", "expire"):
            self._decide_provider()

    def _quietly(self):
        """Return the orders with all rights and without tracking: the steps are the log."""
        # sudo: each step is checked before it is taken
        return self.sudo().with_context(mail_notrack=True)

    def _log_steps(self, action, before, reason=None, at=None, note=None):
        """Note who took which step and when."""
        if not self:
            return
        now = fields.Datetime.now()
        # sudo: steps are the system's record of what was done
        self.env["jinxing.repair.step"].sudo().create(
            [
                {
                    "order_id": order.id,
                    "action": action,
                    "state_from": before[order.id],
                    "state_to": order.service_state,
                    "user_id": self.env.uid,
                    "date": at or now,
                    "recorded_at": now,
                    "reason": reason,
                    "note": note,
                }
                for order in self
            ]
        )
        if at and now - at > CLOCK_SKEW:
            steps = self.env["jinxing.repair.step"]._fields["action"]
            self._tell_late(dict(steps._description_selection(self.env))[action], at)
        if action in ("register", "cancel", "close"):
            self.ticket_id._follow_orders(action)

    def _tell_late(self, words, happened):
        """Note on the orders that something reached us long after it is said to have happened.

        :param words: what happened
        """
        now = fields.Datetime.now()
        if not happened or now - happened <= CLOCK_SKEW:
            return
        # sudo: the note is the system's, whoever took the step
        for order in self.sudo():
            order.message_post(
                body=self.env._(
                    "“%(action)s” of %(time)s was told to us at %(now)s.",
                    action=words,
                    time=format_datetime(self.env, happened),
                    now=format_datetime(self.env, now),
                )
            )

    def _moment(self, at, after=None):
        """Return when something happened: now, or what the phone says.

        :raises UserError: the time lies in the future or before what it must follow
        """
        now = fields.Datetime.now()
        if not at:
            return now
        moment = fields.Datetime.to_datetime(at)
        if moment > now + CLOCK_SKEW:
            raise UserError(self.env._("The time lies in the future."))
        if after and moment < after:
            raise UserError(self.env._("The time lies before the step it must follow."))
        return min(moment, now)

    def _common_moment(self, at, after):
        """Return when something happened to all the orders, see :meth:`_moment`.

        :param after: the name of the field that holds what it must follow
        """
        latest = max((order[after] for order in self if order[after]), default=None)
        return self._moment(at, after=latest)

    @api.model
    def _policy(self, key, on=None, company=None):
        return self.env["jinxing.policy.parameter"]._value(key, on, company)

    @api.model
    def _checked_signature(self, signature):
        """Return a drawn signature, base64.

        :raises UserError: it is no picture
        """
        try:
            raw = base64.b64decode(signature, validate=True)
        except (ValueError, TypeError) as error:
            raise UserError(self.env._("The signature cannot be read.")) from error
        if guess_mimetype(raw) not in ("image/png", "image/jpeg"):
            raise UserError(self.env._("The signature cannot be read."))
        return signature

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
        self._begin("supervisor")
        self._ensure_can("approve")
        now = fields.Datetime.now()
        # sudo: core's stock moves are confirmed on behalf of the step
        self._quietly()._action_repair_confirm()
        for company, orders in self.grouped("company_id").items():
            orders._take_step(
                "approve",
                {
                    "approved_at": now,
                    "supervisor_id": self.env.uid,
                    "contact_deadline": self._contact_deadline(now, company),
                    "preliminary_deadline": self._preliminary_deadline(now, company),
                },
                at=now,
                checked=True,
            )
        return True

    def action_return(self, reason=None):
        """Send registrations back to the clerk, with a reason (S8.1)."""
        if not self._reason(reason):
            self._ensure_role("supervisor")
            return self._open_reason("return", self.env._("Return"))
        self._begin("supervisor")
        self._ensure_can("return", {order.id: {"reason"} for order in self})
        self._take_step("return", reason=self._reason(reason), checked=True)
        return True

    def action_submit(self):
        """Hand a returned registration in again (S8.1)."""
        self._begin("clerk")
        self._ensure_can("submit")
        self._take_step("submit", checked=True)
        return True

    def action_cancel_order(self, reason=None):
        """Cancel orders nobody has worked on, with a reason."""
        if not self._reason(reason):
            return self._open_reason("cancel", self.env._("Cancel"))
        self._begin("supervisor")
        self._ensure_can("cancel", {order.id: {"reason"} for order in self})
        before = {order.id: order.service_state for order in self}
        # sudo: parts planned are released on behalf of the step
        orders = self._quietly()
        orders._settle_arrival()
        orders.action_repair_cancel()
        orders.write({"service_state": order_flow.CANCELLED})
        orders._cancel_quotations()
        orders.visit_ids.filtered(
            lambda v: (v.departed_at or v.arrived_at) and not v.left_at
        ).left_at = fields.Datetime.now()
        self._log_steps("cancel", before, reason=self._reason(reason))
        return True

    # -- contact and arrival (S8.2, S8.11) -------------------------------------------------------

    def action_contact(self, note=None, at=None):
        """Record that the customer was reached by phone (S8.2).

        Before an order is accepted the call counts all the same; the step follows on acceptance.
        """
        self._begin("worker")
        for order in self:
            if order.service_state not in order_flow.BEFORE_ARRIVAL or order.contacted_at:
                raise UserError(
                    self.env._("%(order)s: no contact is due.", order=order.name)
                )
        moment = self._common_moment(at, "approved_at")
        late = self.filtered(lambda o: o.contact_deadline and moment > o.contact_deadline)
        for orders, is_late in ((self - late, False), (late, True)):
            accepted = orders.filtered(lambda o: o.service_state == order_flow.ACCEPTED)
            vals = {"contacted_at": moment, "contact_late": is_late}
            accepted._take_step("contact", vals, at=moment, reason=note, checked=True)
            early = orders - accepted
            # sudo: the clock's facts are nobody's to edit
            early.sudo().write(vals)
            before = {order.id: order.service_state for order in early}
            early._log_steps("contact", before, reason=note, at=moment)
        return True

    def _open_departure_lines(self):
        """Return the lines of the departure list that are not ticked yet (S8.3)."""
        self.ensure_one()
        return self.check_ids.filtered(lambda c: c.phase == "departure" and not c.done)

    def action_depart(self, at=None):
        """Record the departure to the machine; the departure list must be ticked (S8.3)."""
        self._begin("worker")
        first = self._depart_again(at)
        for order in first:
            if order.service_state not in ("accepted", "contacted"):
                raise UserError(
                    self.env._("%(order)s: accept it first.", order=order.name)
                )
            # sudo: visits are written by the steps of the technician
            if order.sudo().visit_ids.filtered(lambda v: v.departed_at and not v.left_at):
                raise UserError(
                    self.env._("%(order)s: the departure is noted already.", order=order.name)
                )
        if first:
            first._current_visits({"departed_at": first._common_moment(at, "accepted_at")})
        return True

    def _current_visit(self):
        """Return the visit under way, a new one when there is none."""
        self.ensure_one()
        return self._current_visits()

    def _current_visits(self, vals=None):
        """Return the visit under way of each order, a new one where there is none.

        :param vals: what is noted on all of them
        """
        # sudo: visits are written by the steps of the technician
        visits = self.env["jinxing.repair.visit"].sudo()
        current = {}
        for visit in self.sudo().visit_ids.filtered(lambda v: not v.left_at):
            current[visit.order_id.id] = visit
        if vals:
            visits.concat(*current.values()).write(vals)
        new = visits.create(
            [
                {
                    "order_id": order.id,
                    "technician_id": order.technician_id.id,
                    **(vals or {}),
                }
                for order in self
                if order.id not in current
            ]
        )
        return visits.concat(*current.values(), new)

    def action_arrive(self, latitude=None, longitude=None, at=None):
        """Record the arrival at the machine, with the position if the phone gives it (S8.11)."""
        self._begin("worker")
        first = self._arrive_again(latitude, longitude, at)
        if not first:
            return True
        moment = first._common_moment(at, "accepted_at")
        first._ensure_can("arrive")
        # sudo: core's step, on behalf of ours
        first._quietly().action_repair_start()
        late = first.filtered(lambda o: o.arrival_deadline and moment > o.arrival_deadline)
        for orders, is_late in ((first - late, False), (late, True)):
            orders._take_step(
                "arrive",
                {"arrived_at": moment, "arrival_late": is_late},
                at=moment,
                checked=True,
            )
        first._current_visits(
            {
                "arrived_at": moment,
                "latitude": latitude or 0.0,
                "longitude": longitude or 0.0,
            }
        )
        return True
