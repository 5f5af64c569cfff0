from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class JinxingDecision(models.Model):
    _inherit = "jinxing.decision"

    @api.model
    def _texts(self):
        return {
            **super()._texts(),
            "return_policy": _lt("The return policy “%(policy)s” holds on the day of the request."),
            "return_entitled": _lt("There is a right to it by %(clause)s."),
            "return_not_our_sale": _lt(
                "The goods were sold by %(seller)s, not by an outlet of ours: the sale is his."
            ),
            "return_no_proof": _lt("No invoice or other document shows that we sold the goods."),
            "return_misuse": _lt("Improper use or upkeep; evidence: %(evidence)s"),
            "return_as_normal": _lt(
                "Sold on %(sold_date)s: within %(days)s days, until %(last_date)s, "
                "three-guarantees goods go back like normal ones."
            ),
            "return_after_normal": _lt(
                "Sold on %(sold_date)s: the %(days)s days ended on %(last_date)s; an inspection "
                "report is needed."
            ),
            "return_no_sale_date": _lt(
                "The day of the sale is not known; an inspection report is needed."
            ),
            "return_report_missing": _lt("There is no inspection report of the competent body."),
            "return_report_incomplete": _lt("The inspection report lacks: %(missing)s"),
            "return_report": _lt(
                "Inspection report %(number)s of %(issuer)s, dated %(report_date)s."
            ),
            "return_company_fault": _lt("The goods were damaged through our fault."),
            "return_too_late": _lt("Returned after %(last_date)s (%(days)s days after the sale)."),
            "return_condition_unknown": _lt("The condition of the goods has not been checked yet."),
            "return_condition_bad": _lt(
                "The goods are soiled or damaged and cannot be sold again."
            ),
            "return_condition_good": _lt(
                "The goods are neither soiled nor damaged and can be sold again."
            ),
            "return_eligible": _lt("So they may be returned or exchanged."),
            "return_refused": _lt(
                "So they are not returned or exchanged; a repair or a talk is offered."
            ),
            "return_needs_report": _lt("So an inspection report is needed first."),
            "return_needs_check": _lt("So the condition must be checked first."),
            "return_approved": _lt(
                "Exchanged nevertheless with the approval of %(approver)s, because repair will "
                "not do: %(reason)s"
            ),
            "way_same_model": _lt(
                "%(product)s of the same model and specification is in stock: %(free)s free."
            ),
            "way_no_stock": _lt(
                "No %(product)s of the same model and specification is free: %(free)s in stock."
            ),
            "way_wait_order": _lt(
                "The customer may wait for one; none is on its way, order %(product)s."
            ),
            "way_wait_expected": _lt(
                "The customer may wait for the next one, expected on %(expected_date)s."
            ),
            "way_refund": _lt("Or he takes back all that he paid."),
            "way_refund_seller": _lt("Or he takes his money back from %(seller)s, who sold it."),
            "way_other_model": _lt("Or he agrees to another model: %(others)s."),
            "price_entitled": _lt(
                "There is a right to it by %(clause)s: all that was paid, %(paid)s."
            ),
            "price_original": _lt(
                "Damaged through our fault: the price at the purchase, %(original)s, at most what "
                "was paid, %(paid)s."
            ),
            "price_season": _lt(
                "Seasonal goods, the season ended on %(season_date)s: today's price %(current)s."
            ),
            "price_capped": _lt("No more than was paid: %(paid)s."),
            "price_paid": _lt("The price really paid: %(paid)s."),
            "price_discount": _lt(
                "Bought at a discount: the list price was %(original)s, %(paid)s was paid."
            ),
            "price_amount": _lt("%(unit)s × %(quantity)s = %(amount)s %(currency)s"),
        }

    @api.model
    def _kind_texts(self):
        return {
            **super()._kind_texts(),
            "return": _lt("May it be returned or exchanged?"),
            "refund_price": _lt("At what price?"),
            "exchange_way": _lt("How is it exchanged?"),
        }

    @api.model
    def _outcome_texts(self):
        return {
            **super()._outcome_texts(),
            ("return", "eligible"): _lt("Yes"),
            ("return", "refused"): _lt("No"),
            ("return", "needs_report"): _lt("Only with an inspection report"),
            ("return", "needs_check"): _lt("After the condition is checked"),
            ("exchange_way", "same_model"): _lt("Same model and specification"),
            ("exchange_way", "no_stock"): _lt("None in stock: the customer chooses"),
            ("refund_price", "R12.1"): _lt("Price paid"),
            ("refund_price", "R12.2"): _lt("Today's price"),
            ("refund_price", "R12.3"): _lt("Price at the purchase"),
        }

    @api.model
    def _value_texts(self):
        return {
            **super()._value_texts(),
            ("missing", "issuer"): _lt("issuer"),
            ("missing", "number"): _lt("number"),
            ("missing", "date"): _lt("a day between the sale and today"),
            ("missing", "file"): _lt("the file"),
        }
