from collections import defaultdict
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Domain

from ..rules import exchange, exchange_facts, order_flow
from ..rules.exchange_facts import (
    ComponentFacts,
    Event,
    ExchangeFacts,
    ExchangePolicy,
    RepairFacts,
    WorkCalendar,
)

_EXCHANGE = frozenset(
    {
        "exchange_outcome", "exchange_due_on", "exchange_due_clause", "exchange_look_on",
        "exchange_right_ids",
    }
)
_ONE_DAY = timedelta(days=1)


class RepairOrder(models.Model):
    """Rights to a new part, an exchange or a return: found by themselves, warned of (G2, G3.4).

    Looked at when something happens, and on the day the answer may change (``exchange_look_on``);
    the daily sweep therefore touches only orders whose day has come.
    """

    _inherit = "repair.order"

    exchange_outcome = fields.Selection(
        [
            ("none", "No right"),
            ("warning", "A right is about to arise"),
            ("new_part", "New part"),
            ("exchange", "Exchange of the machine"),
            ("user_choice", "Exchange or further repair, as the user chooses"),
            ("return", "Return of the machine"),
        ],
        "Right to exchange",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    exchange_due_on = fields.Date("Right arises on", readonly=True, copy=False)
    exchange_due_clause = fields.Char("Arises by", readonly=True, copy=False)
    exchange_look_on = fields.Date("Looked at next", readonly=True, copy=False)
    exchange_right_ids = fields.One2many(
        "jinxing.exchange.right", "order_id", "Rights", readonly=True
    )

    _exchange_look_index = models.Index(
        "(exchange_look_on) WHERE exchange_look_on IS NOT NULL"
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | _EXCHANGE

    @api.model
    def _prepare_dispatch_vals(self, vals_list):
        result = super()._prepare_dispatch_vals(vals_list)
        for vals in vals_list:
            if vals["service_kind"] == "repair":
                company = self.env["res.company"].browse(vals["company_id"])
                vals["exchange_look_on"] = self._service_day(vals["called_at"], company)
        return result

    # -- the facts -------------------------------------------------------------------------------

    @api.model
    def _exchange_policy(self, day, company):
        """Return the numbers of handbook and law in force on a day."""

        def value(key):
            return self._policy(f"exchange_{key}", day, company)

        return ExchangePolicy(
            parts_days=value("parts_days"),
            repairer_days=value("repairer_days"),
            working_days=value("working_days"),
            warning_days=value("warning_days"),
            season_repairs=value("season_repairs"),
            repeat_repairs=value("repeat_repairs"),
            repeat_days=value("repeat_days"),
            unrecorded_cause=value("unrecorded_cause"),
            less_customer=value("less_customer"),
        )

    def _exchange_facts(self, today=None):
        """Return ``{order: facts}`` for rules/exchange.py.

        The number of queries does not grow with the number of orders.

        :param today: ``{company: day}``; by default the service's day of now
        """
        seasons = self.env["jinxing.farm.season"].search_fetch([])
        statutes = self.env["jinxing.clause"]._enabled_statutes()
        calendars = {company: company._known_work_calendar() for company in self.company_id}
        histories = self._component_histories()
        self.lot_id.card_id.line_ids.fetch(["card_id", "cover_class", "date_end"])
        facts = {}
        for order in self:
            company = order.company_id
            on = (today or {}).get(company) or self._service_day(None, company)
            handed_in = self._service_day(order.handed_over_at, company)
            facts[order] = ExchangeFacts(
                policy=self._exchange_policy(handed_in, company),
                repair=order._repair_facts(handed_in, on, calendars[company]),
                components=order._component_facts(histories, seasons, on),
                statutes=statutes,
            )
        return facts

    def _repair_facts(self, handed_in, on, calendar):
        """Return the facts of the repair in time, ``None`` when it is no warranty repair."""
        self.ensure_one()
        covered = self.fault_ids.filtered("in_cover")
        if self.fault_ids and not covered:
            return None
        machine = self.lot_id.card_id.line_ids.filtered(lambda c: c.cover_class == "machine")
        ends = covered.mapped("cover_until") if covered else machine.mapped("date_end")
        repaired = self.repaired_at or self.signed_at
        return RepairFacts(
            handed_in_date=handed_in,
            on=on,
            cover_until=max((end for end in ends if end), default=None),
            tz=self._service_tz(self.company_id),
            finished_date=self._service_day(repaired, self.company_id) if repaired else None,
            waits=self._wait_facts(),
            calendar=calendar,
        )

    def _machines_before(self):
        """Return the machines the order's one was given for by exchange, the last first."""
        self.ensure_one()
        card = self.lot_id.card_id
        seen, found = self.lot_id, self.lot_id.browse()
        while card.replaces_id and card.replaces_id.lot_id not in seen:
            card = card.replaces_id
            seen |= card.lot_id
            found += card.lot_id
        return found

    def _component_histories(self):
        """Return ``{(machine, component): [(day, moment, event), ...]}`` of the orders' faults.

        What a machine was exchanged for by L-rep2 goes on with the one given for it.
        """
        earlier = {}
        for order in self:
            chain = order._machines_before()
            earlier |= {lot: chain[n:] for n, lot in enumerate(order.lot_id + chain)}
        lots = self.lot_id.browse().union(*earlier)
        components = self.fault_ids.component_id
        both = Domain("lot_id", "in", lots.ids) & Domain("component_id", "in", components.ids)
        noted = self.env["jinxing.fault.event"].search(both)
        faults = self.env["jinxing.repair.fault"].search(
            both & Domain("order_id.service_state", "!=", order_flow.CANCELLED)
        )
        faults.order_id.fetch(["called_at"])
        histories = defaultdict(dict)
        for event in noted:
            fault = event.fault_id
            key = (event.order_id.id, event.at, event.what)
            histories[fault.lot_id, fault.component_id].setdefault(
                key, (event.day, event.at, Event(event.day, event.what, fault._is_quality()))
            )
        repaired = defaultdict(list)
        for event in noted.filtered(lambda e: e.what == exchange_facts.REPAIRED):
            repaired[event.lot_id, event.component_id].append(event)
        exchanges = noted.filtered(lambda e: e.what == exchange_facts.EXCHANGED)
        exchanged = {(event.lot_id, event.component_id) for event in exchanges}
        for fault in faults:
            called = fault.order_id.called_at
            before = repaired[fault.lot_id, fault.component_id]
            given_for = earlier.get(fault.lot_id, ())
            if any(e.order_id != fault.order_id and e.at <= called for e in before) or any(
                (lot, fault.component_id) in exchanged for lot in given_for
            ):
                histories[fault.lot_id, fault.component_id].setdefault(
                    (fault.order_id.id, called, exchange_facts.BACK),
                    (
                        fault.fault_date,
                        called,
                        Event(fault.fault_date, exchange_facts.BACK, fault._is_quality()),
                    ),
                )
        found = {
            key: sorted(events.values(), key=lambda one: one[:2])
            for key, events in histories.items()
        }
        linked = {}
        for lot in lots.filtered(earlier.get):
            for component in components:
                before = self._history_until_exchange(earlier[lot], component, found)
                if before:
                    linked[lot, component] = before + found.get((lot, component), [])
        return found | linked

    @api.model
    def _history_until_exchange(self, machines, component, found):
        """Return what led to the exchange of machines for a component, the oldest first.

        What becomes of a machine after its exchange is another's.
        """
        history = [one for lot in machines[::-1] for one in found.get((lot, component), ())]
        last = max(
            (
                number
                for number, (_day, _at, event) in enumerate(history)
                if event.what == exchange_facts.EXCHANGED
            ),
            default=-1,
        )
        return history[: last + 1]

    def _component_facts(self, histories, seasons, on):
        """Return the facts of each component of the order that has a history."""
        self.ensure_one()
        card = self.lot_id.card_id
        start = card.invoice_date or self.lot_id.sold_date
        result = []
        for component, faults in self.fault_ids.grouped("component_id").items():
            history = histories.get((self.lot_id, component))
            if not history:
                continue
            first = min(history[0][0], start or history[0][0])
            ranges = seasons._ranges(self.region_id, self.crop, first, on)
            result.append(
                ComponentFacts(
                    component=component.code,
                    events=tuple(event for _day, _at, event in history),
                    in_cover=any(faults.mapped("in_cover")),
                    seasons=ranges,
                    serious=any(faults.mapped("serious")),
                    wear=component.cover_class == "wear",
                    first_season_start=next(
                        (max(begin, start) for begin, end in ranges if start and end >= start),
                        None,
                    ),
                )
            )
        return tuple(result)

    # -- deciding --------------------------------------------------------------------------------

    def _decide_exchange(self, today=None):
        """Decide which rights each order gives, store why, and raise the rights (G2, G3.4)."""
        # sudo: rights follow from the facts, whoever brought them about
        orders = self.sudo().filtered(
            lambda o: o.service_kind == "repair"
            and o.lot_id
            and o.handed_over_at
            and o.service_state != order_flow.CANCELLED
        )
        if not orders:
            return
        facts = orders._exchange_facts(today)
        decisions = {order: exchange.decide_exchange(facts[order]) for order in orders}
        told = [
            order
            for order in orders
            if decisions[order].outcome != exchange_facts.NONE
            or order.exchange_outcome not in (False, exchange_facts.NONE)
        ]
        orders._record_decisions("exchange_right", {o.id: decisions[o] for o in told})
        warned = orders.browse()
        for order in orders:
            vals = order._exchange_vals(facts[order], decisions[order])
            if vals["exchange_outcome"] == exchange_facts.WARNING != order.exchange_outcome:
                warned |= order
            changed = {name: value for name, value in vals.items() if order[name] != value}
            if changed:
                order.write(changed)
        orders.env["jinxing.exchange.right"]._sync(
            {order: exchange.arisen_rights(facts[order]) for order in orders}, decisions
        )
        warned._notify(
            "exchange_warning",
            {o: f"{o.exchange_due_clause} {o.exchange_due_on}" for o in warned},
        )

    def _exchange_vals(self, facts, decision):
        """Return what the order shows of its rights, and when to look again."""
        self.ensure_one()
        repair = facts.repair
        coming = [due for due in exchange.next_due_dates(facts) if not due.arisen]
        finished = repair is None or repair.finished_date is not None
        look_on = None if finished else exchange.next_look(facts)
        if not finished and repair.cover_until is None:
            # The machine's card may become known any day.
            look_on = repair.on + _ONE_DAY
        next_due = coming[0] if coming and not finished else None
        return {
            "exchange_outcome": decision.outcome,
            "exchange_due_on": next_due.due_date if next_due else False,
            "exchange_due_clause": next_due.clause if next_due else False,
            "exchange_look_on": look_on or False,
        }

    @api.model
    def _cron_exchange(self, batch=500):
        """Look at the orders whose day has come; running it again changes nothing (G2.1, G2.2)."""
        crons = self.env["ir.cron"]
        # sudo: each company's days are its own
        companies = self.env["res.company"].sudo().search([])
        today = {company: self._service_day(None, company) for company in companies}
        domain = Domain.OR(
            Domain("company_id", "=", company.id) & Domain("exchange_look_on", "<=", day)
            for company, day in today.items()
        )
        while True:
            found = self.search(domain, limit=batch, order="exchange_look_on, id")
            locked = found.try_lock_for_update(allow_referencing=True)
            locked._look_at_exchange(today)
            more = bool(locked) and len(found) == batch
            if not crons._commit_progress(len(locked), remaining=int(more)) or not more:
                return

    def _look_at_exchange(self, today=None):
        """Decide anew; what can be decided no more (cancelled, no machine yet) rests."""
        self._decide_exchange(today)
        idle = self.filtered(
            lambda o: o.service_state == order_flow.CANCELLED
            or (not o.lot_id and o.exchange_look_on)
        )
        idle.write({"exchange_look_on": False})

    @api.model
    def _touch_exchange(self, domain=()):
        """Have all open repairs looked at again: law, calendar or seasons have changed."""
        # sudo: the law holds for the repairs of everybody
        open_repairs = self.sudo().search(
            Domain("service_state", "in", order_flow.OPEN)
            & Domain("service_kind", "=", "repair")
            & Domain("repaired_at", "=", False)
            & Domain(domain)
        )
        for company, orders in open_repairs.grouped("company_id").items():
            orders.write({"exchange_look_on": self._service_day(None, company)})

    # -- when it is looked at --------------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if {"lot_id", "handed_over_at", "region_id", "crop"} & set(vals):
            self.filtered(lambda o: o.service_state in order_flow.OPEN)._decide_exchange()
        return result

    def action_finish(self, at=None):
        result = super().action_finish(at=at)
        # sudo: waits and events follow the step
        orders = self.sudo()
        for moment, group in orders.grouped("repaired_at").items():
            group.wait_ids.filtered(lambda w: not w.date_end)._close(moment)
            self.env["jinxing.fault.event"]._note(
                group.fault_ids, exchange_facts.REPAIRED, moment
            )
            group.fault_ids._sync_trial(moment)
        orders._decide_exchange()
        return result

    def action_resume(self, reason=None):
        moments = {order.id: order.repaired_at for order in self}
        result = super().action_resume(reason=reason)
        if self._reason(reason):
            # sudo: as above
            for order in self.sudo():
                faults = order.fault_ids
                failed = faults.filtered(lambda f: f.quality_after == "not_ok")
                moment = moments[order.id]
                known = faults.event_ids.filtered(
                    lambda e, moment=moment: e.what == exchange_facts.TRIAL_FAILED
                    and e.at >= moment
                ).fault_id
                self.env["jinxing.fault.event"]._note(
                    (failed or faults) - known,
                    exchange_facts.TRIAL_FAILED,
                    fields.Datetime.now(),
                )
                # The quality after this repair is to be found anew (G1.2).
                faults._store({"quality_after": False})
            self._decide_exchange()
        return result

    def action_sign(self, signature=None, signed_by=None, at=None):
        result = super().action_sign(signature=signature, signed_by=signed_by, at=at)
        if result is True:  # not the form that asks for the signature
            # sudo: the card keeps the days, whoever signs
            self.sudo()._record_downtime()
        return result

    def action_cancel_order(self, reason=None):
        result = super().action_cancel_order(reason=reason)
        # sudo: waits and rights follow the step
        cancelled = self.sudo().filtered(lambda o: o.service_state == order_flow.CANCELLED)
        cancelled.wait_ids.filtered(lambda w: not w.date_end)._close(fields.Datetime.now())
        rights = cancelled.exchange_right_ids.filtered(lambda r: r.state == "open")
        rights._lapse(self.env._("The dispatch order was cancelled."))
        return result

    # -- downtime (L-down) -----------------------------------------------------------------------

    def _record_downtime(self):
        """Note on the card the days of a warranty repair, from handing in to the signature."""
        vals_list = []
        for order in self:
            if not order.card_id or not any(order.fault_ids.mapped("in_cover")):
                continue
            company = order.company_id
            vals_list.append(
                {
                    "card_id": order.card_id.id,
                    "date_from": self._service_day(order.handed_over_at, company),
                    "date_to": self._service_day(order.signed_at, company),
                    "reason": self.env._("Warranty repair %(order)s", order=order.name),
                    "source": order.name,
                }
            )
        self.env["jinxing.warranty.downtime"].create(vals_list)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _work_calendar(self):
        """Return the company's working days for L-30wd: its calendar and public holidays.

        A public time off of kind "Other" on a day of rest is a day worked instead (调休).
        """
        self.ensure_one()
        # sudo: on which days is worked is asked on behalf of the rule
        calendar = self.sudo().resource_calendar_id
        worked = {int(day) for day in calendar.attendance_ids.mapped("dayofweek")}
        days = {"leave": set(), "other": set()}
        zone = ZoneInfo(self.env["jinxing.policy.parameter"]._service_tz(self))
        for leave in self._public_leaves(calendar):
            first = leave.date_from.replace(tzinfo=UTC).astimezone(zone)
            last = (leave.date_to.replace(tzinfo=UTC) - timedelta(seconds=1)).astimezone(zone)
            days[leave.time_type or "leave"].update(
                first.date() + timedelta(days=n)
                for n in range((last.date() - first.date()).days + 1)
            )
        weekend = frozenset(range(7)) - worked if worked else exchange_facts.WEEKEND
        return WorkCalendar(frozenset(days["leave"]), frozenset(days["other"]), weekend)


    def _public_leaves(self, calendar):
        """Return the public holidays of a calendar, and those of all calendars."""
        # sudo: as in _work_calendar
        return self.env["resource.calendar.leaves"].sudo().search_fetch(
            [
                ("resource_id", "=", False),
                ("calendar_id", "in", (calendar.id, False)),
                ("company_id", "in", (self.id, False)),
            ],
            ["date_from", "date_to", "time_type"],
        )


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._touch_exchange()
        return leaves

    def write(self, vals):
        self._touch_exchange()
        result = super().write(vals)
        self._touch_exchange()
        return result

    def unlink(self):
        self._touch_exchange()
        return super().unlink()

    def _touch_exchange(self):
        """Public holidays have changed: the law's working days are counted again (L-30wd)."""
        public = self.filtered(lambda leave: not leave.resource_id)
        if public:
            orders = self.env["repair.order"]
            orders._touch_exchange([("company_id", "in", public.company_id.ids)])


class JinxingClause(models.Model):
    _inherit = "jinxing.clause"

    def write(self, vals):
        result = super().write(vals)
        if "enabled" in vals:
            # What the law says counts for the repairs under way, too.
            self.env["repair.order"]._touch_exchange()
        return result


class JinxingLiability(models.Model):
    _inherit = "jinxing.liability"

    def _follow_diagnosis(self):
        result = super()._follow_diagnosis()
        # sudo: misuse takes away what rests on quality, whoever found it
        self.sudo().fault_id.order_id._decide_exchange()
        return result
