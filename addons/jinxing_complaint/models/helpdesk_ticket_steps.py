from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jinxing_base.models.locking import take

from ..rules import complaint

#: topic -> the letter to the customer
_TEMPLATES = {
    "explanation": "jinxing_complaint.mail_explanation",
    "promise": "jinxing_complaint.mail_promise",
    "proposal": "jinxing_complaint.mail_proposal",
    "result": "jinxing_complaint.mail_result",
}


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    # -- taking a step -------------------------------------------------------------------------

    def _ensure_may(self, action):
        """Refuse who has not the role that the action asks for.

        :raises AccessError: his role does not do this
        """
        self.check_access("write")
        wanted = complaint.ACTIONS[action].role
        if not complaint.at_least(self._complaint_role(), wanted):
            words = dict(
                self.env["jinxing.complaint.remedy"]._fields["role"]._description_selection(
                    self.env
                )
            )
            raise AccessError(
                self.env._("This step is taken by: %(role)s.", role=words[wanted])
            )

    def _lock_complaints(self):
        """Take the complaints for this transaction, so that one of two at once wins.

        :raises UserError: another has them at this moment
        """
        take(self, "complaint_step", "escalation")

    def _ensure_complaint_can(self, action, given=()):
        """Refuse a step that is not the complaints' turn or lacks an output.

        :param given: outputs handed in with the step, beside those the complaints show
        :raises UserError: names each complaint and what it lacks
        """
        steps = dict(self._fields["complaint_step"]._description_selection(self.env))
        names = dict(
            self.env["jinxing.complaint.log"]._fields["action"]._description_selection(self.env)
        )
        words = self._complaint_output_words()
        messages = []
        for ticket in self:
            step = ticket.complaint_step
            if not step or not complaint.allowed(action, step):
                messages.append(
                    self.env._(
                        "%(number)s is at “%(step)s”: “%(action)s” is not possible.",
                        number=ticket.number,
                        step=steps.get(step, ticket.kind),
                        action=names[action],
                    )
                )
                continue
            missing = complaint.missing_outputs(
                action, ticket._complaint_outputs() | set(given)
            )
            if missing:
                messages.append(
                    self.env._(
                        "%(number)s: “%(action)s” needs %(missing)s first (%(clause)s).",
                        number=ticket.number,
                        action=names[action],
                        missing=", ".join(words[item] for item in missing),
                        clause=complaint.ACTIONS[action].clause,
                    )
                )
        if messages:
            raise UserError("\n".join(messages))

    @api.model
    def _complaint_output_words(self):
        return {
            "customer": self.env._("the customer"),
            "contact": self.env._("a phone number or e-mail address of the customer"),
            "content": self.env._("what the customer complains about"),
            "subject": self.env._("the subject"),
            "nature": self.env._("the nature"),
            "judgement": self.env._("why it stands or does not"),
            "explanation": self.env._("the explanation for the customer"),
            "explanation_sent": self.env._("the explanation sent to the customer"),
            "company_duties": self.env._("what we are answerable for"),
            "customer_duties": self.env._("what the customer is to do"),
            "timetable": self.env._("a timetable with a date of ours"),
            "promise_sent": self.env._("duties and timetable told to the customer"),
            "departments": self.env._("the departments asked"),
            "findings": self.env._("what was found"),
            "cause": self.env._("the cause"),
            "evidence": self.env._("the evidence or what was checked"),
            "proposal": self.env._("the proposed solution"),
            "remedy": self.env._("how it is settled"),
            "authority": self.env._("the authority to decide it"),
            "escalated": self.env._("a proposal put before a superior"),
            "reason": self.env._("a reason"),
            "informed": self.env._("the proposal told to the customer"),
            "consent": self.env._("the customer's consent"),
            "liable": self.env._("a person and a department that answer for it"),
            "penalty": self.env._("a penalty proposed for each, or why there is none"),
            "notified": self.env._("the liable notified"),
            "countermeasure": self.env._("a countermeasure with owner and due date"),
            "effect_check": self.env._("a day on which its effect is checked"),
            "summary": self.env._("the summary and the lessons"),
            "satisfaction": self.env._("the customer's satisfaction"),
            "timetable_kept": self.env._("every promise of ours kept, be it late"),
            "file": self.env._("the archive file"),
        }

    def _complaint_outputs(self):
        """Return the outputs the complaint itself shows."""
        self.ensure_one()
        topics = self._topics_told()
        penalties = self.penalty_ids.filtered(lambda p: p.state != "rejected")
        measures = self.countermeasure_ids
        shown = {
            "customer": self.partner_id or (self.caller_name or "").strip(),
            "contact": self.caller_phone or self.partner_email or self.partner_id.phone
            or self.partner_id.email,
            "content": (self.fault_description or "").strip(),
            "subject": self.category_id,
            "nature": self.nature_id,
            "judgement": (self.judgement or "").strip(),
            "explanation": self._has_text(self.explanation),
            "explanation_sent": "explanation" in topics,
            "company_duties": (self.company_duties or "").strip(),
            "customer_duties": (self.customer_duties or "").strip(),
            "timetable": self.promise_ids.filtered(lambda p: p.side == "company"),
            "promise_sent": "promise" in topics,
            "departments": self.department_ids,
            "findings": (self.findings or "").strip(),
            "cause": self.cause_id,
            "evidence": self.evidence_ids or (self.evidence_note or "").strip(),
            "proposal": (self.proposal or "").strip(),
            "remedy": self.remedy_id,
            "escalated": self.escalation == "asked",
            "informed": "proposal" in topics,
            "liable": penalties and all(p._names_liable() for p in penalties),
            "penalty": penalties and all(p._has_proposal() for p in penalties),
            "countermeasure": measures
            and all(m.user_id and m.date_deadline for m in measures),
            "effect_check": measures and all(m.effect_due for m in measures),
            "summary": (self.summary or "").strip(),
            "satisfaction": self.satisfaction,
            "timetable_kept": all(
                p.done_at for p in self.promise_ids if p.side == "company"
            ),
        }
        return {name for name, there in shown.items() if there}

    @staticmethod
    def _has_text(html):
        return bool(Markup(html or "").striptags().strip())

    def _take_complaint_step(self, action, vals=None, given=(), reason=None):
        """Check, write and log one step for all the complaints; they are locked already.

        :param vals: written on every complaint beside the step
        :param given: outputs handed in with the step
        """
        self._ensure_complaint_can(action, given)
        before = {t.id: (t.complaint_step, t.step_since or t.create_date) for t in self}
        move = complaint.ACTIONS[action]
        vals = dict(vals or {})
        if move.target != move.source:
            now = fields.Datetime.now()
            stage_id = self.env["helpdesk.ticket.stage"]._step_ids()[move.target]
            vals |= {
                "complaint_step": move.target,
                "stage_id": stage_id,
                "step_since": now,
                "last_stage_update": now,
                "closed_date": now if move.target in complaint.ENDS else False,
            }
        # sudo: the step was checked; its fields are nobody's to edit
        self.sudo()._store_step(vals)
        self._log_complaint(action, before, reason=reason)

    # -- telling the customer ---------------------------------------------------------------------

    def _customer_email(self):
        self.ensure_one()
        return self.partner_id.email or self.partner_email

    def action_inform(self, topic, method, note=None, address=None):
        """Tell the customer something and keep the evidence (C19.2, C19.3, C19.6).

        :param topic: explanation, promise, proposal or result
        :param method: mail sends the letter of the topic; any other needs a note of what was said
        :raises UserError: there is no address, or nothing to tell yet
        """
        self.check_access("write")
        if not complaint.at_least(self._complaint_role(), complaint.CLERK):
            raise AccessError(self.env._("Only the clerks tell the customer."))
        if topic not in _TEMPLATES:
            raise UserError(self.env._("Nobody but the system tells this."))
        for ticket in self:
            ticket._ensure_tellable(topic)
            number = address or ticket.caller_phone or ticket.partner_id.phone
            message = None
            if method == "mail":
                number = ticket._customer_email()
                if not number:
                    raise UserError(
                        self.env._(
                            "%(number)s: the customer has no e-mail address; call him and note "
                            "what was said.",
                            number=ticket.number,
                        )
                    )
                message = ticket._mail_topic(topic)
            ticket._note_notice(topic, method, ticket.partner_id, number, note, message)
        return True

    def _ensure_tellable(self, topic):
        """Refuse to tell what is not written yet, or belongs to another step."""
        self.ensure_one()
        step = {
            "explanation": complaint.JUDGE,
            "promise": complaint.PROMISE,
            "proposal": complaint.CONSENT,
        }.get(topic)
        if step and self.complaint_step != step:
            raise UserError(
                self.env._("%(number)s: this is told at another step.", number=self.number)
            )
        needed = {
            "explanation": ("explanation",),
            "promise": ("company_duties", "customer_duties", "timetable"),
            "proposal": ("proposal", "remedy"),
        }.get(topic, ())
        missing = set(needed) - self._complaint_outputs()
        if missing:
            words = self._complaint_output_words()
            raise UserError(
                self.env._(
                    "%(number)s: write down %(missing)s first.",
                    number=self.number,
                    missing=", ".join(words[name] for name in needed if name in missing),
                )
            )

    def _mail_topic(self, topic):
        """Send the letter of a topic to the customer; return the message."""
        self.ensure_one()
        template = self.env.ref(_TEMPLATES[topic])
        # sudo: the letter quotes the complaint, whoever sends it
        letter = template.sudo()._generate_template(self.ids, ("subject", "body_html"))[self.id]
        return self.message_post(
            subject=letter["subject"],
            body=letter["body_html"],
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids if self.partner_id.email else [],
            outgoing_email_to=False if self.partner_id.email else self.partner_email,
        )

    def _complaint_link(self):
        """Return the address of the customer's page of the complaint, good without login."""
        self.ensure_one()
        # sudo: the token is for the letter to the customer
        return self.sudo().get_portal_url()

    def _note_notice(self, topic, method, partner, address, note=None, message=None):
        # sudo: notices are evidence, written by the steps alone
        return self.env["jinxing.complaint.notice"].sudo().create(
            {
                "ticket_id": self.id,
                "topic": topic,
                "method": method,
                "partner_id": partner.id,
                "address": address,
                "note": (note or "").strip(),
                "user_id": self.env.uid,
                "message_id": message.id if message else False,
            }
        )

    def _note_shown(self, method, note=None):
        """Note that the customer knows the proposal, unless he was told before."""
        for ticket in self.filtered(lambda t: "proposal" not in t._topics_told()):
            ticket._note_notice(
                "proposal",
                method,
                ticket.partner_id,
                ticket.caller_phone or ticket.partner_id.phone,
                note or ticket.proposal,
            )

    def _inform_by_mail(self, topic):
        """Send the letter of a topic to those who have an address and were not told yet."""
        for ticket in self:
            if topic not in ticket._topics_told() and ticket._customer_email():
                ticket.action_inform(topic, "mail")

    def _topics_told(self):
        """Return what has been told; a proposal counts since it is before the customer."""
        self.ensure_one()
        since = self.step_since or self.create_date
        return {
            notice.topic
            for notice in self.notice_ids
            if notice.topic != "proposal" or notice.date >= since
        }

    def action_open_inform(self):
        """Open the form that keeps what the customer was told."""
        self.ensure_one()
        topics = {
            complaint.JUDGE: "explanation",
            complaint.PROMISE: "promise",
            complaint.CONSENT: "proposal",
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tell the customer"),
            "res_model": "jinxing.complaint.inform",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_ticket_id": self.id,
                "default_topic": topics.get(self.complaint_step, "result"),
                "default_method": "mail" if self._customer_email() else "phone",
            },
        }

    def _open_complaint_reason(self, action, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "jinxing.complaint.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_action": action, "default_ticket_ids": self.ids},
        }

    # -- 1 and 2 -------------------------------------------------------------------------------

    def action_record(self):
        """Close the record of the complaint: who, how to reach him, what about (C19.1)."""
        self._ensure_may("record")
        self._lock_complaints()
        self._ensure_complaint_can("record")
        self._ensure_partner()
        self._take_complaint_step("record")
        return True

    def action_reclassify(self, kind, reason=None):
        """Make another contact of what was registered as a complaint by mistake (O21).

        Only before the record is closed, by a supervisor, with a reason that stays.
        """
        self.check_access("write")
        if not complaint.at_least(self._complaint_role(), complaint.SUPERVISOR):
            raise AccessError(self.env._("Only a supervisor may do this."))
        if not (reason or "").strip():
            raise UserError(self.env._("Why is it no complaint?"))
        if kind == "complaint" or kind not in dict(self._fields["kind"].selection):
            raise UserError(self.env._("What kind of contact is it then?"))
        self._lock_complaints()
        recorded = self.filtered(lambda t: t.complaint_step != complaint.RECORD)
        if recorded:
            raise UserError(
                self.env._(
                    "%(names)s: a recorded complaint is judged, established or not (C19.2).",
                    names=", ".join(recorded.mapped("number")),
                )
            )
        before = {t.id: (t.complaint_step, t.step_since or t.create_date) for t in self}
        for ticket in self:
            stage = ticket.team_id._get_applicable_stages()[:1]
            # sudo: the step was checked; its fields are nobody's to edit
            ticket.sudo()._store_step(
                {"kind": kind, "complaint_step": False, "step_since": False,
                 "stage_id": stage.id}
            )
        self._log_complaint("reclassify", before, reason=reason.strip())
        return True

    def action_open_reclassify(self):
        """Open the form that asks what it is, if it is no complaint."""
        return self._open_complaint_reason("reclassify", self.env._("No complaint"))

    def action_open_complaint(self):
        """Open the complaint with its nine steps."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_complaint.complaint_action"
        )
        view = self.env.ref("jinxing_complaint.complaint_view_form")
        return {**action, "views": [(view.id, "form")], "res_id": self.id}

    def _judge(self, established):
        """Store the judgement of step 2 with its reason."""
        decisions = {}
        for ticket in self:
            facts = complaint.Judgement(
                nature=ticket.nature_id.name or "",
                established=established,
                reason=(ticket.judgement or "").strip(),
                duplicate_of=ticket.duplicate_id.number or "",
            )
            decisions[ticket.id] = complaint.judge(facts)
        self._record_decisions("complaint_judgement", decisions)

    def action_establish(self):
        """Judge the complaint established (C19.2)."""
        self._ensure_may("establish")
        self._lock_complaints()
        self._take_complaint_step("establish")
        self._judge(True)
        return True

    def action_reject(self):
        """Judge the complaint not established; it ends with the explanation sent (C19.2).

        The explanation goes out by e-mail; a customer without an address must have been told
        otherwise, with a note of it.
        """
        self._ensure_may("reject")
        self._lock_complaints()
        self._ensure_complaint_can("reject", {"explanation_sent"})
        self._inform_by_mail("explanation")
        self._take_complaint_step("reject")
        self._judge(False)
        return True

    # -- 3 and 4 -------------------------------------------------------------------------------

    def action_promise(self):
        """Promise the customer a solution: both sides' duties and the timetable (C19.3)."""
        self._ensure_may("promise")
        self._lock_complaints()
        self._ensure_complaint_can("promise", {"promise_sent"})
        self._inform_by_mail("promise")
        self._take_complaint_step("promise")
        return True

    def action_investigate(self):
        """Close the investigation: whom we asked, what we found, the cause (C19.4)."""
        self._ensure_may("investigate")
        self._lock_complaints()
        self._take_complaint_step("investigate")
        self._reopen_countermeasures()
        return True

    # -- 5 -------------------------------------------------------------------------------------

    def _authority(self):
        """Return whether the user may decide each proposal (C19.5).

        :return: ``{ticket id: Decision}``
        """
        role = self._complaint_role()
        policy = self.env["jinxing.policy.parameter"]
        decisions = {}
        for ticket in self:
            limits = {
                key: policy._value(f"complaint_limit_{key}", company=ticket.company_id)
                for key in (complaint.CLERK, complaint.SUPERVISOR)
            }
            decisions[ticket.id] = complaint.authority(
                complaint.Proposal(
                    amount=ticket.proposal_amount,
                    role=role,
                    limits=limits,
                    remedy=ticket.remedy_id.name or "",
                    remedy_role=ticket.remedy_id.role or complaint.CLERK,
                    public=bool(ticket.public_source),
                    currency=ticket.currency_id.name,
                )
            )
        return decisions

    def action_propose(self, reason=None):
        """Propose a solution; over one's authority it goes to the superior (C19.5).

        :param reason: what the superior should know; demanded when he has to be asked
        """
        self._ensure_may("propose")
        self._lock_complaints()
        self._ensure_complaint_can("propose", {"authority"})
        asked = self.filtered(lambda t: t.escalation == "asked")
        if asked:
            raise UserError(
                self.env._(
                    "%(names)s: a superior is deciding on it.",
                    names=", ".join(asked.mapped("number")),
                )
            )
        decisions = self._authority()
        self._record_decisions("complaint_authority", decisions)
        within = self.filtered(lambda t: decisions[t.id].outcome == complaint.WITHIN)
        over = self - within
        if over and not (reason or "").strip():
            return over._open_complaint_reason("propose", self.env._("Ask a superior"))
        if within:
            within._take_complaint_step("propose", {"escalation": False}, given={"authority"})
            within._inform_by_mail("proposal")
        for role, outcome in complaint.ESCALATE.items():
            tickets = over.filtered(lambda t: decisions[t.id].outcome == outcome)  # noqa: B023
            if tickets:
                tickets._escalate(role, reason.strip())
        return True

    def _escalate(self, role, reason):
        """Put proposals before the superiors, who find an activity (C19.5)."""
        self._take_complaint_step(
            "escalate",
            {
                "escalation": "asked",
                "escalated_to": role,
                "escalated_at": fields.Datetime.now(),
            },
            given={"reason"},
            reason=reason,
        )
        for company, tickets in self.grouped("company_id").items():
            users = tickets.with_company(company)._supervisors(role) - self.env.user
            tickets._leave_activity(
                users,
                self.env._("Decide on the proposed solution (C19.5)"),
                reason,
                self._decide_activity(),
            )

    @api.model
    def _decide_activity(self):
        return self.env.ref("jinxing_complaint.mail_activity_decide")

    def _leave_activity(self, users, summary, note=None, kind=None):
        """Leave the same activity with each of the users, in one go."""
        kind = kind or self.env.ref("mail.mail_activity_data_todo")
        today = fields.Date.context_today(self)
        # sudo: whoever asks may not be allowed to write with the superior
        self.env["mail.activity"].sudo().create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": ticket.id,
                    "activity_type_id": kind.id,
                    "user_id": user.id,
                    "date_deadline": today,
                    "summary": summary,
                    "note": note,
                }
                for ticket in self
                for user in users
            ]
        )

    def action_approve(self):
        """Approve proposals that were put before one, within one's own authority (C19.5)."""
        self._ensure_may("approve")
        self._lock_complaints()
        self._ensure_complaint_can("approve", {"authority"})
        decisions = self._authority()
        over = self.filtered(lambda t: decisions[t.id].outcome != complaint.WITHIN)
        if over:
            raise UserError(
                self.env._(
                    "%(names)s: this is over your authority; the manager decides (C19.5).",
                    names=", ".join(over.mapped("number")),
                )
            )
        self._record_decisions("complaint_authority", decisions)
        self._take_complaint_step("approve", {"escalation": "approved"}, given={"authority"})
        self._end_escalation()
        self._inform_by_mail("proposal")
        return True

    def action_send_back(self, reason=None):
        """Send proposals back to whoever made them, with a reason (C19.5)."""
        self._ensure_may("send_back")
        if not (reason or "").strip():
            return self._open_complaint_reason("send_back", self.env._("Send back"))
        self._lock_complaints()
        self._take_complaint_step(
            "send_back", {"escalation": "sent_back"}, given={"reason"}, reason=reason.strip()
        )
        self._end_escalation()
        return True

    def _end_escalation(self):
        """Take the question off the lists of all who were asked: one has decided."""
        # sudo: the others' activities
        self.sudo().activity_ids.filtered(
            lambda a: a.activity_type_id == self._decide_activity()
        ).unlink()

    # -- 6 -------------------------------------------------------------------------------------

    def action_open_consent(self):
        """Open the form that takes the customer's consent (C19.6)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customer's consent"),
            "res_model": "jinxing.complaint.consent",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_ticket_id": self.id,
                "default_name": self.partner_id.name or self.caller_name,
                "default_phone": self.caller_phone or self.partner_id.phone,
            },
        }

    def action_consent(self, method, name, signature=None, note=None, at=None):
        """Record that the customer agrees: signature, call record or portal (C19.6).

        :param signature: picture of the signature, base64; demanded for a signature
        :param note: what was said; demanded for a call
        :param at: when, if it was before now; never in the future
        :raises UserError: the evidence is missing
        """
        self._ensure_may("consent")
        self.ensure_one()
        if method == "portal" and not self.env.su:
            raise UserError(self.env._("The customer himself clicks in the portal."))
        name, note = (name or "").strip(), (note or "").strip()
        if not name:
            raise UserError(self.env._("Who agreed?"))
        if method == "signature" and not signature:
            raise UserError(self.env._("The signature is missing."))
        if method == "call" and not note:
            raise UserError(self.env._("Note what the customer said on the phone."))
        now = fields.Datetime.now()
        moment = min(fields.Datetime.to_datetime(at) or now, now) if at else now
        if at and fields.Datetime.to_datetime(at) > fields.Datetime.add(now, minutes=5):
            raise UserError(self.env._("The time lies in the future."))
        self._lock_complaints()
        self._ensure_complaint_can("consent", {"informed", "consent"})
        # He has it before him, or hears it, in the moment he agrees.
        self._note_shown({"signature": "visit", "call": "phone"}.get(method, "portal"), note)
        self._take_complaint_step(
            "consent",
            {
                "consent_method": method,
                "consent_at": moment,
                "consent_by": name,
                "consent_signature": signature if method == "signature" else False,
                "consent_note": note,
                "consent_user_id": self.env.uid,
                "consent_amount": self.proposal_amount,
            },
            given={"consent"},
        )
        return True

    def action_refuse(self, reason=None):
        """Record that the customer does not agree, and why; a new proposal follows (C19.6)."""
        self._ensure_may("refuse")
        if not (reason or "").strip():
            return self._open_complaint_reason("refuse", self.env._("Customer refuses"))
        self._lock_complaints()
        self._take_complaint_step(
            "refuse", {"escalation": False}, given={"reason"}, reason=reason.strip()
        )
        return True

    # -- 7 to 9 ----------------------------------------------------------------------------------

    def action_assign_liability(self):
        """Name who answers, with the penalty proposed, and tell them (C19.7)."""
        self._ensure_may("assign_liability")
        self._lock_complaints()
        self._ensure_complaint_can("assign_liability", {"notified"})
        self.penalty_ids._notify_liable()
        self.penalty_ids._make_liabilities()
        self._take_complaint_step("assign_liability", given={"notified"})
        return True

    def action_set_countermeasure(self):
        """Put the countermeasures into force (C19.8)."""
        self._ensure_may("set_countermeasure")
        self._lock_complaints()
        self._take_complaint_step("set_countermeasure")
        self.countermeasure_ids._start()
        return True

    def action_archive_complaint(self):
        """Close the complaint: summary, satisfaction, and one file with all evidence (C19.9)."""
        self._ensure_may("archive")
        self._lock_complaints()
        self._ensure_complaint_can("archive", {"file"})
        for ticket in self:
            ticket._take_complaint_step("archive", given={"file"})
            ticket._make_archive()
        return True
