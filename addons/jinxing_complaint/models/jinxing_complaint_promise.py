from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..rules import complaint

#: What the promise's own button sets.
_SYSTEM = frozenset({"done_at", "done_by_id", "breached_at"})


class JinxingComplaintPromise(models.Model):
    """A line of the timetable promised to the customer: who does what until when (C19.3)."""

    _name = "jinxing.complaint.promise"
    _description = "Promise to a Complaining Customer"
    _order = "deadline, id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    name = fields.Char("What", required=True)
    side = fields.Selection(
        [("company", "We"), ("customer", "The customer")],
        "Whose duty",
        required=True,
        default="company",
    )
    user_id = fields.Many2one(
        "res.users",
        "In charge",
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    deadline = fields.Datetime("Until", required=True)
    done_at = fields.Datetime("Done on", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True, copy=False)
    done_note = fields.Char("Result", readonly=True, copy=False)
    breached_at = fields.Datetime(
        "Missed", readonly=True, copy=False, help="Noticed by the watch; it stays a fact."
    )
    breach = fields.Boolean(
        "Promise broken", compute="_compute_breach", search="_search_breach"
    )

    _done_complete = models.Constraint(
        "CHECK((done_at IS NULL) = (done_by_id IS NULL))", "Who has done it?"
    )
    _open_index = models.Index("(deadline) WHERE done_at IS NULL")
    _unnoticed_index = models.Index("(deadline) WHERE done_at IS NULL AND breached_at IS NULL")

    @api.depends("deadline", "done_at")
    def _compute_breach(self):
        now = fields.Datetime.now()
        for promise in self:
            promise.breach = bool(promise.deadline) and complaint.is_broken(
                promise.deadline, promise.done_at, now
            )

    @api.model
    def _search_breach(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("breached_at", "!=", False)
        late |= Domain("done_at", "=", False) & Domain("deadline", "<", fields.Datetime.now())
        return late if True in value else ~late

    @api.constrains("side", "user_id")
    def _check_in_charge(self):
        if self.filtered(lambda p: p.side == "company" and not p.user_id):
            raise ValidationError(self.env._("Who of us keeps this promise?"))

    @api.model_create_multi
    def create(self, vals_list):
        if any(_SYSTEM & set(vals) for vals in vals_list) and not self.env.su:
            raise UserError(self.env._("A promise is kept by its button, not by editing."))
        promises = super().create(vals_list)
        promises._ensure_open()
        now = fields.Datetime.now()
        past = promises.filtered(lambda p: p.deadline < now)
        if past:
            raise ValidationError(
                self.env._(
                    "A promise lies in the future: %(names)s",
                    names=", ".join(past.mapped("name")),
                )
            )
        return promises

    def write(self, vals):
        if _SYSTEM & set(vals) and not self.env.su:
            raise UserError(self.env._("A promise is kept by its button, not by editing."))
        if set(vals) - {"user_id"}:
            self._ensure_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._ensure_open()

    def _ensure_open(self):
        """Refuse changes to a timetable the customer was told (C19.3)."""
        told = self.ticket_id.filtered(
            lambda t: not t.complaint_step
            or complaint.has_passed(t.complaint_step, complaint.PROMISE)
        )
        if told:
            raise UserError(
                self.env._(
                    "%(names)s: the customer was told this timetable, it is not changed (C19.3).",
                    names=", ".join(told.mapped("number")),
                )
            )

    def _store(self, vals):
        """Write without the guards of :meth:`write`; for the button and the watch only."""
        return super().write(vals)

    def action_done(self, note=None):
        """Record that a promise was kept, now; done late it stays broken (C19.3)."""
        self.check_access("write")
        early = self.filtered(
            lambda p: not complaint.has_passed(p.ticket_id.complaint_step, complaint.PROMISE)
        )
        if early:
            raise UserError(self.env._("The timetable has not been promised yet (C19.3)."))
        done = self.filtered("done_at")
        if done:
            raise UserError(
                self.env._("Done already: %(names)s", names=", ".join(done.mapped("name")))
            )
        now = fields.Datetime.now()
        late = self.filtered(lambda p: p.deadline < now and not p.breached_at)
        late._store({"breached_at": now})
        # sudo: what the buttons set is nobody's to edit
        self.sudo()._store(
            {"done_at": now, "done_by_id": self.env.uid, "done_note": (note or "").strip()}
        )
        return True

    @api.model
    def _cron_watch(self, limit=200):
        """Mark promises that have been missed and tell who is in charge and the supervisors.

        The cost follows what is newly missed; run twice it changes nothing.
        """
        now = fields.Datetime.now()
        domain = [
            ("done_at", "=", False), ("breached_at", "=", False), ("deadline", "<", now),
            ("ticket_id.complaint_step", "not in", (*complaint.ENDS, "record", "judge", "promise")),
        ]
        missed = self.search(domain, limit=limit).try_lock_for_update(allow_referencing=True)
        missed._store({"breached_at": now})
        missed._tell_missed()
        self.env["ir.cron"]._commit_progress(
            len(missed), remaining=self.search_count(domain, limit=limit)
        )

    def _tell_missed(self):
        """Leave an activity with who is in charge of a missed promise, or the ticket's owner."""
        vals = []
        model_id = self.env["ir.model"]._get_id("helpdesk.ticket")
        kind = self.env.ref("mail.mail_activity_data_todo")
        today = fields.Date.context_today(self)
        for promise in self:
            ticket = promise.ticket_id
            users = promise.user_id | ticket.user_id or ticket._supervisors()
            vals += [
                {
                    "res_model_id": model_id,
                    "res_id": ticket.id,
                    "activity_type_id": kind.id,
                    "user_id": user.id,
                    "date_deadline": today,
                    "summary": self.env._(
                        "Promise missed (C19.3): %(what)s", what=promise.name
                    ),
                }
                for user in users
            ]
        self.env["mail.activity"].create(vals)
