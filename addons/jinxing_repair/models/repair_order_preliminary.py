from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..rules import order_flow, preliminary
from .jinxing_repair_preliminary import MAX_HOURS

#: What only the assessment and its clock set on an order.
_SYSTEM = frozenset(
    {
        "preliminary_deadline", "preliminary_at", "preliminary_late", "preliminary_notified_at",
        "preliminary_id", "preliminary_ids", "solved_at",
    }
)
#: What a person may say of a fault nobody has seen yet; the rest follows.
SAID = frozenset(
    {
        "category_id", "component_id", "severity", "way", "hours", "advice", "parts", "visit_at",
        "note", "solved",
    }
)
_MAX_PARTS = 50
_MAX_TEXT = 2000


class RepairOrder(models.Model):
    """The preliminary assessment of an approved order, and its clock (S8.2)."""

    _inherit = "repair.order"

    preliminary_ids = fields.One2many(
        "jinxing.repair.preliminary", "order_id", "Preliminary assessments", readonly=True
    )
    preliminary_id = fields.Many2one(
        "jinxing.repair.preliminary",
        "Preliminary assessment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The latest that a person has made; it counts.",
    )
    preliminary_deadline = fields.Datetime("Assess until", readonly=True, copy=False)
    preliminary_at = fields.Datetime("Assessed", readonly=True, copy=False)
    preliminary_late = fields.Boolean("Assessed too late", readonly=True, copy=False)
    preliminary_notified_at = fields.Datetime(
        "Missed assessment told", readonly=True, copy=False
    )
    preliminary_breach = fields.Boolean(
        "Assessment breached",
        compute="_compute_preliminary_breach",
        search="_search_preliminary_breach",
        help="The fault was not assessed in time (S8.2).",
    )
    can_assess = fields.Boolean("Can be assessed", compute="_compute_can_assess")
    solved_at = fields.Datetime(
        "Solved on the phone",
        readonly=True,
        copy=False,
        help="Advice solved it; the supervisor confirms that nobody need go there.",
    )

    _due_preliminary_index = models.Index(
        "(preliminary_deadline) WHERE preliminary_at IS NULL AND preliminary_notified_at IS NULL"
        " AND state = 'confirmed'"
    )
    _open_preliminary_index = models.Index(
        "(preliminary_deadline) WHERE preliminary_at IS NULL AND preliminary_deadline IS NOT NULL"
        " AND service_state IN ('approved', 'assigned', 'accepted', 'contacted')"
    )
    _late_preliminary_index = models.Index("(id) WHERE preliminary_late IS TRUE")
    _model_history_index = models.Index(
        "(product_id, company_id, closed_at DESC) WHERE service_state = 'closed'"
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | _SYSTEM

    # -- the clock (S8.2) ------------------------------------------------------------------------

    @api.depends("preliminary_deadline", "preliminary_at", "preliminary_late", "service_state")
    def _compute_preliminary_breach(self):
        now = fields.Datetime.now()
        for order in self:
            order.preliminary_breach = order.preliminary_late or bool(
                order.service_state in order_flow.BEFORE_ARRIVAL
                and not order.preliminary_at
                and order.preliminary_deadline
                and order.preliminary_deadline < now
            )

    @api.model
    def _search_preliminary_breach(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = (
            Domain("preliminary_at", "=", False)
            & Domain("preliminary_deadline", "<", fields.Datetime.now())
            & Domain("service_state", "in", order_flow.BEFORE_ARRIVAL)
        )
        domain = overdue | Domain("preliminary_late", "=", True)
        return domain if True in value else ~domain

    @api.depends("service_state")
    def _compute_can_assess(self):
        for order in self:
            order.can_assess = order.service_state in order_flow.BEFORE_ARRIVAL

    @api.model
    def _preliminary_deadline(self, approved, company):
        """Return until when the fault must be assessed (S8.2).

        Its minutes are policy; they run in the same windows as those of the contact.
        """
        return self._minutes_from(approved, "preliminary_minutes", company)

    def _settle_calls(self, moment):
        """Keep as a fact what was missed, before nobody can make up for it any more (S8.2).

        Who has arrived neither calls nor assesses beforehand; a cancelled order needs neither.
        """
        for done, deadline, late, kind in (
            ("contacted_at", "contact_deadline", "contact_late", "contact"),
            ("preliminary_at", "preliminary_deadline", "preliminary_late", "preliminary"),
        ):
            missed = self.filtered(
                lambda o, done=done, deadline=deadline, late=late: o.service_kind
                and not o[done] and o[deadline] and o[deadline] < moment and not o[late]
            )
            if missed:
                # sudo: the clock's facts are nobody's to edit
                missed.sudo().write({late: True})
                missed._judge_clock(kind, moment)

    def action_arrive(self, latitude=None, longitude=None, at=None):
        result = super().action_arrive(latitude=latitude, longitude=longitude, at=at)
        for moment, orders in self.grouped("arrived_at").items():
            if moment:
                orders._settle_calls(moment)
        return result

    def action_cancel_order(self, reason=None):
        result = super().action_cancel_order(reason=reason)
        if self._reason(reason):
            self._settle_calls(fields.Datetime.now())
        return result

    # -- assessing (S8.2) ------------------------------------------------------------------------

    def action_assess_preliminary(self, values=None, at=None):
        """Record the preliminary assessment of these orders (S8.2).

        What ``values`` does not say is taken from the system's proposal of each order; the first
        assessment stops the clock, a later one takes its place.

        :param values: any of ``category_id``, ``component_id``, ``severity``, ``way``, ``hours``,
            ``advice``, ``parts`` (``[[product id, quantity], ...]``), ``visit_at``, ``note`` and
            ``solved`` (advice on the phone was enough; the customer was reached)
        :param at: when, if a phone without network tells it later
        :raises UserError: nothing is to be assessed, or a value is none
        """
        self._begin("worker")
        self.invalidate_recordset(
            ["preliminary_at", "contacted_at", "preliminary_id", "category_ids", "solved_at"]
        )
        over = self.filtered(lambda o: o.service_state not in order_flow.BEFORE_ARRIVAL)
        if over:
            raise UserError(
                self.env._(
                    "%(names)s: a preliminary assessment is made from the approval to the "
                    "arrival (S8.2).",
                    names=", ".join(over.mapped("name")),
                )
            )
        moment = self._common_moment(at, "approved_at")
        said = self._preliminary_said(values or {}, moment)
        proposals = self._preliminary_proposals()
        decisions = self._store_proposals(proposals)
        proposed = self._proposed_records(proposals)
        made = {order: {**proposed[order], **said} for order in self}
        self._ensure_assessed(made)
        self._create_assessments(made, proposed, decisions, moment)
        first = self.filtered(lambda o: not o.preliminary_at)
        late = first.filtered(
            lambda o: o.preliminary_deadline and moment > o.preliminary_deadline
        )
        for orders, is_late in ((first - late, False), (late, True)):
            if orders:
                # sudo: the clock's facts are nobody's to edit
                orders._quietly().write(
                    {"preliminary_at": moment, "preliminary_late": is_late}
                )
        first._judge_clock("preliminary")
        self._log_steps(
            "preliminary", {order.id: order.service_state for order in self}, at=moment
        )
        self._use_assessments(made)
        self._settle_solved(moment)
        return True

    def _preliminary_said(self, values, moment):
        """Return what a person says of the fault, checked value by value.

        :raises UserError: a value is none of the choices, or not what it should be
        """
        if not isinstance(values, dict) or set(values) - SAID:
            raise UserError(self.env._("This is no preliminary assessment."))
        said = {}
        missing = {
            "category_id": self.env._("Choose the kind of fault."),
            "component_id": self.env._("Choose the component."),
        }
        for name in missing:
            if name in values:
                record_id = values[name]
                # sudo: lists everybody of the service chooses from
                known = self.env[self.preliminary_ids._fields[name].comodel_name].sudo()
                found = known.browse()
                if type(record_id) is int:
                    found = known.search([("id", "=", record_id)])
                if not found and (record_id or name == "category_id"):
                    raise UserError(missing[name])
                said[name] = found.id
        records = self.env["jinxing.repair.preliminary"]
        for name in ("severity", "way"):
            if name in values:
                if values[name] not in dict(records._fields[name].selection):
                    raise UserError(self.env._("This is none of the choices."))
                said[name] = values[name]
        for name, limit in (("advice", _MAX_TEXT), ("note", 200)):
            if name in values:
                said[name] = self._onsite_text(values[name], limit)
        if "hours" in values:
            said["hours"] = self._onsite_number(values["hours"] or 0, 0, MAX_HOURS)
        if "parts" in values:
            said["part_ids"] = self._preliminary_parts_said(values["parts"])
        if "visit_at" in values:
            said["visit_at"] = self._preliminary_visit_said(values["visit_at"], moment)
        if "solved" in values:
            said["solved"] = bool(values["solved"])
        return said

    @api.model
    def _preliminary_visit_said(self, text, moment):
        """Return the time agreed for the visit, False without one; it follows the agreement."""
        visit = self._onsite_time(text)
        if visit and visit <= moment:
            raise UserError(self.env._("The time agreed for the visit lies in the past."))
        return visit or False

    def _preliminary_parts_said(self, lines):
        """Return ``[(product id, quantity)]``; each may be fitted on every machine (G1.2)."""
        if not isinstance(lines, list | tuple) or len(lines) > _MAX_PARTS:
            raise UserError(
                self.env._("To bring are up to %(number)s parts.", number=_MAX_PARTS)
            )
        quantities = {}
        for line in lines:
            product_id, quantity = line if isinstance(line, list | tuple) and len(line) == 2 else (
                None, None
            )
            if type(product_id) is not int:
                raise UserError(self.env._("Choose the part."))
            if product_id in quantities:
                raise UserError(self.env._("A part stands once in an assessment."))
            quantities[product_id] = self._onsite_number(quantity, 0.001, 9999)
        # sudo: a list to choose from
        parts = self.env["product.product"].sudo().search(
            [
                ("id", "in", list(quantities)),
                ("type", "=", "consu"),
                ("is_machine", "=", False),
                ("company_id", "in", [False, *self.company_id.ids]),
            ]
        )
        if len(parts) < len(quantities):
            raise UserError(
                self.env._("What was chosen does not exist any more. Choose again.")
            )
        # sudo: the model of the machine, whoever assesses
        for model in self.sudo().product_id.product_tmpl_id:
            foreign = parts.filtered(
                lambda part, model=model: model not in part.approved_model_ids
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(parts)s: not approved for %(model)s and not to be fitted (G1.2).",
                        parts=", ".join(foreign.mapped("display_name")),
                        model=model.display_name,
                    )
                )
        return list(quantities.items())

    def _ensure_assessed(self, made):
        """Refuse an assessment that leaves the kind of fault open, or solves what it cannot."""
        for order, vals in made.items():
            if not vals.get("category_id"):
                raise UserError(
                    self.env._("%(order)s: choose the kind of fault.", order=order.name)
                )
            if not vals.get("solved"):
                continue
            if vals["way"] != preliminary.PHONE:
                raise UserError(
                    self.env._(
                        "%(order)s: only advice by phone solves a fault on the phone.",
                        order=order.name,
                    )
                )
            if not order.contacted_at:
                raise UserError(
                    self.env._(
                        "%(order)s: it is solved on the phone once the customer was reached "
                        "(S8.2).",
                        order=order.name,
                    )
                )
            if not (vals.get("advice") or "").strip():
                raise UserError(
                    self.env._("%(order)s: what was the advice?", order=order.name)
                )
            # sudo: what was planned on it, whoever assesses
            if order.sudo().fault_ids or order.sudo().sale_order_id:
                raise UserError(
                    self.env._(
                        "%(order)s: work was begun or quoted on it; finish it as an order "
                        "(S8.9).",
                        order=order.name,
                    )
                )

    def _create_assessments(self, made, proposed, decisions, moment):
        """Write down what was assessed; the latest counts."""
        components = {
            # sudo: as in _preliminary_said
            order: self.env["jinxing.component"].sudo().browse(vals["component_id"] or [])
            for order, vals in made.items()
        }
        covers = self._expected_covers({order: one for order, one in components.items() if one})
        names = ("category_id", "component_id", "severity", "way", "hours", "part_ids")
        # sudo: assessments are written by this step alone
        records = self.env["jinxing.repair.preliminary"].sudo().create(
            [
                {
                    **vals,
                    "part_ids": [
                        Command.create({"product_id": part, "quantity": quantity})
                        for part, quantity in vals["part_ids"]
                    ],
                    "order_id": order.id,
                    "state": "confirmed",
                    "user_id": self.env.uid,
                    "date": moment,
                    "cover": covers[order.sudo()] or False,
                    "changed": any(
                        (sorted(vals[name]) != sorted(proposed[order][name]))
                        if name == "part_ids"
                        else vals[name] != proposed[order][name]
                        for name in names
                    ),
                    "decision_id": decisions[order].id,
                }
                for order, vals in made.items()
            ]
        )
        # sudo: as above
        for record, order in zip(records, self._quietly(), strict=True):
            order.preliminary_id = record

    def _use_assessments(self, made):
        """Let the rest of the order follow what was assessed.

        A kind of fault the registration did not name takes the place of those it did: the
        technicians are ranked by it. The visit agreed is the one that is planned.
        """
        changed, planned = {}, {}
        for order, vals in made.items():
            if vals["category_id"] not in order.category_ids.ids:
                changed.setdefault(vals["category_id"], self.browse())
                changed[vals["category_id"]] |= order
            if vals.get("visit_at"):
                planned.setdefault(vals["visit_at"], self.browse())
                planned[vals["visit_at"]] |= order
        for category, orders in changed.items():
            # sudo: follows from the assessment, whoever made it
            orders._quietly().write({"category_ids": [Command.set([category])]})
        for moment, orders in planned.items():
            # sudo: as above
            orders._quietly().write({"schedule_date": moment})

    # -- solved on the phone ---------------------------------------------------------------------

    def _settle_solved(self, moment):
        """Lay before the supervisor what was solved by advice; he ends it himself at once.

        Nobody has worked on the machine, so nothing is signed, handed in or assessed (N9, S8.9):
        the order is cancelled, with the advice as its reason, and by a supervisor alone.
        """
        solved = self.filtered(lambda o: o.preliminary_id.solved)
        stale = (self - solved).filtered("solved_at")
        if stale:
            # sudo: follows from the assessment, whoever made it
            stale._quietly().write({"solved_at": False})
        if not solved:
            return
        # sudo: as above
        solved._quietly().write({"solved_at": moment})
        # A phone speaks with the system's rights: whether he supervises is asked of the user.
        if self.env.user.has_group("jinxing_base.group_supervisor"):
            solved.action_confirm_solved()
            return
        for order in solved:
            order._tell_supervisor(
                self.env._("%(order)s: solved by advice on the phone?", order=order.name),
                # sudo: what was advised is told to the supervisor
                order.sudo().preliminary_id.advice,
            )

    def action_confirm_solved(self):
        """Cancel orders that advice on the phone has solved, with the advice as the reason."""
        self._ensure_role("supervisor")
        for order in self:
            if not order.solved_at:
                raise UserError(
                    self.env._("%(order)s: nobody said it was solved.", order=order.name)
                )
            order.action_cancel_order(
                reason=self.env._(
                    "Solved by advice on the phone: %(advice)s",
                    # sudo: the advice is the reason, whoever may read assessments
                    advice=order.sudo().preliminary_id.advice,
                )
            )
        return True

    def action_open_contact(self):
        """Open the form in which call and preliminary assessment are noted at once (S8.2)."""
        self.ensure_one()
        self._ensure_role("worker")
        return self.env["jinxing.repair.contact"]._open_for(self)


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _follow_orders(self, action):
        """Follow the orders as before; what advice has solved is done, not new again."""
        result = super()._follow_orders(action)
        if action != "cancel":
            return result
        # sudo: all orders of the contact count, whoever took the step
        orders = self.sudo().order_ids
        solved = self.filtered(
            lambda ticket: (mine := orders.filtered(lambda o: o.ticket_id == ticket))
            and not mine.filtered(lambda o: o.service_state in order_flow.OPEN)
            and mine.sorted("id")[-1:].solved_at
        )
        for team, tickets in solved.grouped("team_id").items():
            stage = self._stage_named("done", team)
            if stage:
                # sudo: the stage follows the order, whoever takes its step
                tickets.sudo().write({"stage_id": stage.id})
        return result
