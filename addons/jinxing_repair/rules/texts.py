"""The English words of the rules: one sentence per step; labels come from ``labels``.

Nothing here is translated: the models wrap the texts. Parameters ending in ``_date`` are days, in
``_at`` moments, shown in the reader's way.
"""

from .labels import KINDS, OUTCOMES, VALUES

__all__ = ["KINDS", "OUTCOMES", "TEXTS", "VALUES"]


#: ``{step key: sentence}``
TEXTS = {
    # service_clock: contact, arrival, promise, escalation
    "contact_deadline": (
        "Approved at %(started_at)s; the customer is to be called until %(deadline_at)s "
        "(%(allowed)s hours)."
    ),
    "contact_on_time": "The customer was called at %(done_at)s, in time until %(deadline_at)s.",
    "contact_late": (
        "The customer was called at %(done_at)s, %(late)s hours after %(deadline_at)s."
    ),
    "contact_open": (
        "The customer is not called yet; there is time until %(deadline_at)s (%(left)s hours)."
    ),
    "contact_breached": (
        "The customer was not called until %(deadline_at)s; %(late)s hours have passed since."
    ),
    "arrival_deadline": (
        "Called at %(started_at)s; somebody is to arrive until %(deadline_at)s (%(allowed)s hours)."
    ),
    "arrival_on_time": "The technician arrived at %(done_at)s, in time until %(deadline_at)s.",
    "arrival_late": (
        "The technician arrived at %(done_at)s, %(late)s hours after %(deadline_at)s."
    ),
    "arrival_open": (
        "Nobody has arrived yet; there is time until %(deadline_at)s (%(left)s hours)."
    ),
    "arrival_breached": (
        "Nobody had arrived until %(deadline_at)s; %(late)s hours have passed since."
    ),
    "promise_deadline": "Promised at %(started_at)s for %(deadline_at)s (%(allowed)s hours).",
    "promise_on_time": "The promise for %(deadline_at)s was kept at %(done_at)s.",
    "promise_late": (
        "The promise for %(deadline_at)s was kept at %(done_at)s, %(late)s hours too late."
    ),
    "promise_open": "The promise is for %(deadline_at)s; %(left)s hours are left.",
    "promise_breached": (
        "The promise for %(deadline_at)s was not kept; %(late)s hours have passed since."
    ),
    "escalation_deadline": (
        "Escalated at %(started_at)s; an answer is due until %(deadline_at)s (%(allowed)s hours)."
    ),
    "escalation_on_time": (
        "The supervisor answered at %(done_at)s, in time until %(deadline_at)s."
    ),
    "escalation_late": (
        "The supervisor answered at %(done_at)s, %(late)s hours after %(deadline_at)s."
    ),
    "escalation_open": (
        "The supervisor has not answered yet; there is time until %(deadline_at)s (%(left)s hours)."
    ),
    "escalation_breached": (
        "The supervisor did not answer until %(deadline_at)s; %(late)s hours have passed since."
    ),
    # service_clock: absence and help
    "absence_arrived": "He arrived at %(arrived_at)s, in time until %(deadline_at)s: no absence.",
    "absence_time_left": "There is time until %(deadline_at)s: no absence yet.",
    "absence_missed": "He did not arrive until %(deadline_at)s.",
    "absence_no_notice": "The supervisor was not told beforehand: it counts as absence.",
    "absence_notice_spares": (
        "The supervisor was told at %(notice_at)s, beforehand and with a reason (%(reason)s): no "
        "absence mark. Towards the customer the arrival stays too late."
    ),
    "absence_notice_late": (
        "The supervisor was told at %(notice_at)s, not before %(deadline_at)s: it counts as "
        "absence."
    ),
    "absence_notice_no_reason": (
        "The supervisor was told at %(notice_at)s, but no reason was given: it counts as absence."
    ),
    "absence_station": (
        "He is not employed by us: his provider answers for the arrival, there is no absence."
    ),
    "help_in_time": (
        "Help was asked for at %(help_at)s, before the promise for %(deadline_at)s was missed."
    ),
    "help_too_late": (
        "Help was asked for at %(help_at)s, after the promise for %(deadline_at)s was missed."
    ),
    "help_missing": "The promise for %(deadline_at)s was missed and nobody had asked for help.",
    "help_not_needed": "The promise for %(deadline_at)s was kept without help.",
    "help_promise_open": "The promise is for %(deadline_at)s; no help was asked for yet.",
    # dispatch: provider
    "provider_sold_by": "%(provider)s sold the machine: who sells, serves.",
    "provider_no_seller": "It is not known who sold the machine.",
    "provider_seller": "The seller %(provider)s serves it.",
    "provider_appointed": "The seller's appointed station %(provider)s serves it.",
    "provider_seller_cannot": "The seller %(provider)s does no repairs or has left the network.",
    "provider_appointed_cannot": (
        "The appointed station %(provider)s does no repairs or has left the network."
    ),
    "provider_cross_region": "The machine broke down outside the seller's area.",
    "provider_local_cannot": (
        "The station of the place, %(provider)s, does no repairs or has left the network."
    ),
    "provider_seller_liable": (
        "The station of the place, %(provider)s, goes there; the seller stays liable."
    ),
    "provider_refused": "%(provider)s declined or did not answer in time.",
    "provider_headquarters": "The headquarters (%(provider)s) serve it.",
    "acceptance_deadline": (
        "Assigned at %(assigned_at)s; the provider is to answer until %(deadline_at)s."
    ),
    "acceptance_accepted": (
        "The provider accepted at %(accepted_at)s, in time until %(deadline_at)s."
    ),
    "acceptance_accepted_late": (
        "The provider accepted at %(accepted_at)s, after %(deadline_at)s; the order was still his."
    ),
    "acceptance_declined": "The provider declined at %(declined_at)s: %(reason)s",
    "acceptance_expired": (
        "The provider did not answer until %(deadline_at)s: the order falls back to the "
        "headquarters."
    ),
    "acceptance_open": "The provider may answer until %(deadline_at)s.",
    # dispatch: technician
    "technician_not_graded": "His qualification is not known: nobody is sent without.",
    "technician_same_city": "He is in the same city as the machine.",
    "technician_same_region": "He is in the same region as the machine.",
    "technician_elsewhere": "He is in another region than the machine, or it is not known.",
    "technician_other_provider": "He does not work for the provider the order was given to.",
    "technician_off_duty": "He is off duty on that day.",
    "technician_full": "He has %(orders)s orders on that day and takes %(capacity)s.",
    "technician_load": "Orders he has on that day: %(orders)s.",
    "technician_distance": "He is %(kilometres)s km away, as the crow flies.",
    "technician_distance_unknown": "How far away he is, is not known.",
    "override_granted": "A supervisor decided otherwise, with the reason: %(reason)s",
    "override_no_reason": "Deciding otherwise needs a written reason.",
    "override_not_supervisor": "Only a supervisor may decide otherwise.",
    # exchange: by time
    "exchange_handed_in": "The machine was handed in for repair on %(handed_in_date)s.",
    "exchange_cover_unknown": (
        "No cover is known: rights to an exchange exist inside the cover only."
    ),
    "exchange_after_cover": (
        "It was handed in after the cover's last day, %(end_date)s: no right to an exchange."
    ),
    "exchange_days": (
        "Until %(on_date)s the repair took %(days)s days; %(customer_days)s more were caused by "
        "the customer and do not count. Working days: %(working_days)s."
    ),
    "exchange_finished": "The repair was done on %(finished_date)s.",
    "exchange_unrecorded": (
        "On %(due_date)s no waiting is recorded: the time is the repairer's own."
    ),
    "exchange_parts_arisen": (
        "More than %(limit)s days without the producer's part since %(due_date)s: the seller "
        "exchanges the machine free for the same model and specification."
    ),
    "exchange_parts_due": (
        "With %(due_date)s it will be more than %(limit)s days without the producer's part."
    ),
    "exchange_parts_never": (
        "The limit of %(limit)s days for the producer's part does not come nearer while the "
        "customer is waited for."
    ),
    "exchange_parts_in_time": "The repair was done before %(due_date)s, within %(limit)s days.",
    "exchange_parts_cause": (
        "At the limit of the producer's part, %(due_date)s, the cause is another: %(cause)s."
    ),
    "exchange_repairer_arisen": (
        "More than %(limit)s days for the repairer's own reason since %(due_date)s: he exchanges "
        "the machine free and bears the cost."
    ),
    "exchange_repairer_due": (
        "With %(due_date)s it will be more than %(limit)s days for the repairer's own reason."
    ),
    "exchange_repairer_never": (
        "The limit of the repairer's %(limit)s days does not come nearer while the customer is "
        "waited for."
    ),
    "exchange_repairer_in_time": (
        "The repair was done before %(due_date)s, within the repairer's %(limit)s days."
    ),
    "exchange_repairer_cause": (
        "At the limit of the repairer's own reason, %(due_date)s, the cause is another: %(cause)s."
    ),
    "exchange_working_arisen": (
        "Not repaired within %(limit)s working days: since %(due_date)s the user may choose "
        "exchange or further repair, whatever the cause."
    ),
    "exchange_working_due": (
        "With %(due_date)s the law's %(limit)s working days will have passed."
    ),
    "exchange_working_never": (
        "The law's %(limit)s working days do not pass while the customer is waited for."
    ),
    "exchange_working_in_time": (
        "The repair was done before %(due_date)s, within the law's %(limit)s working days."
    ),
    "exchange_working_off": "The law's working days are switched off.",
    "exchange_more_favourable": (
        "%(clause)s gives the right on %(clause_date)s, %(other)s on %(other_date)s: the one more "
        "favourable to the user decides."
    ),
    # exchange: by repetition
    "exchange_not_covered": "%(component)s: not inside the cover.",
    "exchange_season_new_part": (
        "%(component)s: repaired %(repairs)s times for quality in the farm season %(first_date)s "
        "to %(last_date)s (limit %(limit)s) and not in order on %(back_date)s: a new part free, "
        "against the old one."
    ),
    "exchange_season_count": (
        "%(component)s: repaired %(repairs)s times for quality in the farm season %(first_date)s "
        "to %(last_date)s; a new part is given when repair %(limit)s does not do."
    ),
    "exchange_repeat_off": "The law's rule on repeated faults is switched off.",
    "exchange_repeat_wear": "%(component)s: the law's rule is not for wear parts.",
    "exchange_repeat_outside": (
        "%(component)s: back on %(back_date)s, not within the first %(days)s days of the first "
        "working season."
    ),
    "exchange_repeat_new_part": (
        "%(component)s: back on %(back_date)s after %(repairs)s repairs: the main component or "
        "system is replaced free."
    ),
    "exchange_repeat_exchange": (
        "%(component)s: back on %(back_date)s after the replacement: exchange of the machine. "
        "Repairs: %(repairs)s."
    ),
    "exchange_repeat_return": (
        "%(component)s: back on %(back_date)s after the exchange: return of the machine. "
        "Repairs: %(repairs)s."
    ),
    # exchange: the answer
    "exchange_bears_seller": (
        "%(clause)s: the seller answers first, with recourse to the producer or supplier."
    ),
    "exchange_bears_repairer": "%(clause)s: the repairer bears the cost.",
    "exchange_bears_producer": "%(clause)s: the producer bears the cost.",
    "exchange_none": "No right to a new part, an exchange or a return has arisen.",
    "exchange_warning": "In %(days)s days, on %(due_date)s, a right by %(clause)s arises.",
    "old_part_back": "%(component)s: the old part is back, the new one is handed out.",
    "old_part_missing": "%(component)s: the new part is handed out only against the old one.",
    "old_part_not_asked": "%(component)s: the old part is not asked for.",
    # guarantee
    "guarantee_no_repair": "%(component)s was not repaired before.",
    "guarantee_repair": (
        "%(component)s was repaired on %(repaired_date)s (%(order)s); the guarantee of %(days)s "
        "days lasts to %(end_date)s, that day included."
    ),
    "guarantee_within": "The fault of %(fault_date)s came after %(days)s days: within it.",
    "guarantee_after": "The fault of %(fault_date)s came after %(days)s days: too late.",
    "guarantee_rework": (
        "It is repaired again, free to begin with; who bears it is decided after the diagnosis."
    ),
    "liability_free_to_begin": (
        "There is no diagnosis yet: the customer pays nothing to begin with."
    ),
    "liability_repairer": "The repair was at fault: the repairer bears the rework.",
    "liability_part": "The part was at fault: the producer bears the rework.",
    "liability_misuse": "Misuse was the cause (%(evidence)s): the customer pays.",
    "liability_misuse_no_evidence": (
        "Misuse is claimed without evidence: the customer pays nothing."
    ),
    "liability_other": "The cause is another one: the fault's own cover decides.",
    "liability_other_free": "The fault is covered: the producer bears it.",
    "liability_other_chargeable": "The fault is not covered: the customer pays.",
    "liability_other_undecided": "The fault's cover is not decided yet.",
    "liability_from_settlement": "It is taken from the provider's settlement.",
    "liability_to_hr": "It was our own staff: HR is told.",
    "liability_recover": "It is recovered from the part's supplier where he answers for it.",
    "liability_amount": "Amount: %(amount)s.",
    # assessment
    "assessment_in_time": "%(due)s: due until %(deadline_at)s, done at %(done_at)s, in time.",
    "assessment_late": (
        "%(due)s: due until %(deadline_at)s, done at %(done_at)s, %(late)s hours too late."
    ),
    "assessment_never_done": (
        "%(due)s: due until %(deadline_at)s, not done when the order was handed in, %(late)s "
        "hours later."
    ),
    "assessment_nothing_due": "Nothing was due on this order.",
    "assessment_time_mark": "Time: %(mark)s of %(full)s, %(needed)s are needed.",
    "assessment_quality_reached": (
        "Quality: %(score)s of %(highest)s, %(needed)s are needed: reached."
    ),
    "assessment_quality_missed": (
        "Quality: %(score)s of %(highest)s, %(needed)s are needed: not reached."
    ),
    "assessment_quality_missing": "The quality score is missing.",
    "assessment_quality_range": (
        "The quality score %(score)s is not between %(lowest)s and %(highest)s."
    ),
    # collection
    "collection_nothing_due": "There is nothing to pay.",
    "collection_within_limit": (
        "%(amount)s is within the limit of %(limit)s: it may be collected on the spot."
    ),
    "collection_above_limit": (
        "%(amount)s is above the limit of %(limit)s: a service voucher goes to finance today."
    ),
    "collection_not_accepted": (
        "The customer had not accepted the price before the work: %(amount)s is not collected on "
        "the spot."
    ),
    "payment_method_unknown": "There is no such way to pay: %(method)s.",
    "payment_no_reference": "A payment by %(method)s needs its reference.",
    "payment_amount": "The amount %(amount)s is not above zero.",
    "payment_above_limit": (
        "%(amount)s is above the limit of %(limit)s for collecting on the spot."
    ),
    "voucher_open": "Finance has until %(deadline_at)s to process the voucher.",
    "voucher_done": (
        "Finance processed the voucher at %(done_at)s, in time until %(deadline_at)s."
    ),
    "voucher_done_late": "Finance processed the voucher at %(done_at)s, after %(deadline_at)s.",
    "voucher_overdue": "The voucher was not processed until %(deadline_at)s.",
    "custody_open": (
        "%(amount)s in cash are in the technician's custody, to be handed over until "
        "%(deadline_at)s."
    ),
    "custody_done": (
        "%(amount)s in cash were handed over at %(done_at)s, in time until %(deadline_at)s."
    ),
    "custody_done_late": (
        "%(amount)s in cash were handed over at %(done_at)s, after %(deadline_at)s."
    ),
    "custody_overdue": "%(amount)s in cash should have been handed over until %(deadline_at)s.",
    "invoice_collection_open": "%(amount)s are to be collected until %(deadline_at)s.",
    "invoice_collection_done": (
        "%(amount)s were collected at %(done_at)s, in time until %(deadline_at)s."
    ),
    "invoice_collection_done_late": (
        "%(amount)s were collected at %(done_at)s, after %(deadline_at)s."
    ),
    "invoice_collection_overdue": "%(amount)s should have been collected until %(deadline_at)s.",
    # order_flow
    "flow_not_from": (
        "“%(action)s” is not possible while the order is “%(state)s”, only from: %(allowed)s."
    ),
    "flow_finished": (
        "“%(action)s” is not possible: the order is “%(state)s”, and a done order is never "
        "reopened. A fault that comes back gets a rework order."
    ),
    "flow_cancelled": "“%(action)s” is not possible: the order is cancelled.",
}
