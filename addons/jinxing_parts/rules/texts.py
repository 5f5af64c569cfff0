"""The English words of the rules: one sentence per step; labels come from ``labels``.

Nothing here is translated, the models do that: ``_lt`` marks a text for the export of terms.
Parameters ending in ``_date`` are days, shown in the reader's way.
"""

from .labels import KINDS, OUTCOMES, VALUES, _lt

__all__ = ["KINDS", "OUTCOMES", "TEXTS", "VALUES"]

#: ``{step key: sentence}``
TEXTS = {
    # routing: who supplies, on what terms, within what credit
    "supply_named": _lt("%(requester)s is agreed to be supplied by %(centre)s."),
    "supply_region": _lt("The region %(region)s is supplied by %(centre)s."),
    "supply_no_centre": _lt("The region of %(requester)s has no parts centre."),
    "supply_itself": _lt("%(centre)s cannot supply itself."),
    "supply_no_warehouse": _lt("%(centre)s has no warehouse in service."),
    "supply_rerouted": _lt("%(user)s had it supplied from %(warehouse)s: %(reason)s"),
    "supply_by": _lt("So %(centre)s supplies."),
    "supply_headquarters": _lt("So headquarters supplies."),
    "terms_own": _lt("%(requester)s is one of ours: the parts move within our own stock."),
    "terms_warranty": _lt(
        "Warranty parts for the store at %(requester)s: they stay ours until they are fitted."
    ),
    "terms_no_store": _lt("%(requester)s keeps no store of ours."),
    "terms_buys": _lt("%(requester)s is independent and buys: price, credit, invoice."),
    "credit_none": _lt("No credit limit is set."),
    "credit_sum": _lt("Owed %(owed)s, ordered %(ordered)s: %(total)s together."),
    "credit_within": _lt("That keeps within the limit of %(limit)s."),
    "credit_exceeded": _lt("That exceeds the limit of %(limit)s."),
    # classes
    "class_value": _lt(
        "%(part)s at %(warehouse)s: a demand worth %(value)s in the last twelve months."
    ),
    "class_no_value": _lt("%(part)s at %(warehouse)s: no demand in the last twelve months."),
    "class_share": _lt(
        "More valuable parts make up %(share)s %% of all; A reaches up to %(a_share)s %%, B up to "
        "%(b_share)s %%."
    ),
    "class_variation": _lt(
        "Its monthly demand varies by %(variation)s; X reaches up to %(x_max)s, Y up to %(y_max)s."
    ),
    "class_no_demand": _lt("Without demand nothing is regular: Z."),
    "class_is": _lt("So its class is %(part_class)s."),
    "class_policy": _lt("Parts of this class are to be there in %(target)s %% of all cases."),
    "class_dead": _lt("There is stock and no demand since %(months)s months: dead stock."),
    # plan
    "plan_forecast": _lt("%(part)s at %(warehouse)s: %(forecast)s expected from the past."),
    "plan_growth": _lt(
        "The machines it fits grow by %(percent)s %%: %(expected)s are to be expected."
    ),
    "plan_requested": _lt("Stations and centres plan to need %(requested)s."),
    "plan_transfers": _lt("The warehouses supplied from here need %(transfers)s."),
    "plan_demand": _lt("So the demand is %(demand)s, and %(safety)s are to stay as safety stock."),
    "plan_available": _lt(
        "On hand %(on_hand)s, incoming %(incoming)s, committed %(committed)s: %(available)s "
        "available."
    ),
    "plan_enough": _lt("That is enough, or nothing is to be ordered."),
    "plan_net": _lt("%(net)s are lacking."),
    "plan_lot": _lt("The supplier sells at least %(min_qty)s, in packs of %(pack_qty)s."),
    "plan_transfer": _lt("%(quantity)s are to be sent from the supplying warehouse until "
                         "%(order_date)s."),
    "plan_buy": _lt("%(quantity)s are to be ordered until %(order_date)s, for %(amount)s."),
    "plan_warning": _lt("Stock warning: %(warning)s."),
    # suppliers
    "supplier_unknown": _lt("%(supplier)s is no supplier we know."),
    "supplier_not_for_part": _lt("%(supplier)s is not approved for %(part)s."),
    "supplier_not_yet": _lt("Approval %(approval)s holds only from %(start_date)s."),
    "supplier_expired": _lt("Approval %(approval)s ended on %(end_date)s."),
    "supplier_suspended": _lt("Approval %(approval)s is suspended."),
    "supplier_approved": _lt("Approval %(approval)s holds for %(part)s."),
    "supplier_paper_missing": _lt("The document “%(paper)s” is missing."),
    "supplier_paper_expired": _lt("The document “%(paper)s” expired on %(end_date)s."),
    "supplier_paper_not_yet": _lt("The document “%(paper)s” is valid only from %(start_date)s."),
    "supplier_paper_valid": _lt("The document “%(paper)s” %(number)s is valid."),
    "supplier_may_supply": _lt("So %(supplier)s may supply %(part)s."),
    "supplier_may_not": _lt("So %(supplier)s may not supply %(part)s."),
    # old parts
    "debt_right": _lt("%(part)s was granted against the old part only (G3.4)."),
    "debt_covered": _lt("%(part)s was fitted free of charge, and its old part must come back."),
    "debt_paid_too": _lt("The old part of %(part)s must come back though the customer paid."),
    "debt_paid": _lt("The customer paid for %(part)s; the old part is his."),
    "debt_not_asked": _lt("The old part of %(part)s need not come back."),
    "debt_until": _lt("%(quantity)s are owed for %(days)s days, until %(due_date)s."),
    "fate_supplier": _lt("%(part)s failed by its supplier's fault: claim it from %(supplier)s."),
    "fate_supplier_over": _lt("The guarantee of %(supplier)s ended on %(end_date)s."),
    "fate_refurbish": _lt("%(part)s can be made good again."),
    "fate_not_usable": _lt("%(part)s is too bad to be made good again."),
    "fate_scrap": _lt("So %(part)s is scrapped."),
    "charge_returned": _lt("The old part of %(part)s has come back."),
    "charge_in_time": _lt("The old part of %(part)s may come until %(due_date)s."),
    "charge_overdue": _lt(
        "The old part of %(part)s should have come until %(due_date)s, %(days)s days ago."
    ),
    "charge_amount": _lt("%(quantity)s at %(price)s: %(amount)s."),
    "charge_done": _lt("The old part of %(part)s was charged already: %(amount)s."),
    # warranty parts
    "audit_sum": _lt(
        "%(part)s: %(opening)s were there, %(issued)s came, %(fitted)s were fitted, %(returned)s "
        "went back."
    ),
    "audit_corrected": _lt("Counts in the period took off %(corrected)s."),
    "audit_counted": _lt("By the books %(book)s are there; %(counted)s were counted."),
    "audit_not_counted": _lt("By the books %(book)s are there; nobody counted them."),
    "audit_missing": _lt("%(part)s: %(missing)s are neither fitted nor returned nor there."),
    "audit_surplus": _lt("%(part)s: %(surplus)s more than there should be."),
    "audit_fits": _lt("All warranty parts of %(provider)s are accounted for."),
    "audit_amount": _lt("What is missing at %(provider)s is worth %(amount)s."),
    # fitting and supersession
    "fitting_approved": _lt("%(part)s is approved for %(model)s."),
    "fitting_not_approved": _lt("%(part)s is not approved for %(model)s."),
    "fitting_superseded": _lt("%(part)s is superseded by %(successor)s."),
    "fitting_use_up": _lt("What is left of %(part)s may be used up."),
    "fitting_no_stock": _lt("Nothing is left of %(part)s."),
    "fitting_not_used_up": _lt("%(part)s is not used up, it is no longer fitted."),
    "fitting_successor": _lt("%(successor)s is approved for %(model)s: fit it instead."),
    "fitting_successor_not_approved": _lt("%(successor)s is not approved for %(model)s."),
    # tools
    "tool_worn": _lt("%(tool)s was in use for %(months)s months: normal wear."),
    "tool_worn_early": _lt("%(tool)s is worn out after only %(months)s months: no normal wear."),
    "tool_value": _lt(
        "%(tool)s cost %(cost)s and was in use for %(months)s of %(life)s months: worth %(value)s."
    ),
    "tool_no_value": _lt("%(tool)s was worth nothing any more."),
    "tool_lost": _lt("%(tool)s was lost: its value is due."),
    "tool_damaged": _lt("%(tool)s was damaged: %(amount)s are due, its value at most."),
    "tool_amount": _lt("The holder pays %(amount)s."),
    "tools_none": _lt("%(person)s holds no tools."),
    "tools_held": _lt("%(person)s still holds: %(tools)s."),
    "tools_hand_over": _lt("They are to be returned or handed over first (B24)."),
}
