from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.jinxing_base.models.locking import take

from ..rules import complaint

#: What only the steps of a countermeasure set.
_SYSTEM = frozenset(
    {
        "measure_state", "stage_id", "date_open", "date_closed", "done_on", "done_note",
        "effect_on", "effect_note", "effect_user_id", "reopen_count", "recurrence_ids",
        "decision_ids",
    }
)


class MgmtsystemAction(models.Model):
    """A countermeasure against the cause of a complaint (改善对策, C19.8).

    It is an action of the OCA's management system with a case behind it: an owner, a day it is
    due, a day its effect is checked, and it reopens when the same happens again.
    """

    _name = "mgmtsystem.action"
    _inherit = ["mgmtsystem.action", "jinxing.decision.mixin"]

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        "Complaint",
        readonly=False,
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
    cause_id = fields.Many2one(
        "jinxing.complaint.cause",
        "Against the cause",
        compute="_compute_pattern",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    component_id = fields.Many2one(
        "jinxing.component",
        compute="_compute_pattern",
        store=True,
        readonly=False,
        help="Empty: any.",
    )
    product_id = fields.Many2one(
        "product.product",
        "Model",
        domain=[("is_machine", "=", True)],
        help="Empty: any.",
    )
    measure_state = fields.Selection(
        [
            ("planned", "Planned"),
            ("running", "Under way"),
            ("done", "In place"),
            ("effective", "Effective"),
            ("reopened", "Reopened"),
        ],
        "State of the measure",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
    )
    done_on = fields.Date("In place since", readonly=True, copy=False)
    done_note = fields.Text("What was done", readonly=True, copy=False)
    effect_due = fields.Date("Effect checked on")
    effect_on = fields.Date("Checked on", readonly=True, copy=False)
    effect_note = fields.Text("What the check showed", readonly=True, copy=False)
    effect_user_id = fields.Many2one("res.users", "Checked by", readonly=True, copy=False)
    reopen_count = fields.Integer("Reopened so often", readonly=True, copy=False)
    recurrence_ids = fields.Many2many(
        "helpdesk.ticket",
        "jinxing_countermeasure_recurrence_rel",
        "action_id",
        "ticket_id",
        "Happened again in",
        readonly=True,
        copy=False,
    )
    overdue = fields.Boolean(compute="_compute_overdue", search="_search_overdue")

    _measure_has_case = models.Constraint(
        "CHECK((ticket_id IS NULL) = (measure_state IS NULL))",
        "A countermeasure belongs to a complaint.",
    )
    _check_after_due = models.Constraint(
        "CHECK(effect_due IS NULL OR date_deadline IS NULL OR effect_due > date_deadline)",
        "The effect is checked after the day the measure is due.",
    )
    _open_index = models.Index(
        "(date_deadline) WHERE measure_state IN ('planned', 'running', 'reopened')"
    )
    _check_index = models.Index("(effect_due) WHERE measure_state = 'done'")
    _pattern_index = models.Index("(cause_id) WHERE measure_state IN ('done', 'effective')")

    @api.depends("ticket_id.cause_id", "ticket_id.component_id")
    def _compute_pattern(self):
        for action in self:
            # sudo: what the measure is against is known to its owner
            ticket = action.ticket_id.sudo()
            action.cause_id = action.cause_id or ticket.cause_id
            action.component_id = action.component_id or ticket.component_id

    @api.depends("date_deadline", "effect_due", "measure_state")
    def _compute_overdue(self):
        today = fields.Date.context_today(self)
        for action in self:
            due = (
                action.effect_due if action.measure_state == "done" else action.date_deadline
            )
            action.overdue = bool(
                action.measure_state not in (False, "effective") and due and due < today
            )

    @api.model
    def _search_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domain = fields.Domain(
            [
                "|",
                "&",
                ("measure_state", "in", ("planned", "running", "reopened")),
                ("date_deadline", "<", today),
                "&",
                ("measure_state", "=", "done"),
                ("effect_due", "<", today),
            ]
        )
        return domain if True in value else ~domain

    @api.constrains("ticket_id", "company_id")
    def _check_ticket(self):
        for action in self.filtered("ticket_id"):
            # sudo: the constraint holds for whoever writes
            ticket = action.ticket_id.sudo()
            if not ticket.complaint_step:
                raise ValidationError(self.env._("Countermeasures answer complaints (C19.8)."))
            if ticket.company_id != action.company_id:
                raise ValidationError(self.env._("The complaint is another company's."))

    # -- create, write, delete -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_ticket_id")
        for vals in vals_list:
            if not self.env.su and any(vals.get(name) for name in _SYSTEM - {"stage_id"}):
                raise UserError(self._buttons_message())
            if vals.get("ticket_id", default):
                vals.pop("stage_id", None)
                vals["measure_state"] = "planned"
                vals.setdefault("type_action", "correction")
                ticket = self.env["helpdesk.ticket"].browse(vals.get("ticket_id", default))
                vals["company_id"] = ticket.company_id.id
        actions = super().create(vals_list)
        actions.filtered("ticket_id")._ensure_step()
        return actions

    def write(self, vals):
        measures = self.filtered("ticket_id")
        if "ticket_id" in vals and not self.env.su:
            raise UserError(self.env._("A countermeasure stays with its complaint."))
        if measures and ((_SYSTEM | {"active"}) & set(vals)):
            raise UserError(self._buttons_message())
        if measures and not self.env.su and set(vals) & {"date_deadline", "effect_due"}:
            measures._ensure_step()
        return super().write(vals)

    def _store(self, vals):
        """Write without the guards of :meth:`write`; for the steps only."""
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        self.filtered("ticket_id")._ensure_step()

    def _ensure_step(self):
        """Refuse to plan, move or drop countermeasures once step 8 has passed (C19.8)."""
        late = self.filtered(
            lambda a: complaint.has_passed(
                # sudo: the step of the complaint counts, whoever the owner is
                a.sudo().ticket_id.complaint_step,
                complaint.COUNTERMEASURE,
            )
        )
        if late:
            raise UserError(
                self.env._(
                    "%(names)s: the countermeasure is in force, its dates stay (C19.8).",
                    names=", ".join(late.mapped("name")),
                )
            )

    def _buttons_message(self):
        return self.env._("A countermeasure moves by its buttons (C19.8).")

    def send_mail_for_action(self, force_send=True):
        """Tell the owners of countermeasures by an activity, not by a letter each."""
        others = self.filtered(lambda action: not action.ticket_id)
        return super(MgmtsystemAction, others).send_mail_for_action(force_send=force_send)

    # -- the life of a countermeasure ------------------------------------------------------------

    def _stage_of(self, state):
        """Return the OCA's stage that shows a state."""
        name = {"planned": "stage_draft", "effective": "stage_close"}.get(state, "stage_open")
        return self.env.ref(f"mgmtsystem_action.{name}")

    def _move(self, state, vals=None):
        vals = {**(vals or {}), "measure_state": state, "stage_id": self._stage_of(state).id}
        fresh = self.filtered(lambda a: not a.date_open) if state != "planned" else self.browse()
        # sudo: the state is nobody's to edit
        fresh, others = fresh.sudo(), (self - fresh).sudo()
        fresh._store({**vals, "date_open": fields.Datetime.now()})
        others._store(vals)

    def _start(self):
        """Put planned measures into force and leave their owners an activity (C19.8)."""
        planned = self.filtered(lambda a: a.measure_state == "planned")
        planned._move("running")
        planned._ask_owner(self.env._("Countermeasure to be put in place (C19.8)"))

    def _ask_owner(self, summary, date_field="date_deadline"):
        model_id = self.env["ir.model"]._get_id(self._name)
        kind = self.env.ref("mail.mail_activity_data_todo")
        # sudo: the owner may be anybody of the house
        self.env["mail.activity"].sudo().create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": action.id,
                    "activity_type_id": kind.id,
                    "user_id": action.user_id.id,
                    "date_deadline": action[date_field] or fields.Date.context_today(action),
                    "summary": summary,
                    "note": Markup("<p>%s</p>") % action.name,
                }
                for action in self
            ]
        )

    def _ensure_owner_or(self, group):
        """Refuse who is neither the owner nor in the group."""
        self.check_access("read")
        user = self.env.user
        if self.env.su or user.has_group(f"jinxing_base.group_{group}"):
            return
        if any(action.user_id != user for action in self):
            raise AccessError(self.env._("Only the owner of the countermeasure may do this."))

    def action_measure_done(self, note=None):
        """Record that the measure is in place; from now on it can prove itself (C19.8)."""
        self._ensure_owner_or("supervisor")
        if not (note or "").strip():
            return self._open_measure_note("done", self.env._("In place"))
        self._ensure_measure_state(("running", "reopened"))
        today = fields.Date.context_today(self)
        self._move("done", {"done_on": today, "done_note": note.strip(), "effect_on": False})
        return True

    def action_measure_check(self, effective, note=None):
        """Check the effect: the measure holds, or it is reopened (C19.8).

        :raises AccessError: the owner himself, or somebody below a supervisor, checks
        :raises UserError: there is no note, or the measure is not in place
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor checks the effect."))
        if not (note or "").strip():
            raise UserError(self.env._("What did the check show?"))
        own = self.filtered(lambda a: a.user_id == self.env.user)
        if own and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(names)s: nobody checks the effect of his own measure.",
                    names=", ".join(own.mapped("name")),
                )
            )
        self._ensure_measure_state(("done",))
        facts = {
            "effect_on": fields.Date.context_today(self),
            "effect_note": note.strip(),
            "effect_user_id": self.env.uid,
        }
        if effective:
            self._move("effective", {**facts, "date_closed": fields.Datetime.now()})
        else:
            # sudo: as in _move
            self.sudo()._store(facts)
            self._reopen()
        return True

    def _ensure_measure_state(self, states):
        take(self, "measure_state")
        words = dict(self._fields["measure_state"]._description_selection(self.env))
        wrong = self.filtered(lambda a: a.measure_state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "%(name)s is “%(state)s”: this is not possible.",
                    name=wrong[0].name,
                    state=words.get(wrong[0].measure_state, "-"),
                )
            )

    def _reopen(self, tickets=None):
        """Take measures up again that did not do, and tell their owners (C19.8)."""
        for action in self:
            action._move(
                "reopened",
                {
                    "reopen_count": action.reopen_count + 1,
                    "date_closed": False,
                    "done_on": False,
                    "recurrence_ids": [(4, ticket.id) for ticket in tickets or ()],
                },
            )
        self._ask_owner(self.env._("Countermeasure reopened: it happened again (C19.8)"))

    def _open_measure_note(self, action, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "jinxing.countermeasure.note",
            "view_mode": "form",
            "target": "new",
            "context": {"default_action": action, "default_action_ids": self.ids},
        }

    def action_open_check(self):
        """Open the form that keeps what the check of the effect showed."""
        return self._open_measure_note("check", self.env._("Check the effect"))

    def _pattern(self):
        self.ensure_one()
        return complaint.Pattern(
            cause=self.cause_id.code or "",
            component=self.component_id.name or "",
            model=self.product_id.name or "",
        )


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _reopen_countermeasures(self):
        """Reopen the measures that these established complaints show to have failed (C19.8)."""
        # sudo: measures are judged by every case, whoever handles it
        cases = self.sudo().filtered("cause_id")
        if not cases:
            return
        # sudo: as above
        measures = self.env["mgmtsystem.action"].sudo().search(
            [
                ("measure_state", "in", ("done", "effective")),
                ("cause_id", "in", cases.cause_id.ids),
                ("company_id", "in", cases.company_id.ids),
            ]
        )
        for case in cases:
            happened = fields.Datetime.context_timestamp(case, case.called_at).date()
            pattern = complaint.Pattern(
                cause=case.cause_id.code,
                component=case.component_id.name or "",
                model=case.product_id.name or "",
            )
            decisions = {
                measure.id: complaint.recurrence(
                    complaint.Recurrence(
                        measure._pattern(), measure.done_on, pattern, case.number, happened
                    )
                )
                for measure in measures
                if measure.measure_state in ("done", "effective")
                and measure.company_id == case.company_id
                and case not in measure.recurrence_ids
                and measure.ticket_id != case
            }
            failed = {
                key: found for key, found in decisions.items()
                if found.outcome == complaint.REOPEN
            }
            hit = measures.browse(failed)
            if hit:
                hit._record_decisions("countermeasure", failed)
                hit._reopen(case)
