from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..rules import routing

#: What the answering of a contact sets, and nobody else.
_SYSTEM = frozenset(
    {"answered_at", "answered_by_id", "answer_late", "answer_deadline", "answer_missed_at"}
)
#: Where the routings of a transaction wait for its end.
_WAITING = "jinxing_contact_route"
_ROUTED_BY = frozenset({"kind", "category_id", "public_source"})


class HelpdeskTicket(models.Model):
    """Every contact is registered, routed and answered in time (O20, O21, M26)."""

    _inherit = "helpdesk.ticket"

    route_id = fields.Many2one(
        "jinxing.contact.route", "Routed by", readonly=True, copy=False, index="btree_not_null"
    )
    answer_deadline = fields.Datetime("Answer until", readonly=True, copy=False)
    answered_at = fields.Datetime("Answered", readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", "Answered by", readonly=True, copy=False)
    answer_late = fields.Boolean("Answered too late", readonly=True, copy=False)
    answer_missed_at = fields.Datetime("Missed", readonly=True, copy=False)
    answer_breach = fields.Boolean(
        "Answer overdue",
        compute="_compute_answer_breach",
        search="_search_answer_breach",
        help="Not answered in time (O21); it stays a fact.",
    )

    _unanswered_index = models.Index(
        "(answer_deadline) WHERE answered_at IS NULL AND closed_date IS NULL"
    )
    _unnoticed_index = models.Index(
        "(answer_deadline) WHERE answered_at IS NULL AND closed_date IS NULL"
        " AND answer_missed_at IS NULL"
    )
    _channel_index = models.Index("(channel_id, called_at)")

    @api.depends("answer_deadline", "answered_at", "answer_late", "closed_date")
    def _compute_answer_breach(self):
        now = fields.Datetime.now()
        for ticket in self:
            ticket.answer_breach = ticket.answer_late or bool(
                ticket.answer_deadline
                and not ticket.answered_at
                and not ticket.closed_date
                and ticket.answer_deadline < now
            )

    @api.model
    def _search_answer_breach(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("answer_late", "=", True) | (
            self._unanswered() & Domain("answer_deadline", "<", fields.Datetime.now())
        )
        return domain if True in value else ~domain

    @api.model
    def _unanswered(self):
        """Return the domain of contacts nobody has answered yet."""
        return Domain("answered_at", "=", False) & Domain("closed_date", "=", False)

    # -- routing (O21, C17) --------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        stages = {}
        routings = [self._route_vals(vals, stages) for vals in vals_list]
        tickets = super().create(vals_list)
        decisions = {
            ticket.id: routing_.decision
            for ticket, routing_ in zip(tickets, routings, strict=True)
            if routing_
        }
        tickets._decide_route(decisions)
        tickets.filtered("emergency")._notify_emergency()
        return tickets

    @api.model
    def _route_vals(self, vals, stages):
        """Give a new contact its department, urgency and deadline; return the routing taken.

        A department named by whoever registers it stays.

        :param stages: ``{team id: its first stage}`` as far as known, filled up here
        """
        if not self.env.su:
            for name in _SYSTEM & set(vals):
                del vals[name]
        context = self.env.context
        if "user_id" not in vals and not self.env.user.has_group("jinxing_base.group_clerk"):
            # The base puts whoever makes it in charge, be it a visitor of the web form.
            vals["user_id"] = False
        kind = vals.get("kind") or context.get("default_kind") or "repair"
        company = self.env["res.company"].browse(
            vals.get("company_id") or context.get("default_company_id") or self.env.company.id
        )
        if not vals.get("fault_description") and vals.get("description"):
            vals["fault_description"] = html2plaintext(vals["description"]).strip()
        found = self._route(
            kind,
            vals.get("category_id") or context.get("default_category_id"),
            bool(vals.get("emergency")),
            bool(vals.get("public_source")),
            company,
        )
        called = fields.Datetime.to_datetime(vals.get("called_at")) or fields.Datetime.now()
        vals["called_at"] = called  # the deadline runs from the very second that is stored
        vals["answer_deadline"] = routing.answer_deadline(called, found.answer_hours)
        vals["emergency"] = found.urgent
        given = vals.get("team_id") or context.get("default_team_id")
        if found.route and not given:
            vals["team_id"] = self.env["jinxing.contact.route"]._teams()[found.route.key]
            vals["route_id"] = found.route.key
            if kind != "complaint" and not vals.get("stage_id"):
                team_id = vals["team_id"]
                if team_id not in stages:
                    # sudo: stages are configuration
                    team = self.env["helpdesk.ticket.team"].sudo().browse(team_id)
                    stages[team_id] = team._get_applicable_stages()[:1].id
                vals["stage_id"] = stages[team_id]
            return found
        return None

    @api.model
    def _route(self, kind, category_id, emergency, public, company):
        policy = self.env["jinxing.policy.parameter"]
        # sudo: the name of a subject is no secret
        category = self.env["helpdesk.ticket.category"].sudo().browse(category_id or ())
        return routing.route(
            routing.Contact(
                kind, category.id or 0, category.name or "", emergency, public
            ),
            self.env["jinxing.contact.route"]._routes(company.id),
            policy._value("contact_answer_hours", company=company),
            policy._value("contact_answer_hours_urgent", company=company),
        )

    def write(self, vals):
        if not self.env.su and _SYSTEM & set(vals):
            vals = {name: value for name, value in vals.items() if name not in _SYSTEM}
        calm = self.browse()
        if vals.get("emergency") or vals.get("public_source"):
            calm = self.filtered(lambda ticket: not ticket.emergency)
        result = super().write(vals)
        if _ROUTED_BY & set(vals) and "team_id" not in vals:
            self._route_again()
        calm.filtered("emergency")._notify_emergency()
        return result

    @api.model
    def _decide_route(self, decisions):
        """Store why contacts go where they go, once, when the transaction ends."""
        if not decisions:
            return
        waiting = self.env.cr.precommit.data.setdefault(_WAITING, {})
        if not waiting:
            self.env.cr.precommit.add(self.browse()._store_routes)
        waiting.update(decisions)

    @api.model
    def _store_routes(self):
        decisions = self.env.cr.precommit.data.pop(_WAITING, {})
        tickets = self.browse(decisions).exists()
        tickets._record_decisions("contact_route", {key: decisions[key] for key in tickets.ids})

    def _route_again(self):
        """Route contacts anew whose kind or subject changed, unless somebody chose the team."""
        teams = self.env["jinxing.contact.route"]._teams()
        decisions = {}
        for ticket in self.filtered(lambda t: not t.closed_date):
            chosen = ticket.team_id and ticket.team_id.id != teams.get(ticket.route_id.id)
            found = ticket._route(
                ticket.kind,
                ticket.category_id.id,
                ticket.emergency,
                bool(ticket.public_source),
                ticket.company_id,
            )
            vals = {}
            if found.urgent and not ticket.emergency:
                vals["emergency"] = True
            if not ticket.answered_at:
                vals["answer_deadline"] = routing.answer_deadline(
                    ticket.called_at, found.answer_hours
                )
            if found.route and not chosen and ticket.route_id.id != found.route.key:
                vals.update(route_id=found.route.key, team_id=teams[found.route.key])
                decisions[ticket.id] = found.decision
            if vals:
                ticket._store_step(vals)
        self._decide_route(decisions)

    # -- urgent (O21, C17) ---------------------------------------------------------------------

    def _notify_emergency(self):
        """Tell the supervisors at once: an activity, a note on the screen, a message (O21)."""
        for company, tickets in self.grouped("company_id").items():
            users = tickets.with_company(company)._supervisors() - self.env.user
            users |= tickets.team_id.user_id
            if not users:
                continue
            summary = self.env._("Emergency: see to it at once (O21)")
            tickets._leave_activity(users, summary)
            for ticket in tickets:
                text = f"{ticket.number} {ticket.name}"
                users._bus_send(
                    "simple_notification",
                    {"type": "danger", "title": summary, "message": text, "sticky": True},
                )
                # sudo: whoever registers may not be allowed to write with them
                ticket.sudo().message_notify(
                    partner_ids=users.partner_id.ids, subject=f"{summary} {text}", body=text
                )

    # -- answering (O21, M26) ------------------------------------------------------------------

    def _mark_answered(self, at=None):
        """Note the first answer a contact got, and whether it came too late."""
        open_ones = self.filtered(lambda ticket: not ticket.answered_at)
        if not open_ones:
            return
        now = at or fields.Datetime.now()
        late = open_ones.filtered(lambda t: t.answer_deadline and t.answer_deadline < now)
        vals = {"answered_at": now, "answered_by_id": self.env.uid}
        # sudo: what answering sets is nobody's to edit
        late, in_time = late.sudo(), (open_ones - late).sudo()
        late._store_step({**vals, "answer_late": True})
        in_time._store_step(vals)

    def action_answered(self, note=None):
        """Note that the customer got his answer, by word of mouth (O21)."""
        self.check_access("write")
        self._mark_answered()
        if note:
            for ticket in self:
                ticket.message_post(body=note)
        return True

    def _message_post_after_hook(self, message, msg_vals):
        """A message of ours to the customer answers the contact."""
        if (
            message.message_type in ("comment", "email_outgoing")
            and message.subtype_id
            and not message.subtype_id.internal
            and message.author_id.user_ids.filtered(lambda user: not user.share)
        ):
            self._mark_answered()
        return super()._message_post_after_hook(message, msg_vals)

    def action_create_dispatch_order(self):
        """Making the dispatch order answers the call; its own clock runs from there (S8.2)."""
        result = super().action_create_dispatch_order()
        self._mark_answered()
        return result

    def _note_notice(self, topic, method, partner, address, note=None, message=None):
        notice = super()._note_notice(topic, method, partner, address, note, message)
        if topic != "penalty":
            self._mark_answered()
        return notice

    def _may_close_from_portal(self):
        """A complaint goes through its steps, the customer does not close it (C19)."""
        return not self.complaint_step and super()._may_close_from_portal()

    @api.model
    def _cron_unanswered(self, limit=200):
        """Tell who answers for the channel or the department of contacts nobody answered (M26).

        The cost follows what is newly overdue; run twice it changes nothing.
        """
        now = fields.Datetime.now()
        domain = (
            self._unanswered()
            & Domain("answer_deadline", "<", now)
            & Domain("answer_missed_at", "=", False)
        )
        missed = self.search(domain, limit=limit, order="answer_deadline").try_lock_for_update(
            allow_referencing=True
        )
        missed._store_step({"answer_missed_at": now})
        by_users = {}
        for ticket in missed:
            users = ticket.channel_id.manager_id | ticket.team_id.user_id | ticket.user_id
            users = users or ticket._supervisors()
            by_users[users] = by_users.get(users, self.browse()) | ticket
        for users, tickets in by_users.items():
            tickets._leave_activity(users, self.env._("Nobody has answered (O21)"))
        self.env["ir.cron"]._commit_progress(
            len(missed), remaining=self.search_count(domain, limit=limit)
        )

    @api.model
    def message_new(self, msg, custom_values=None):
        """Register a letter to the mailbox, known by its channel (O20)."""
        values = dict(custom_values or {})
        channel = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_email", raise_if_not_found=False
        )
        if channel and not values.get("channel_id"):
            values["channel_id"] = channel.id
        return super().message_new(msg, custom_values=values)

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for ticket in self.filtered("complaint_step"):
            ticket.access_url = f"/my/complaint/{ticket.id}"
        return result
