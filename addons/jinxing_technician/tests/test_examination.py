from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import TechnicianCase


@tagged("post_install", "-at_install")
class TestExamination(TechnicianCase):
    @classmethod
    def examination(cls, partner=None, grade=2, practical=80, written=75, **values):
        record = cls.env["jinxing.examination"].create(
            {
                "partner_id": (partner or cls.li).id,
                "grade": grade,
                "examiner_id": cls.external.id,
                **values,
            }
        )
        if practical is not None:
            record.line_ids.score = practical
        if written is not None:
            record.write({"score_written": written, "is_written": True})
        return record

    def test_t0_passed_awards_the_grade(self):
        """T0: written and practical part passed give the certificate."""
        record = self.examination()
        record.action_assess()
        self.assertEqual(record.state, "passed")
        certificate = record.certification_ids
        self.assertEqual((certificate.state, certificate.grade), ("awarded", 2))
        self.assertEqual((certificate.score_written, certificate.score_practical), (75, 80))
        self.assertEqual(self.grade_of(self.li), 2)
        self.assertEqual(set(record.decision_ids.mapped("kind")), {"examiner", "examination"})
        self.assertEqual(record.action_open_certification()["res_id"], certificate.id)

    def test_t0_failed_stays_as_failed(self):
        """T0: one competence below the lowest score fails the whole, and is named."""
        record = self.examination(practical=90)
        record.line_ids[0].score = 49
        record.action_assess()
        self.assertEqual(record.state, "failed")
        self.assertFalse(record.certification_ids)
        decision = record.decision_ids.filtered(lambda d: d.kind == "examination")
        self.assertIn(record.line_ids[0].competence_id.code, decision.explanation)
        self.assertEqual(self.grade_of(self.li), 0)

    def test_t0_several_at_once(self):
        """T0: a class is assessed together, each by his own scores."""
        records = self.examination(self.li) + self.examination(self.zhang, practical=60)
        records.action_assess()
        self.assertEqual(records.mapped("state"), ["passed", "failed"])

    def test_t1_t5_sheet_holds_the_competences_of_the_grade(self):
        """T1-T5: a grade includes the competences of those below."""
        for grade in (1, 4):
            record = self.examination(grade=grade, practical=None)
            grades = record.line_ids.competence_id.mapped("grade")
            self.assertEqual(set(grades), set(range(1, grade + 1)))
        record.grade_level = "2"
        self.assertEqual(set(record.line_ids.competence_id.mapped("grade")), {1, 2})

    def test_t0_incomplete_is_not_assessed(self):
        """T0: both parts, every competence, an examiner, and not before the day."""
        cases = (
            (self.examination(written=None), "written"),
            (self.examination(practical=None), "score sheet"),
            (self.examination(examiner_id=False), "examine"),
            (self.examination(date=self.today + timedelta(days=1)), "ahead"),
        )
        for record, words in cases:
            with self.assertRaisesRegex(UserError, words):
                record.action_assess()
        zero = self.examination(practical=None)
        zero.line_ids.is_scored = True
        zero.action_assess()
        self.assertEqual(zero.state, "failed")

    def test_t5_examiner_of_four_stars_refused(self):
        """T5: who may not examine cannot assess."""
        self.award(self.zhao, 4)
        record = self.examination(examiner_id=self.zhao.id, examiner_kind="five_star")
        with self.assertRaisesRegex(UserError, "five stars"):
            record.action_assess()
        self.assertEqual(record.state, "draft")

    def test_t0_written_part_by_survey(self):
        """T0: the answers of the candidate give the written score."""
        record = self.examination(written=None)
        action = record.action_start_written()
        self.assertIn(record.user_input_id.access_token, action["url"])
        self.assertEqual(record.action_start_written()["url"], action["url"])
        answer = record.user_input_id
        self.assertEqual(answer.partner_id, self.li)
        questions = record.survey_id.question_ids
        for number, question in enumerate(questions):
            right = question.suggested_answer_ids.filtered("is_correct")
            wrong = question.suggested_answer_ids - right
            chosen = wrong[:1] if number < 3 else right
            answer._save_lines(question, str(chosen.id))
        self.assertFalse(record.is_written)
        answer._mark_done()
        self.assertTrue(record.is_written)
        self.assertEqual(record.score_written, 70)
        record.action_assess()
        self.assertEqual(record.state, "passed")

    def test_t0_over_is_over(self):
        """T0: an assessed examination is neither edited nor deleted."""
        record = self.examination()
        record.action_assess()
        for change in (
            lambda: record.write({"grade": 5}),
            lambda: record.line_ids.write({"score": 100}),
            lambda: record.line_ids.unlink(),
            lambda: record.unlink(),
            lambda: record.action_cancel(),
            lambda: record.action_assess(),
            lambda: record.with_user(self.users["manager"]).write({"state": "draft"}),
        ):
            with self.assertRaises(UserError):
                change()
        record.note = "A remark stays possible"

    def test_t5_a_technician_examiner_enters_scores_only(self):
        """T5: the five-star technician fills the sheet, the office assesses."""
        examiner = self.users["technician"]
        self.award(examiner.partner_id, 5)
        record = self.examination(
            practical=None, written=None, examiner_id=examiner.partner_id.id
        ).with_user(examiner)
        with Form(record) as form:
            form.score_written = 80
            form.is_written = True
            for index in range(len(record.line_ids)):
                with form.line_ids.edit(index) as line:
                    line.score = 75
        self.assertEqual(record.score_practical, 75)
        with self.assertRaises(UserError):
            record.grade = 5
        with self.assertRaises(AccessError):
            record.action_assess()
        other = self.examination(self.zhang).with_user(examiner)
        with self.assertRaises(AccessError):
            other.line_ids.score = 100
        record.with_user(self.users["supervisor"]).action_assess()
        self.assertEqual(self.grade_of(self.li), 2)

    def test_t0_candidate_does_not_score_himself(self):
        """T0: the candidate reads his examination and writes nothing."""
        me = self.users["technician"]
        record = self.examination(me.partner_id).with_user(me)
        self.assertEqual(record.score_written, 75)
        for change in (
            lambda: record.write({"note": "x"}),
            lambda: record.line_ids.write({"score": 100}),
            lambda: record.action_start_written(),
        ):
            with self.assertRaises(AccessError):
                change()
        for model in ("jinxing.examination", "jinxing.examination.line"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.users["portal"]).search([])

    def test_t0_reminder_before_expiry_once(self):
        """T0: technician and office are told once, and only while it can still help."""
        soon = self.award(self.li, 2, self.months_ago(24) + timedelta(days=30))
        later = self.award(self.zhang, 2, self.months_ago(24) + timedelta(days=31))
        over = self.award(self.zhao, 2, self.months_ago(25))
        records = soon + later + over
        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", lambda *args, **kwargs: 1.0):
            for _again in range(2):
                self.env["jinxing.certification"]._cron_remind_expiry()
        self.assertEqual(records.filtered("reminded_on"), soon)
        told = soon.message_ids.filtered(lambda m: self.li in m.partner_ids)
        self.assertEqual(len(told), 1)
        self.assertEqual(len(soon.activity_ids), 1)
        self.assertEqual(self.grade_of(self.li), 2)
