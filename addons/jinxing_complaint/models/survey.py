from odoo import fields, models


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    follow_up_role = fields.Selection(
        [("satisfaction", "Satisfaction from 1 to 5"), ("n10", "Asked for meals or money (N10)")],
        "In a follow-up",
        help="What the answer means in a follow-up (M27, N10).",
    )


class SurveyQuestionAnswer(models.Model):
    _inherit = "survey.question.answer"

    follow_up_value = fields.Integer(
        "Value in a follow-up", help="Satisfaction from 1 to 5; 1 for yes, 0 for no."
    )


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    def _mark_done(self):
        result = super()._mark_done()
        # sudo: the customer or the clerk answers, the follow-up takes it over
        calls = self.env["jinxing.follow.up"].sudo().search(
            [("user_input_id", "in", self.ids), ("state", "=", "planned")]
        )
        calls._take_survey()
        return result
