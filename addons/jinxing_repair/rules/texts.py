"""The English words of the rules: one sentence per step; labels come from ``labels``.

Nothing here is translated, the models do that: ``_lt`` marks a text for the export of terms.
Parameters ending in ``_date`` are days, in ``_at`` moments, shown in the reader's way.
"""

from .labels import KINDS, OUTCOMES, VALUES, _lt

__all__ = ["KINDS", "OUTCOMES", "TEXTS", "VALUES"]


#: ``{step key: sentence}``
TEXTS = {
    # service_clock: contact, arrival, promise, escalation
    "contact_deadline": _lt(
        "Approved at %(started_at)s; the customer is to be called until %(deadline_at)s "
        "(%(allowed)s hours)."
    ),
    "contact_on_time": _lt(
        "The customer was called at %(done_at)s, in time until %(deadline_at)s."
    ),
    "contact_late": _lt(
        "The customer was called at %(done_at)s, %(late)s hours after %(deadline_at)s."
    ),
    "contact_open": _lt(
        "The customer is not called yet; there is time until %(deadline_at)s (%(left)s hours)."
    ),
    "contact_breached": _lt(
        "The customer was not called until %(deadline_at)s; %(late)s hours have passed since."
    ),
    "preliminary_deadline": _lt(
        "Approved at %(started_at)s; the fault is to be assessed until %(deadline_at)s "
        "(%(allowed)s hours)."
    ),
    "preliminary_on_time": _lt(
        "The fault was assessed at %(done_at)s, in time until %(deadline_at)s."
    ),
    "preliminary_late": _lt(
        "The fault was assessed at %(done_at)s, %(late)s hours after %(deadline_at)s."
    ),
    "preliminary_open": _lt(
        "The fault is not assessed yet; there is time until %(deadline_at)s (%(left)s hours)."
    ),
    "preliminary_breached": _lt(
        "The fault was not assessed until %(deadline_at)s; %(late)s hours have passed since."
    ),
    "arrival_deadline": _lt(
        "Called at %(started_at)s; somebody is to arrive until %(deadline_at)s (%(allowed)s hours)."
    ),
    "arrival_on_time": _lt("The technician arrived at %(done_at)s, in time until %(deadline_at)s."),
    "arrival_late": _lt(
        "The technician arrived at %(done_at)s, %(late)s hours after %(deadline_at)s."
    ),
    "arrival_open": _lt(
        "Nobody has arrived yet; there is time until %(deadline_at)s (%(left)s hours)."
    ),
    "arrival_breached": _lt(
        "Nobody had arrived until %(deadline_at)s; %(late)s hours have passed since."
    ),
    "promise_deadline": _lt("Promised at %(started_at)s for %(deadline_at)s (%(allowed)s hours)."),
    "promise_on_time": _lt("The promise for %(deadline_at)s was kept at %(done_at)s."),
    "promise_late": _lt(
        "The promise for %(deadline_at)s was kept at %(done_at)s, %(late)s hours too late."
    ),
    "promise_open": _lt("The promise is for %(deadline_at)s; %(left)s hours are left."),
    "promise_breached": _lt(
        "The promise for %(deadline_at)s was not kept; %(late)s hours have passed since."
    ),
    "escalation_deadline": _lt(
        "Escalated at %(started_at)s; an answer is due until %(deadline_at)s (%(allowed)s hours)."
    ),
    "escalation_on_time": _lt(
        "The supervisor answered at %(done_at)s, in time until %(deadline_at)s."
    ),
    "escalation_late": _lt(
        "The supervisor answered at %(done_at)s, %(late)s hours after %(deadline_at)s."
    ),
    "escalation_open": _lt(
        "The supervisor has not answered yet; there is time until %(deadline_at)s (%(left)s hours)."
    ),
    "escalation_breached": _lt(
        "The supervisor did not answer until %(deadline_at)s; %(late)s hours have passed since."
    ),
    # service_clock: absence and help
    "absence_arrived": _lt(
        "He arrived at %(arrived_at)s, in time until %(deadline_at)s: no absence."
    ),
    "absence_claimed": _lt(
        "He says he arrived at %(arrived_at)s, in time until %(deadline_at)s. We were told only "
        "at %(told_at)s: the mark stands until a manager withdraws it."
    ),
    "absence_time_left": _lt("There is time until %(deadline_at)s: no absence yet."),
    "absence_missed": _lt("He did not arrive until %(deadline_at)s."),
    "absence_no_notice": _lt("The supervisor was not told beforehand: it counts as absence."),
    "absence_notice_spares": _lt(
        "The supervisor was told at %(notice_at)s, beforehand and with a reason (%(reason)s): no "
        "absence mark. Towards the customer the arrival stays too late."
    ),
    "absence_notice_late": _lt(
        "The supervisor was told at %(notice_at)s, not before %(deadline_at)s: it counts as "
        "absence."
    ),
    "absence_notice_no_reason": _lt(
        "The supervisor was told at %(notice_at)s, but no reason was given: it counts as absence."
    ),
    "absence_station": _lt(
        "He is not employed by us: his provider answers for the arrival, there is no absence."
    ),
    "help_in_time": _lt(
        "Help was asked for at %(help_at)s, before the promise for %(deadline_at)s was missed."
    ),
    "help_too_late": _lt(
        "Help was asked for at %(help_at)s, after the promise for %(deadline_at)s was missed."
    ),
    "help_missing": _lt(
        "The promise for %(deadline_at)s was missed and nobody had asked for help."
    ),
    "help_not_needed": _lt("The promise for %(deadline_at)s was kept without help."),
    "help_promise_open": _lt("The promise is for %(deadline_at)s; no help was asked for yet."),
    # dispatch: provider
    "provider_sold_by": _lt("%(provider)s sold the machine: who sells, serves."),
    "provider_no_seller": _lt("It is not known who sold the machine."),
    "provider_seller": _lt("The seller %(provider)s serves it."),
    "provider_appointed": _lt("The seller's appointed station %(provider)s serves it."),
    "provider_seller_cannot": _lt(
        "The seller %(provider)s does no repairs or has left the network."
    ),
    "provider_appointed_cannot": _lt(
        "The appointed station %(provider)s does no repairs or has left the network."
    ),
    "provider_cross_region": _lt("The machine broke down outside the seller's area."),
    "provider_local_cannot": _lt(
        "The station of the place, %(provider)s, does no repairs or has left the network."
    ),
    "provider_seller_liable": _lt(
        "The station of the place, %(provider)s, goes there; the seller stays liable."
    ),
    "provider_refused": _lt("%(provider)s declined or did not answer in time."),
    "provider_headquarters": _lt("The headquarters (%(provider)s) serve it."),
    "acceptance_deadline": _lt(
        "Assigned at %(assigned_at)s; the provider is to answer until %(deadline_at)s."
    ),
    "acceptance_accepted": _lt(
        "The provider accepted at %(accepted_at)s, in time until %(deadline_at)s."
    ),
    "acceptance_accepted_late": _lt(
        "The provider accepted at %(accepted_at)s, after %(deadline_at)s; the order was still his."
    ),
    "acceptance_declined": _lt("The provider declined at %(declined_at)s: %(reason)s"),
    "acceptance_expired": _lt(
        "The provider did not answer until %(deadline_at)s: the order falls back to the "
        "headquarters."
    ),
    "acceptance_open": _lt("The provider may answer until %(deadline_at)s."),
    # dispatch: technician
    "technician_not_graded": _lt("His qualification is not known: nobody is sent without."),
    "technician_same_city": _lt("He is in the same city as the machine."),
    "technician_same_region": _lt("He is in the same region as the machine."),
    "technician_elsewhere": _lt("He is in another region than the machine, or it is not known."),
    "technician_other_provider": _lt("He does not work for the provider the order was given to."),
    "technician_off_duty": _lt("He is off duty on that day."),
    "technician_full": _lt("He has %(orders)s orders on that day and takes %(capacity)s."),
    "technician_load": _lt("Orders he has on that day: %(orders)s."),
    "technician_distance": _lt("He is %(kilometres)s km away, as the crow flies."),
    "technician_distance_unknown": _lt("How far away he is, is not known."),
    "override_granted": _lt("A supervisor decided otherwise, with the reason: %(reason)s"),
    "override_no_reason": _lt("Deciding otherwise needs a written reason."),
    "override_not_supervisor": _lt("Only a supervisor may decide otherwise."),
    # exchange: by time
    "exchange_handed_in": _lt("The machine was handed in for repair on %(handed_in_date)s."),
    "exchange_cover_unknown": _lt(
        "No cover is known: rights to an exchange exist inside the cover only."
    ),
    "exchange_after_cover": _lt(
        "It was handed in after the cover's last day, %(end_date)s: no right to an exchange."
    ),
    "exchange_days": _lt(
        "Until %(on_date)s the repair took %(days)s days; %(customer_days)s more were caused by "
        "the customer and do not count. Working days: %(working_days)s."
    ),
    "exchange_finished": _lt("The repair was done on %(finished_date)s."),
    "exchange_unrecorded": _lt(
        "On %(due_date)s no waiting is recorded: the time is the repairer's own."
    ),
    "exchange_parts_arisen": _lt(
        "More than %(limit)s days without the producer's part since %(due_date)s: the seller "
        "exchanges the machine free for the same model and specification."
    ),
    "exchange_parts_due": _lt(
        "With %(due_date)s it will be more than %(limit)s days without the producer's part."
    ),
    "exchange_parts_never": _lt(
        "The limit of %(limit)s days for the producer's part does not come nearer while the "
        "customer is waited for."
    ),
    "exchange_parts_in_time": _lt(
        "The repair was done before %(due_date)s, within %(limit)s days."
    ),
    "exchange_parts_cause": _lt(
        "At the limit of the producer's part, %(due_date)s, the cause is another: %(cause)s."
    ),
    "exchange_repairer_arisen": _lt(
        "More than %(limit)s days for the repairer's own reason since %(due_date)s: he exchanges "
        "the machine free and bears the cost."
    ),
    "exchange_repairer_due": _lt(
        "With %(due_date)s it will be more than %(limit)s days for the repairer's own reason."
    ),
    "exchange_repairer_never": _lt(
        "The limit of the repairer's %(limit)s days does not come nearer while the customer is "
        "waited for."
    ),
    "exchange_repairer_in_time": _lt(
        "The repair was done before %(due_date)s, within the repairer's %(limit)s days."
    ),
    "exchange_repairer_cause": _lt(
        "At the limit of the repairer's own reason, %(due_date)s, the cause is another: %(cause)s."
    ),
    "exchange_working_arisen": _lt(
        "Not repaired within %(limit)s working days: since %(due_date)s the user may choose "
        "exchange or further repair, whatever the cause."
    ),
    "exchange_working_due": _lt(
        "With %(due_date)s the law's %(limit)s working days will have passed."
    ),
    "exchange_working_never": _lt(
        "The law's %(limit)s working days do not pass while the customer is waited for."
    ),
    "exchange_working_in_time": _lt(
        "The repair was done before %(due_date)s, within the law's %(limit)s working days."
    ),
    "exchange_working_off": _lt("The law's working days are switched off."),
    "exchange_more_favourable": _lt(
        "%(clause)s gives the right on %(clause_date)s, %(other)s on %(other_date)s: the one more "
        "favourable to the user decides."
    ),
    # exchange: by repetition
    "exchange_not_covered": _lt("%(component)s: not inside the cover."),
    "exchange_season_new_part": _lt(
        "%(component)s: repaired %(repairs)s times for quality in the farm season %(first_date)s "
        "to %(last_date)s (limit %(limit)s) and not in order on %(back_date)s: a new part free, "
        "against the old one."
    ),
    "exchange_season_count": _lt(
        "%(component)s: repaired %(repairs)s times for quality in the farm season %(first_date)s "
        "to %(last_date)s; a new part is given when repair %(limit)s does not do."
    ),
    "exchange_repeat_off": _lt("The law's rule on repeated faults is switched off."),
    "exchange_repeat_wear": _lt("%(component)s: the law's rule is not for wear parts."),
    "exchange_repeat_outside": _lt(
        "%(component)s: back on %(back_date)s, not within the first %(days)s days of the first "
        "working season."
    ),
    "exchange_repeat_new_part": _lt(
        "%(component)s: back on %(back_date)s after %(repairs)s repairs: the main component or "
        "system is replaced free."
    ),
    "exchange_repeat_exchange": _lt(
        "%(component)s: back on %(back_date)s after the replacement: exchange of the machine. "
        "Repairs: %(repairs)s."
    ),
    "exchange_repeat_return": _lt(
        "%(component)s: back on %(back_date)s after the exchange: return of the machine. "
        "Repairs: %(repairs)s."
    ),
    # exchange: the answer
    "exchange_bears_seller": _lt(
        "%(clause)s: the seller answers first, with recourse to the producer or supplier."
    ),
    "exchange_bears_repairer": _lt("%(clause)s: the repairer bears the cost."),
    "exchange_bears_producer": _lt("%(clause)s: the producer bears the cost."),
    "exchange_none": _lt("No right to a new part, an exchange or a return has arisen."),
    "exchange_warning": _lt("In %(days)s days, on %(due_date)s, a right by %(clause)s arises."),
    "old_part_back": _lt("%(component)s: the old part is back, the new one is handed out."),
    "old_part_missing": _lt("%(component)s: the new part is handed out only against the old one."),
    "old_part_not_asked": _lt("%(component)s: the old part is not asked for."),
    # guarantee
    "guarantee_no_repair": _lt("%(component)s was not repaired before."),
    "guarantee_repair": _lt(
        "%(component)s was repaired on %(repaired_date)s (%(order)s); the guarantee of %(days)s "
        "days lasts to %(end_date)s, that day included."
    ),
    "guarantee_within": _lt("The fault of %(fault_date)s came after %(days)s days: within it."),
    "guarantee_after": _lt("The fault of %(fault_date)s came after %(days)s days: too late."),
    "guarantee_rework": _lt(
        "It is repaired again, free to begin with; who bears it is decided after the diagnosis."
    ),
    "liability_free_to_begin": _lt(
        "There is no diagnosis yet: the customer pays nothing to begin with."
    ),
    "liability_repairer": _lt("The repair was at fault: the repairer bears the rework."),
    "liability_part": _lt("The part was at fault: the producer bears the rework."),
    "liability_misuse": _lt("Misuse was the cause (%(evidence)s): the customer pays."),
    "liability_misuse_no_evidence": _lt(
        "Misuse is claimed without evidence: the customer pays nothing."
    ),
    "liability_other": _lt("The cause is another one: the fault's own cover decides."),
    "liability_other_free": _lt("The fault is covered: the producer bears it."),
    "liability_other_chargeable": _lt("The fault is not covered: the customer pays."),
    "liability_other_undecided": _lt("The fault's cover is not decided yet."),
    "liability_from_settlement": _lt("It is taken from the provider's settlement."),
    "liability_to_hr": _lt("It was our own staff: HR is told."),
    "liability_recover": _lt("It is recovered from the part's supplier where he answers for it."),
    "liability_amount": _lt("Amount: %(amount)s."),
    # assessment
    "assessment_in_time": _lt("%(due)s: due until %(deadline_at)s, done at %(done_at)s, in time."),
    "assessment_late": _lt(
        "%(due)s: due until %(deadline_at)s, done at %(done_at)s, %(late)s hours too late."
    ),
    "assessment_never_done": _lt(
        "%(due)s: due until %(deadline_at)s, not done when the order was handed in, %(late)s "
        "hours later."
    ),
    "assessment_nothing_due": _lt("Nothing was due on this order."),
    "assessment_time_mark": _lt("Time: %(mark)s of %(full)s, %(needed)s are needed."),
    "assessment_quality_reached": _lt(
        "Quality: %(score)s of %(highest)s, %(needed)s are needed: reached."
    ),
    "assessment_quality_missed": _lt(
        "Quality: %(score)s of %(highest)s, %(needed)s are needed: not reached."
    ),
    "assessment_quality_missing": _lt("The quality score is missing."),
    "assessment_quality_range": _lt(
        "The quality score %(score)s is not between %(lowest)s and %(highest)s."
    ),
    # collection
    "collection_nothing_due": _lt("There is nothing to pay."),
    "collection_within_limit": _lt(
        "%(amount)s is within the limit of %(limit)s: it may be collected on the spot."
    ),
    "collection_above_limit": _lt(
        "%(amount)s is above the limit of %(limit)s: a service voucher goes to finance today."
    ),
    "collection_not_accepted": _lt(
        "The customer had not accepted the price before the work: %(amount)s is not collected on "
        "the spot."
    ),
    "payment_method_unknown": _lt("There is no such way to pay: %(method)s."),
    "payment_no_reference": _lt("A payment by %(method)s needs its reference."),
    "payment_amount": _lt("The amount %(amount)s is not above zero."),
    "payment_above_limit": _lt(
        "%(amount)s is above the limit of %(limit)s for collecting on the spot."
    ),
    "voucher_open": _lt("Finance has until %(deadline_at)s to process the voucher."),
    "voucher_done": _lt(
        "Finance processed the voucher at %(done_at)s, in time until %(deadline_at)s."
    ),
    "voucher_done_late": _lt(
        "Finance processed the voucher at %(done_at)s, after %(deadline_at)s."
    ),
    "voucher_overdue": _lt("The voucher was not processed until %(deadline_at)s."),
    "custody_open": _lt(
        "%(amount)s in cash are in the technician's custody, to be handed over until "
        "%(deadline_at)s."
    ),
    "custody_done": _lt(
        "%(amount)s in cash were handed over at %(done_at)s, in time until %(deadline_at)s."
    ),
    "custody_done_late": _lt(
        "%(amount)s in cash were handed over at %(done_at)s, after %(deadline_at)s."
    ),
    "custody_overdue": _lt(
        "%(amount)s in cash should have been handed over until %(deadline_at)s."
    ),
    "invoice_collection_open": _lt("%(amount)s are to be collected until %(deadline_at)s."),
    "invoice_collection_done": _lt(
        "%(amount)s were collected at %(done_at)s, in time until %(deadline_at)s."
    ),
    "invoice_collection_done_late": _lt(
        "%(amount)s were collected at %(done_at)s, after %(deadline_at)s."
    ),
    "invoice_collection_overdue": _lt(
        "%(amount)s should have been collected until %(deadline_at)s."
    ),
    # order_flow
    "flow_not_from": _lt(
        "“%(action)s” is not possible while the order is “%(state)s”, only from: %(allowed)s."
    ),
    "flow_finished": _lt(
        "“%(action)s” is not possible: the order is “%(state)s”, and a done order is never "
        "reopened. A fault that comes back gets a rework order."
    ),
    "flow_cancelled": _lt("“%(action)s” is not possible: the order is cancelled."),
}
