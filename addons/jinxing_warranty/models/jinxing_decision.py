from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

_CLASSES = {
    "machine": _lt("whole machine"),
    "main": _lt("main component"),
    "electrical": _lt("electrical"),
    "wear": _lt("wear part"),
}


class JinxingDecision(models.Model):
    _inherit = "jinxing.decision"

    @api.model
    def _texts(self):
        return {
            **super()._texts(),
            "cover_card": _lt(
                "The warranty card promises %(months)s months for the class “%(cover_class)s”."
            ),
            "cover_policy": _lt(
                "The policy of the fault's day (%(policy)s) gives %(months)s months for the class "
                "“%(cover_class)s”, which is better for the customer."
            ),
            "cover_floor": _lt(
                "The law gives at least %(months)s months for the class “%(cover_class)s” (L24b)."
            ),
            "cover_period": _lt(
                "Invoice day %(start_date)s plus %(months)s months: covered until %(end_date)s, "
                "that day included."
            ),
            "cover_downtime": _lt(
                "%(days)s days of warranty repair are given back: until %(end_date)s (L-down)."
            ),
            "cover_holiday": _lt(
                "%(day_date)s is a public holiday, the next working day counts: %(end_date)s."
            ),
            "cover_from_sale": _lt(
                "No invoice is known; cover is reckoned from the sale we know of (%(start_date)s)."
            ),
            "card_policy": _lt("The policy of the invoice day: %(policy)s."),
            "card_goes_on": _lt(
                "The machine was exchanged; the cover of card %(card)s goes on with this one."
            ),
            "card_anew": _lt(
                "The machine was exchanged for that of card %(card)s; cover begins anew on "
                "%(start_date)s (L-new)."
            ),
            "card_line": _lt(
                "%(cover_class)s: %(start_date)s plus %(months)s months, covered until "
                "%(end_date)s, that day included."
            ),
            "card_line_moved": _lt(
                "%(cover_class)s: %(start_date)s plus %(months)s months would be %(plain_date)s; "
                "%(days)s days of repair and a holiday at the end count (L-down): covered until "
                "%(end_date)s."
            ),
            "cover_no_start": _lt("The day of the invoice is not known."),
            "proof_missing": _lt(
                "There is no proof of purchase (card: %(card)s, invoice: %(invoice)s) and no sale "
                "we could prove."
            ),
            "proof_seller_error": _lt(
                "Card or invoice is missing through the seller's error; that is no ground to "
                "refuse (L-err)."
            ),
            "proof_sale": _lt(
                "Card or invoice is missing, but the machine is registered as sold: that is proof."
            ),
            "card_altered": _lt(
                "The card was altered, and no supervisor has confirmed the alteration."
            ),
            "card_altered_seller_error": _lt(
                "The card was altered through the seller's error; that is no ground to refuse."
            ),
            "card_model_differs": _lt("The model on the card is not the model of the machine."),
            "card_model_differs_seller_error": _lt(
                "The model on the card is wrong through the seller's error; that is no ground to "
                "refuse."
            ),
            "excluded_G5.1": _lt("Improper use, upkeep or storage; evidence: %(evidence)s"),
            "excluded_G5.2": _lt(
                "Dismantled by somebody who is no three-guarantees repairer; evidence: "
                "%(evidence)s"
            ),
            "excluded_G5.5": _lt("Force majeure; evidence: %(evidence)s"),
            "excluded_no_evidence": _lt(
                "Ground %(clause)s was named without evidence, so it does not count."
            ),
            "fault_before_start": _lt(
                "The fault of %(fault_date)s came before the cover began: it is the seller's."
            ),
            "fault_in_cover": _lt(
                "The fault of %(fault_date)s lies within the cover (until %(end_date)s)."
            ),
            "fault_after_cover": _lt(
                "The fault of %(fault_date)s came after the cover had ended on %(end_date)s."
            ),
            "outcome_free": _lt("So the repair is free."),
            "outcome_chargeable": _lt("So the repair is chargeable; it is never refused."),
        }

    @api.model
    def _value_texts(self):
        words = {("cover_class", code): word for code, word in _CLASSES.items()}
        return {**super()._value_texts(), **words}

    @api.model
    def _kind_texts(self):
        return {**super()._kind_texts(), "card": _lt("How long is the machine covered?")}

    @api.model
    def _outcome_texts(self):
        return {
            **super()._outcome_texts(),
            ("card", "stated"): _lt("As stated on the card"),
            ("cover", "free"): _lt("Free"),
            ("cover", "chargeable"): _lt("Chargeable"),
        }
