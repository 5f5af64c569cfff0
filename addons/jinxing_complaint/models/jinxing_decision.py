from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class JinxingDecision(models.Model):
    _inherit = "jinxing.decision"

    @api.model
    def _kind_texts(self):
        return {
            **super()._kind_texts(),
            "complaint_judgement": _lt("Is the complaint established?"),
            "complaint_authority": _lt("Who decides the proposed solution?"),
            "countermeasure": _lt("Did the countermeasure do?"),
            "contact_route": _lt("Who answers the contact, until when?"),
            "follow_up": _lt("Is it followed up?"),
            "follow_up_result": _lt("What did the follow-up come to?"),
        }

    @api.model
    def _outcome_texts(self):
        return {
            **super()._outcome_texts(),
            ("complaint_judgement", "established"): _lt("Established"),
            ("complaint_judgement", "not_established"): _lt("Not established"),
            ("complaint_authority", "within"): _lt("Within his authority"),
            ("complaint_authority", "escalate_supervisor"): _lt("The supervisor decides"),
            ("complaint_authority", "escalate_manager"): _lt("The manager decides"),
            ("countermeasure", "reopen"): _lt("Reopened"),
            ("contact_route", "routed"): _lt("Routed"),
            ("contact_route", "not_routed"): _lt("Not routed"),
            ("follow_up", "planned"): _lt("Followed up"),
            ("follow_up", "not_sampled"): _lt("Not in the sample"),
            ("follow_up_result", "satisfied"): _lt("Satisfied"),
            ("follow_up_result", "dissatisfied"): _lt("Dissatisfied"),
            ("follow_up_result", "conduct"): _lt("Conduct to be looked into"),
        }

    @api.model
    def _texts(self):
        return {
            **super()._texts(),
            "complaint_nature": _lt("The nature of the complaint: %(nature)s."),
            "complaint_reason": _lt("What was judged: %(reason)s"),
            "complaint_duplicate": _lt("The same complaint is registered as %(number)s."),
            "complaint_established": _lt("The complaint is established; the nine steps go on."),
            "complaint_not_established": _lt(
                "The complaint is not established: the customer is told why, politely and in "
                "patience, and it ends here."
            ),
            "complaint_amount": _lt("The solution costs %(amount)s %(currency)s."),
            "complaint_within_limit": _lt("%(role)s: decides up to %(limit)s. This is within."),
            "complaint_over_limit": _lt("%(role)s: decides up to %(limit)s. This is over it."),
            "complaint_no_limit": _lt("%(role)s: decides without limit."),
            "complaint_remedy_role": _lt("“%(remedy)s” is granted by %(role)s at least."),
            "complaint_public": _lt(
                "The case is in the media or before an authority: %(role)s decides."
            ),
            "complaint_within": _lt("%(role)s may decide it himself."),
            "complaint_ask": _lt("He puts it before his superior: %(role)s."),
            "recurrence_pattern": _lt(
                "The measure is against %(cause)s, component %(component)s, model %(model)s "
                "(empty: any)."
            ),
            "recurrence_done": _lt("It is in place since %(done_date)s."),
            "recurrence_not_done": _lt("It is not in place yet, so it cannot have failed."),
            "recurrence_case": _lt("%(number)s happened on %(case_date)s."),
            "recurrence_reopen": _lt(
                "The same happened after the measure was in place: it is reopened."
            ),
            "recurrence_keep": _lt("This says nothing against the measure."),
            "route_contact": _lt("The contact: %(kind)s, subject %(subject)s."),
            "route_line": _lt("The routing table sends it to: %(department)s."),
            "route_none": _lt("No line of the routing table fits it."),
            "route_urgent_line": _lt("The routing table makes it urgent."),
            "route_urgent_public": _lt(
                "The case is in the media or before an authority: urgent."
            ),
            "route_urgent_caller": _lt("It was registered as an emergency."),
            "route_answer": _lt("It is answered within %(hours)s hours."),
            "follow_up_chargeable": _lt("The customer paid: every such order is followed up."),
            "follow_up_complaint": _lt("It was a complaint: every one is followed up."),
            "follow_up_rework": _lt("It was a rework: every one is followed up."),
            "follow_up_in_sample": _lt(
                "The lot of its number is %(lot)s; below %(share)s per cent it is in the sample."
            ),
            "follow_up_not_in_sample": _lt(
                "The lot of its number is %(lot)s; the sample takes those below %(share)s "
                "per cent."
            ),
            "follow_up_on": _lt("The customer is called on %(call_date)s."),
            "answer_satisfaction": _lt(
                "Satisfaction %(satisfaction)s of 5; up to %(limit)s counts as dissatisfied."
            ),
            "answer_satisfied": _lt("The customer is satisfied."),
            "answer_dissatisfied": _lt("The customer is dissatisfied: a contact is opened."),
            "answer_asked_for_money": _lt(
                "He says he was asked for meals or money: a complaint is opened."
            ),
            "answer_not_asked_for_money": _lt("Nobody asked him for meals or money."),
            "answer_belongings_harmed": _lt(
                "He says something of his was taken or damaged: a complaint is opened."
            ),
            "answer_site_not_cleared": _lt("He says the work site was not cleared."),
        }

    @api.model
    def _value_texts(self):
        roles = {
            "clerk": _lt("Clerk"), "supervisor": _lt("Supervisor"), "manager": _lt("Manager"),
        }
        return {
            **super()._value_texts(),
            **{("role", role): word for role, word in roles.items()},
            **{
                ("kind", kind): word
                for kind, word in {
                    "repair": _lt("Repair"), "installation": _lt("Installation"),
                    "consultation": _lt("Consultation"), "opinion": _lt("Opinion"),
                    "complaint": _lt("Complaint"), "praise": _lt("Praise"),
                }.items()
            },
        }
