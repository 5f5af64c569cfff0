from odoo import fields, models


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    follow_up_role = fields.Selection(
        [
            ("satisfaction", "Satisfaction from 1 to 5"),
            ("n10", "Asked for meals or money (N10)"),
            ("s8_7", "Belongings taken or damaged (S8.7)"),
            ("s8_8", "Site not cleared (S8.8)"),
        ],
        "In a follow-up",
        help="What the answer means in a follow-up (M27, N10, S8.7, S8.8).",
    )


class SurveyQuestionAnswer(models.Model):
    _inherit = "survey.question.answer"

    follow_up_value = fields.Integer(
        "Value in a follow-up",
        help="Satisfaction from 1 to 5; else 1 if the answer says what must not be, 0 if not.",
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
