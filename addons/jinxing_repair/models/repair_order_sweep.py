from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime
from odoo.tools.translate import LazyTranslate

from ..rules.dispatch import judge_acceptance

_lt = LazyTranslate(__name__)
_SUMMARIES = {
    "contact": _lt("The customer was not called in time (S8.2)"),
    "preliminary": _lt("The fault was not assessed in time (S8.2)"),
    "arrival": _lt("Nobody was there in time (S8.11)"),
    "promise": _lt("A promise was broken (N5)"),
    "escalation": _lt("An escalation is not answered (N6)"),
    "offer": _lt("A provider did not accept in time (G3.1)"),
    "exchange_warning": _lt("A right to an exchange is about to arise"),
    "exchange_right": _lt("A right to a new part or an exchange has arisen"),
}
#: So many order numbers a message on the screen names.
_SHOWN = 8


class RepairOrder(models.Model):
    """Tells the supervisor what was missed. A breach is true without it; this only says so."""

    _inherit = "repair.order"

    # -- whom to tell ----------------------------------------------------------------------------

    @api.model
    def _supervisors(self, company):
        """Return the supervisors of a company, those who are nothing more first."""
        # sudo: who supervises is asked on behalf of the clock
        users = self.env["res.users"].sudo()
        group = self.env.ref("jinxing_base.group_supervisor")
        manager = self.env.ref("jinxing_base.group_manager")
        found = users.search(
            [("all_group_ids", "in", group.ids), ("company_ids", "in", company.ids)], order="id"
        )
        return found.sorted(lambda user: manager in user.all_group_ids)

    def _responsible_supervisor(self):
        """Return who approved the order, else the first supervisor of its company."""
        self.ensure_one()
        # sudo: as above
        approver = self.sudo().supervisor_id
        return approver if approver.active else self._supervisors(self.company_id)[:1]

    def _tell_supervisor(self, summary, note, activity="jinxing_repair.activity_breach"):
        """Give the supervisor an activity and a message on his screen at once."""
        self.ensure_one()
        supervisor = self._responsible_supervisor()
        if not supervisor:
            return
        # sudo: a technician or a provider may tell the supervisor without rights on activities
        order = self.sudo().with_context(mail_activity_quick_update=True)
        order.activity_schedule(
            activity, summary=summary, note=note, user_id=supervisor.id, automated=True
        )
        supervisor.partner_id._bus_send(
            "simple_notification",
            {"type": "warning", "sticky": True, "title": summary, "message": note},
        )

    def _close_activities(self, types, feedback):
        """Mark the supervisor's activities of these types as done."""
        self.activity_feedback(types, feedback=feedback)

    # -- what is due (S8.2, S8.11, N5, N6, G3.1) -------------------------------------------------

    @api.model
    def _find_due(self, now, limit):
        """Return ``[(kind, order id, record id)]`` of what was missed and not yet told.

        One query over partial indexes: its cost follows what is due, not what is open.
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT kind, order_id, res_id FROM (
                    (SELECT 'offer' AS kind, id AS order_id, id AS res_id, offer_deadline AS due
                       FROM repair_order
                      WHERE offer_deadline < %(now)s AND offer_deadline IS NOT NULL
                        AND service_state = 'assigned'
                      ORDER BY offer_deadline LIMIT %(limit)s)
                    UNION ALL
                    (SELECT 'contact', id, id, contact_deadline FROM repair_order
                      WHERE contact_deadline < %(now)s
                        AND contacted_at IS NULL AND contact_notified_at IS NULL
                        AND state IN ('confirmed', 'under_repair')
                      ORDER BY contact_deadline LIMIT %(limit)s)
                    UNION ALL
                    (SELECT 'preliminary', id, id, preliminary_deadline FROM repair_order
                      WHERE preliminary_deadline < %(now)s
                        AND preliminary_at IS NULL AND preliminary_notified_at IS NULL
                        AND state = 'confirmed'
                      ORDER BY preliminary_deadline LIMIT %(limit)s)
                    UNION ALL
                    (SELECT 'arrival', id, id, arrival_deadline FROM repair_order
                      WHERE arrival_deadline < %(now)s
                        AND arrived_at IS NULL AND arrival_notified_at IS NULL
                        AND state IN ('draft', 'confirmed')
                      ORDER BY arrival_deadline LIMIT %(limit)s)
                    UNION ALL
                    (SELECT 'promise', p.order_id, p.id, p.promise_at
                       FROM jinxing_repair_promise p
                       JOIN repair_order o ON o.id = p.order_id
                      WHERE p.promise_at < %(now)s AND p.done_at IS NULL
                        AND p.notified_at IS NULL AND p.replaced IS NOT TRUE
                        AND o.state IN ('draft', 'confirmed', 'under_repair')
                      ORDER BY p.promise_at LIMIT %(limit)s)
                    UNION ALL
                    (SELECT 'escalation', e.order_id, e.id, e.deadline
                       FROM jinxing_repair_escalation e
                       JOIN repair_order o ON o.id = e.order_id
                      WHERE e.deadline < %(now)s AND e.answered_at IS NULL
                        AND e.notified_at IS NULL
                        AND o.state IN ('draft', 'confirmed', 'under_repair')
                      ORDER BY e.deadline LIMIT %(limit)s)
                ) due ORDER BY due LIMIT %(limit)s
                """,
                now=now,
                limit=limit,
            )
        )

    @api.model
    def _cron_notify(self, batch=200):
        """Tell of what was missed, each once; take back what a provider did not accept.

        May be stopped and started again at any point: what was told is marked in the same
        transaction. Orders somebody works on at this moment are left to the next run.
        """
        crons = self.env["ir.cron"]
        while True:
            found = self._find_due(fields.Datetime.now(), batch)
            told = self._notify_due(found)
            # More may wait than one batch holds; how many is not worth a count.
            more = bool(told) and len(found) == batch
            if not crons._commit_progress(told, remaining=int(more)) or not more:
                return

    @api.model
    def _notify_due(self, found):
        """Tell of the findings of :meth:`_find_due`; return for how many orders it was done."""
        now = fields.Datetime.now()
        by_kind = defaultdict(list)
        for kind, order_id, res_id in found:
            by_kind[kind].append((order_id, res_id))
        wanted = self.browse({order_id for _kind, order_id, _res_id in found})
        locked = wanted.try_lock_for_update(allow_referencing=True)
        locked.invalidate_recordset()
        for kind, pairs in by_kind.items():
            ids = [res_id for order_id, res_id in pairs if order_id in locked._ids]
            if ids:
                getattr(self, f"_notify_{kind}")(ids, now)
        return len(locked)

    def _notify_contact(self, ids, now):
        orders = self.browse(ids).filtered(lambda o: not o.contacted_at)
        orders.write({"contact_notified_at": now})
        orders._judge_clock("contact", now)
        orders._notify("contact", {order: order.contact_deadline for order in orders})

    def _notify_preliminary(self, ids, now):
        orders = self.browse(ids).filtered(lambda o: not o.preliminary_at)
        orders.write({"preliminary_notified_at": now})
        orders._judge_clock("preliminary", now)
        orders._notify(
            "preliminary", {order: order.preliminary_deadline for order in orders}
        )

    def _notify_arrival(self, ids, now):
        orders = self.browse(ids).filtered(lambda o: not o.arrived_at)
        orders.write({"arrival_notified_at": now})
        orders._judge_clock("arrival", now)
        orders._judge_absence(now)
        orders._notify("arrival", {order: order.arrival_deadline for order in orders})

    def _notify_promise(self, ids, now):
        promises = self.env["jinxing.repair.promise"].browse(ids)
        promises = promises.filtered(lambda p: not p.done_at and not p.replaced)
        promises.write({"notified_at": now})
        promises._judge(now)
        promises.order_id._notify("promise", {p.order_id: p.promise_at for p in promises})

    def _notify_escalation(self, ids, now):
        escalations = self.env["jinxing.repair.escalation"].browse(ids)
        escalations = escalations.filtered(lambda e: not e.answered_at)
        escalations.write({"notified_at": now})
        escalations._judge(now)
        escalations.order_id._notify(
            "escalation", {e.order_id: e.deadline for e in escalations}
        )

    def _notify_offer(self, ids, now):
        """Take orders back from providers who did not answer in time (G3.1)."""
        orders = self.browse(ids).filtered(
            lambda o: o.service_state == "assigned" and o.offer_deadline and o.offer_deadline < now
        )
        deadlines = {order: order.offer_deadline for order in orders}
        orders._settle_arrival()
        orders._record_decisions(
            "acceptance",
            {
                order.id: judge_acceptance(
                    order.offer_deadline, now, assigned_at=order.assigned_at or None
                )
                for order in orders
            },
        )
        orders._take_step(
            "expire",
            {
                "technician_id": False,
                "provider_id": False,
                "accepted_at": False,
                "offer_deadline": False,
            },
        )
        orders._notify("offer", deadlines)

    def _notify(self, kind, notes):
        """Give the responsible supervisors an activity, all of them a message on the screen.

        The number of queries follows the number of supervisors, not of orders.

        :param notes: ``{order: moment missed, or what else there is to say}``
        """
        orders = self.filtered(lambda order: order in notes)
        for company, mine in orders.grouped("company_id").items():
            supervisors = self._supervisors(company)
            by_user = defaultdict(self.browse)
            for order in mine:
                approver = order.supervisor_id
                user = approver if approver.active else supervisors[:1]
                if user:
                    by_user[user] |= order
            for user, theirs in by_user.items():
                theirs._notify_user(kind, user, notes)
            for user in supervisors:
                mine._show_on_screen(kind, user)

    def _notify_user(self, kind, user, notes):
        reader = self.with_context(lang=user.lang or "zh_CN", tz=user.tz).env
        zone = user.tz or self._service_tz(self[:1].company_id)
        summary = reader._(_SUMMARIES[kind])
        activity_type = self.env.ref("jinxing_repair.activity_breach")
        model = self.env["ir.model"]._get(self._name)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model.id,
                    "res_id": order.id,
                    "activity_type_id": activity_type.id,
                    "summary": summary,
                    "note": notes[order]
                    if isinstance(notes[order], str)
                    else reader._(
                        "Due until %(deadline)s.",
                        deadline=format_datetime(reader, notes[order], tz=zone),
                    ),
                    "user_id": user.id,
                    "date_deadline": self._service_day(fields.Datetime.now(), order.company_id),
                    "automated": True,
                }
                for order in self
            ]
        )

    def _show_on_screen(self, kind, user):
        names = ", ".join(self[:_SHOWN].mapped("name"))
        reader = self.with_context(lang=user.lang or "zh_CN").env
        user.partner_id._bus_send(
            "simple_notification",
            {
                "type": "danger",
                "sticky": True,
                "title": reader._(_SUMMARIES[kind]),
                "message": names
                if len(self) <= _SHOWN
                else reader._("%(names)s and %(count)s more", names=names,
                              count=len(self) - _SHOWN),
            },
        )
