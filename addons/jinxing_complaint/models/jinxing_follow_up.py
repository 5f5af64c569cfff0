from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.jinxing_base.models.locking import take

from ..rules import follow_up

#: What only the follow-up's own steps set.
_SYSTEM = frozenset(
    {
        "state", "outcome", "satisfaction", "asked_for_money", "belongings_harmed",
        "site_not_cleared", "done_at", "done_by_id", "attempt", "made_ticket_id",
        "user_input_id", "decision_ids", "order_id", "ticket_id",
    }
)


class JinxingFollowUp(models.Model):
    """A call or visit after the work: is the customer satisfied, was he asked for favours?

    Planned by the system after closed orders and complaints (M27), with a questionnaire that
    asks what N10 and S8.7 forbid and whether the site was cleared (S8.8). Dissatisfaction, or
    an answer that says one of these happened, opens a contact.
    """

    _name = "jinxing.follow.up"
    _description = "Follow-up"
    _inherit = ["jinxing.decision.mixin"]
    _order = "planned_on, id"
    _rec_name = "partner_id"

    order_id = fields.Many2one("repair.order", "Dispatch order", readonly=True, index=True)
    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Complaint", readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one("res.partner", "Customer", index="btree_not_null")
    phone = fields.Char()
    technician_id = fields.Many2one("res.partner", index="btree_not_null")
    provider_id = fields.Many2one("res.partner", "Station", index="btree_not_null")
    product_id = fields.Many2one("product.product", "Model", index="btree_not_null")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    method = fields.Selection(
        [("phone", "Phone"), ("visit", "Visit")], required=True, default="phone"
    )
    planned_on = fields.Date("To be called on", required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users", "Caller", domain=[("share", "=", False)], index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("planned", "Planned"), ("done", "Done"), ("unreached", "Not reached"),
            ("refused", "Did not want to"),
        ],
        required=True,
        readonly=True,
        default="planned",
        copy=False,
    )
    attempt = fields.Integer("Calls made", readonly=True, copy=False)
    last_try = fields.Date("Last call", readonly=True, copy=False)
    survey_id = fields.Many2one(
        "survey.survey", "Questionnaire", default=lambda self: self._default_survey_id()
    )
    user_input_id = fields.Many2one(
        "survey.user_input", "Answers", readonly=True, copy=False, index="btree_not_null"
    )
    satisfaction = fields.Integer(readonly=True, copy=False, aggregator="avg")
    asked_for_money = fields.Boolean(
        "Asked for meals or money", readonly=True, copy=False, help="N10 forbids it."
    )
    belongings_harmed = fields.Boolean(
        "Belongings taken or damaged", readonly=True, copy=False, help="S8.7 forbids it."
    )
    site_not_cleared = fields.Boolean(
        "Site not cleared", readonly=True, copy=False, help="S8.8 asks for a cleared work site."
    )
    outcome = fields.Selection(
        [
            ("satisfied", "Satisfied"), ("dissatisfied", "Dissatisfied"),
            ("conduct", "Conduct to be looked into"),
        ],
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    note = fields.Text("What the customer said")
    done_at = fields.Datetime("Called on", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Called by", readonly=True, copy=False)
    made_ticket_id = fields.Many2one(
        "helpdesk.ticket", "Contact opened", readonly=True, copy=False, index="btree_not_null"
    )

    _one_per_order = models.UniqueIndex(
        "(order_id) WHERE order_id IS NOT NULL", "This order is followed up already."
    )
    _one_per_complaint = models.UniqueIndex(
        "(ticket_id) WHERE ticket_id IS NOT NULL", "This complaint is followed up already."
    )
    _satisfaction_sane = models.Constraint(
        "CHECK(satisfaction IS NULL OR satisfaction BETWEEN 0 AND 5)",
        "Satisfaction goes from 1 to 5.",
    )
    _done_complete = models.Constraint(
        "CHECK(state != 'done' OR (outcome IS NOT NULL AND done_at IS NOT NULL))",
        "A follow-up that is done has an outcome.",
    )
    _call_list_index = models.Index("(planned_on, id) WHERE state = 'planned'")

    @api.model
    def _default_survey_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "jinxing_complaint.survey_follow_up", raise_if_not_found=False
        )

    # -- create, write, delete -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get(n) for vals in vals_list for n in _SYSTEM - {"state"}):
            raise UserError(self._message())
        if not self.env.su and any(vals.get("state", "planned") != "planned" for vals in vals_list):
            raise UserError(self._message())
        return super().create(vals_list)

    def write(self, vals):
        if _SYSTEM & set(vals) and not self.env.su:
            raise UserError(self._message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned_by_hand(self):
        if self.filtered(lambda f: f.order_id or f.ticket_id or f.state != "planned"):
            raise UserError(self.env._("A follow-up that was planned or made stays (M27)."))

    def _message(self):
        return self.env._("A follow-up is answered by its questionnaire, not by editing (M27).")

    # -- planning (M27) --------------------------------------------------------------------------

    @api.model
    def _policy(self, key, company):
        return self.env["jinxing.policy.parameter"]._value(key, company=company)

    @api.model
    def _plan(self, cases):
        """Plan the follow-ups of closed orders or complaints, and store why or why not (M27).

        An order is planned for once; a complaint may be closed again.

        :param cases: ``(record, rules.follow_up.Case, values)`` of one model
        """
        decisions, vals_list = {}, []
        for record, case, values in cases:
            company = record.company_id
            decision = follow_up.plan(
                case,
                self._policy("follow_up_share", company),
                self._policy("follow_up_delay_days", company),
            )
            decisions[record.id] = decision
            if decision.outcome == follow_up.PLANNED:
                vals_list.append({**values, "planned_on": decision.until})
        if decisions:
            records = cases[0][0].browse(decisions)
            records._record_decisions(
                "follow_up", decisions, first=records._name == "repair.order"
            )
        # sudo: planned by the system, whoever closed the case
        return self.sudo().create(vals_list)

    # -- calling -----------------------------------------------------------------------------------

    def _ensure_planned(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_clerk")):
            raise AccessError(self.env._("Only the clerks call the customers."))
        take(self, "state")
        if self.filtered(lambda f: f.state != "planned"):
            raise UserError(self.env._("This follow-up is over."))

    def action_call(self):
        """Open the questionnaire of this call (M27)."""
        self.ensure_one()
        self._ensure_planned()
        if not self.survey_id:
            raise UserError(self.env._("Choose a questionnaire first."))
        # sudo: who calls need not be allowed to manage surveys
        call = self.sudo()
        answers = call.user_input_id
        if not answers or answers.state == "done":
            answers = call.survey_id._create_answer(
                partner=self.partner_id, email=self.partner_id.email, check_attempts=False
            )
            call.write({"user_input_id": answers.id})
        return {
            "type": "ir.actions.act_url",
            "url": f"{answers.survey_id.get_start_url()}?answer_token={answers.access_token}",
            "target": "new",
        }

    def action_not_reached(self):
        """Note that nobody answered; he is called again, up to a number of times (M27)."""
        self._ensure_planned()
        today = fields.Date.context_today(self)
        for call in self:
            attempt = call.attempt + 1
            again = follow_up.recall_on(
                attempt,
                today,
                self._policy("follow_up_attempts", call.company_id),
                self._policy("follow_up_pause_days", call.company_id),
            )
            vals = {"attempt": attempt, "last_try": today}
            vals.update({"planned_on": again} if again else {"state": "unreached"})
            # sudo: what the steps set is nobody's to edit
            call.sudo().write(vals)
        return True

    def action_refused(self):
        """Note that the customer does not want to answer."""
        self._ensure_planned()
        # sudo: as above
        self.sudo().write(
            {"state": "refused", "done_at": fields.Datetime.now(), "done_by_id": self.env.uid}
        )
        return True

    def action_answer(
        self, satisfaction, asked_for_money=False, note=None, belongings_harmed=False,
        site_not_cleared=False,
    ):
        """Take the customer's answers; what they demand is opened at once (M27, N10, S8.7, S8.8).

        :param satisfaction: 1 to 5, or None if he did not say
        """
        self.ensure_one()
        self._ensure_planned()
        try:
            decision = follow_up.judge(
                follow_up.Answers(
                    satisfaction or None,
                    bool(asked_for_money),
                    bool(belongings_harmed),
                    bool(site_not_cleared),
                ),
                self._policy("follow_up_dissatisfied", self.company_id),
            )
        except ValueError as error:
            raise UserError(self.env._("Satisfaction goes from 1 to 5.")) from error
        self._record_decisions("follow_up_result", {self.id: decision})
        vals = {
            "state": "done",
            "attempt": self.attempt + 1,
            "satisfaction": satisfaction or 0,
            "asked_for_money": bool(asked_for_money),
            "belongings_harmed": bool(belongings_harmed),
            "site_not_cleared": bool(site_not_cleared),
            "outcome": decision.outcome,
            "done_at": fields.Datetime.now(),
            "done_by_id": self.env.uid,
        }
        if note:
            vals["note"] = note
        # sudo: the outcome follows from the answers
        self.sudo().write(vals)
        if decision.outcome != follow_up.SATISFIED:
            self._open_contact(decision)
        return True

    def _findings(self):
        """Return what the answers say of the work: ``(title, subject, norm broken)`` each.

        The gravest comes first; the norm is that of a conduct incident, if it is one.
        """
        self.ensure_one()
        ref = self.env.ref
        found = []
        if self.asked_for_money:
            found.append(
                (
                    self.env._("Follow-up: asked for meals or money (N10)"),
                    ref("jinxing_complaint.category_gifts"),
                    ref("jinxing_base.clause_n10"),
                )
            )
        if self.belongings_harmed:
            found.append(
                (
                    self.env._("Follow-up: belongings taken or damaged (S8.7)"),
                    ref("jinxing_complaint.category_belongings"),
                    ref("jinxing_base.clause_s8_7"),
                )
            )
        nothing = self.env["jinxing.clause"]
        if self.site_not_cleared:
            found.append(
                (
                    self.env._("Follow-up: work site not cleared (S8.8)"),
                    ref("jinxing_complaint.category_site"),
                    nothing,
                )
            )
        return found or [
            (
                self.env._("Follow-up: dissatisfied (M27)"),
                ref("jinxing_complaint.category_repair"),
                nothing,
            )
        ]

    def _open_contact(self, decision):
        """Open what a dissatisfied customer, or one who was treated ill, is owed.

        One contact holds all he said; each norm of conduct broken is an incident of its own.
        """
        conduct = decision.outcome == follow_up.CONDUCT
        found = self._findings()
        titles = [title for title, _category, _clause in found]
        said = (self.note or "").strip()
        # sudo: opened by the system, whoever called
        ticket = self.env["helpdesk.ticket"].sudo().create(
            {
                "kind": "complaint",
                "name": titles[0],
                "partner_id": self.partner_id.id,
                "caller_phone": self.phone,
                "lot_id": self.order_id.lot_id.id,
                "order_id": self.order_id.id,
                "technician_id": self.technician_id.id if conduct else False,
                "category_id": found[0][1].id,
                "fault_description": "\n".join(filter(None, (*titles, said))),
                "company_id": self.company_id.id,
                "user_id": False,
            }
        )
        # sudo: what follows from the answers is recorded, whoever made the call
        self.sudo().made_ticket_id = ticket
        if not self.technician_id:
            return
        # sudo: as above
        self.env["jinxing.conduct"].sudo().create(
            [
                {
                    "kind": "incident",
                    "partner_id": self.technician_id.id,
                    "clause_id": clause.id,
                    "description": said or title,
                    "ticket_id": ticket.id,
                    "order_id": self.order_id.id,
                    "company_id": self.company_id.id,
                }
                for title, _category, clause in found
                if clause
            ]
        )

    def _take_survey(self):
        """Take the answers of questionnaires that have been filled in."""
        for call in self:
            lines = call.user_input_id.user_input_line_ids
            value = {
                line.question_id.follow_up_role: line.suggested_answer_id.follow_up_value
                for line in lines
                if line.question_id.follow_up_role
            }
            words = [line.value_text_box or line.value_char_box or "" for line in lines]
            answers = [value.get(role) for role in ("satisfaction", "n10", "s8_7", "s8_8")]
            if any(answers):
                satisfaction, asked, harmed, not_cleared = answers
                call.action_answer(
                    satisfaction,
                    bool(asked),
                    note="\n".join(filter(None, words)),
                    belongings_harmed=bool(harmed),
                    site_not_cleared=bool(not_cleared),
                )

    @api.model
    def _cron_plan(self, limit=500):
        """Plan what was closed and not yet considered; run twice it changes nothing (M27)."""
        orders = self.env["repair.order"]
        domain = Domain("service_state", "=", "closed") & Domain("follow_up_at", "=", False)
        reach = {
            company: timedelta(days=self._policy("follow_up_reach_days", company))
            for company in self.env["res.company"].search([])
        }
        domain &= Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("closed_at", ">", fields.Datetime.now() - days)
            for company, days in reach.items()
        )
        found = orders.search(domain, limit=limit, order="closed_at").try_lock_for_update(
            allow_referencing=True
        )
        found._plan_follow_up()
        self.env["ir.cron"]._commit_progress(
            len(found), remaining=orders.search_count(domain, limit=limit)
        )
