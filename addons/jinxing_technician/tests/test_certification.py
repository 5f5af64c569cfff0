import re
from datetime import date
from pathlib import Path

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.jinxing_technician.rules import grading

from .common import DAY, TechnicianCase


@tagged("post_install", "-at_install")
class TestCertification(TechnicianCase):
    def test_t0_award_gives_number_dates_and_decisions(self):
        """T0: an award is a record with number, validity and the reasons it rests on."""
        record = self.award(self.li, 2, date(2024, 3, 15))
        self.assertEqual(record.state, "awarded")
        self.assertRegex(record.number, r"^JS-2024-\d{4}$")
        self.assertEqual(record.date_expiry, date(2026, 3, 15))
        self.assertEqual(record.valid_to, record.date_expiry)
        self.assertEqual(record.examiner_kind, "external")
        self.assertTrue(self.li.is_technician)
        decisions = {d.kind: d for d in record.decision_ids}
        self.assertEqual(decisions["examiner"].outcome, grading.ACCEPTED)
        self.assertEqual(decisions["examination"].clause_codes, ["T0", "T2"])
        self.assertIn("80 of 100", decisions["examination"].explanation)
        self.assertEqual(decisions["examination"].outcome_label, "Passed")

    def test_t0_numbers_are_distinct_in_a_batch(self):
        """T0: several awards at once, each with its number."""
        records = self.certificate(self.li, 2) + self.certificate(self.zhang, 3)
        records.action_award()
        self.assertEqual(len(set(records.mapped("number"))), 2)
        self.assertEqual(self.grade_of(self.zhang), 3)

    def test_t0_validity_is_policy_of_the_day(self):
        """T0: a changed validity counts for awards from its day on."""
        self.env["jinxing.policy.value"].create(
            {
                "parameter_id": self.env.ref(
                    "jinxing_technician.policy_certification_validity_months"
                ).id,
                "date_from": date(2025, 1, 1),
                "value": "12",
            }
        )
        old, new = self.award(self.li, 2, date(2024, 12, 31)), self.award(
            self.zhang, 2, date(2025, 1, 1)
        )
        self.assertEqual(old.date_expiry, date(2026, 12, 31))
        self.assertEqual(new.date_expiry, date(2026, 1, 1))

    def test_t0_day_of_expiry_still_counts(self):
        """T0: the last day belongs to the validity."""
        record = self.award(self.li, 4, self.months_ago(24))
        last = record.date_expiry
        self.assertEqual(self.grade_of(self.li, record.date_award - DAY), 0)
        self.assertEqual(self.grade_of(self.li, record.date_award), 4)
        self.assertEqual(self.grade_of(self.li, last), 4)
        self.assertEqual(self.grade_of(self.li, last + DAY), 0)
        self.assertEqual(last, self.today)
        self.assertEqual(self.li.technician_grade, 4)
        self.assertEqual(record.validity, "valid")

    def test_t0_downgrade_ends_the_higher_grade(self):
        """T0: the newest award decides, also when it is lower; the history stays."""
        high = self.award(self.li, 4, self.months_ago(10))
        low = self.award(self.li, 3, self.months_ago(2))
        self.assertEqual(high.valid_to, low.date_award - DAY)
        self.assertEqual(high.validity, "replaced")
        self.assertEqual(self.grade_of(self.li), 3)
        self.assertEqual(self.grade_of(self.li, low.date_award - DAY), 4)
        found = self.env["jinxing.certification"].search(
            [("partner_id", "=", self.li.id), ("holds_on", "=", low.date_award - DAY)]
        )
        self.assertEqual(found, high)

    def test_t0_two_awards_of_one_day_the_later_made_holds(self):
        """T0: never two grades on one day."""
        first = self.certificate(self.li, 2)
        second = self.certificate(self.li, 5)
        second.action_award()
        first.action_award()
        self.assertEqual(len(self.li._technician_grades()), 1)
        self.assertEqual(
            self.env["jinxing.certification"].search_count(
                [("partner_id", "=", self.li.id), ("holds_on", "=", self.today)]
            ),
            1,
        )

    def test_t0_revoked_from_a_day_on(self):
        """T0: a revoked grade does not bring the earlier one back."""
        self.award(self.li, 2, self.months_ago(10))
        high = self.award(self.li, 4, self.months_ago(5))
        high.action_revoke("Careless work", self.today)
        self.assertEqual(high.state, "revoked")
        self.assertEqual(high.valid_to, self.today - DAY)
        self.assertEqual(self.grade_of(self.li), 0)
        self.assertEqual(self.grade_of(self.li, self.today - DAY), 4)
        self.assertEqual(self.li.technician_grade_level, "0")

    def test_t0_revoked_from_its_first_day_never_was(self):
        """T0: an award made in error leaves the one before it in force."""
        first = self.award(self.li, 2, self.months_ago(10))
        error = self.award(self.li, 4, self.months_ago(5))
        error.action_revoke("Wrong person", error.date_award)
        self.assertEqual(self.grade_of(self.li), 2)
        self.assertEqual(first.valid_to, first.date_expiry)

    def test_t0_revocation_needs_reason_and_an_award(self):
        """T0: no revocation without a reason, before the award, or twice."""
        record = self.award(self.li, 2)
        for reason, day in (("  ", self.today), ("Late", self.today - DAY)):
            with self.assertRaises(UserError):
                record.action_revoke(reason, day)
        wizard = self.env["jinxing.certification.revoke"].create(
            {"certification_ids": record.ids, "reason": "Careless"}
        )
        wizard.action_confirm()
        self.assertEqual(record.revoke_reason, "Careless")
        with self.assertRaises(UserError):
            record.action_revoke("Again")

    def test_t0_marks_missed_are_named(self):
        """T0: the error says which part missed which mark."""
        record = self.certificate(self.li, 2, score_written=59, score_practical=40)
        with self.assertRaisesRegex(UserError, "59.*60.*40.*70"):
            record.action_award()
        self.assertEqual(record.state, "draft")
        record.write({"score_written": 60, "score_practical": 70})
        record.action_award()

    def test_t5_examiner_refused(self):
        """T5: four stars do not examine, nobody examines himself, a mere contact neither."""
        self.award(self.zhao, 4, self.months_ago(3))
        record = self.certificate(self.li, 2, examiner=self.zhao)
        self.assertFalse(record.examiner_kind)
        with self.assertRaisesRegex(UserError, "examiner"):
            record.action_award()
        record.examiner_kind = "five_star"
        with self.assertRaisesRegex(UserError, "five stars.*4"):
            record.action_award()
        record.examiner_kind = "manager"
        with self.assertRaisesRegex(UserError, "no manager"):
            record.action_award()
        self.zhao.is_external_examiner = True
        own = self.certificate(self.zhao, 5, examiner=self.zhao)
        with self.assertRaisesRegex(UserError, "himself"):
            own.action_award()

    def test_t5_five_star_and_manager_examine(self):
        """T5: who held five stars on the day may examine, and so may a manager."""
        self.award(self.zhao, 5, self.months_ago(10))
        by_zhao = self.award(self.li, 3, self.months_ago(9), self.zhao)
        self.assertEqual(by_zhao.examiner_kind, "five_star")
        early = self.certificate(self.zhang, 3, self.months_ago(11), self.zhao)
        self.assertFalse(early.examiner_kind)
        by_manager = self.award(self.zhang, 1, examiner=self.users["manager"].partner_id)
        self.assertEqual(by_manager.examiner_kind, "manager")

    def test_t0_an_award_is_not_edited_nor_deleted(self):
        """T0: history is kept."""
        record = self.award(self.li, 2)
        for values in ({"grade": 5}, {"grade_level": "5"}, {"date_award": self.months_ago(1)},
                       {"partner_id": self.zhang.id}, {"score_written": 100}):
            with self.assertRaises(UserError):
                record.write(values)
        with self.assertRaises(UserError):
            record.unlink()
        as_manager = record.with_user(self.users["manager"])
        for values in ({"state": "draft"}, {"valid_to": date(2099, 1, 1)}, {"number": "X"}):
            with self.assertRaises(UserError):
                as_manager.write(values)
        as_manager.note = "A remark stays possible"
        with self.assertRaises(UserError):
            self.certificate(self.li, 5, state="awarded")
        with self.assertRaises(UserError):
            self.env["jinxing.certification"].with_context(default_state="awarded").create(
                {"partner_id": self.li.id, "grade": 5, "number": "X", "valid_to": self.today}
            )

    def test_t0_award_needs_day_and_draft(self):
        """T0: no award in the future, none twice."""
        future = self.certificate(self.li, 2, self.today + DAY)
        with self.assertRaisesRegex(UserError, "future"):
            future.action_award()
        record = self.award(self.zhang, 2)
        with self.assertRaisesRegex(UserError, "not a draft"):
            record.action_award()
        copy = record.copy()
        self.assertEqual((copy.state, copy.number, copy.valid_to), ("draft", False, False))

    @mute_logger("odoo.sql_db")
    def test_t1_t5_grades_are_one_to_five(self):
        """T1-T5: the database refuses other grades and scores beyond 100."""
        for values in ({"grade": 6}, {"grade": 0}, {"score_written": 101}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.certificate(self.li, **{"grade": 2, **values})
                self.env.flush_all()

    def test_t1_t5_whom_to_send(self):
        """T1-T5, S7: the category's grade decides; training is enough where none is asked."""
        self.award(self.zhao, 4)
        self.award(self.li, 3)
        self.training(self.zhang).action_done()
        persons = self.zhao + self.li + self.zhang + self.external

        def sent(category):
            decisions = persons._technician_decisions(category)
            return persons.filtered(lambda p: decisions[p.id].outcome == grading.ALLOWED)

        self.assertEqual(sent(self.gearbox), self.zhao)
        self.assertEqual(sent(self.belts), self.zhao + self.li)
        self.assertEqual(sent(self.installation), self.zhao + self.li + self.zhang)
        self.assertEqual(sent(self.belts + self.gearbox), self.zhao)
        self.assertEqual(persons._technician_qualified(), self.zhao + self.li + self.zhang)

    def test_t4_refusal_names_the_fault_in_words(self):
        """T4: the reason reads as the category's name, in the reader's language."""
        decision = self.li._technician_decisions(self.gearbox)[self.li.id]
        text = " ".join(self.env["jinxing.decision"]._sentences(decision))
        self.assertIn(self.gearbox.name, text)
        self.assertNotIn(self.gearbox.code, text)
        self.assertEqual(decision.outcome, grading.REFUSED)

    def test_t1_t5_demanded_grades_of_the_categories(self):
        """T1-T5: the categories' competences give the handbook's grades."""
        for code, grade in (("gearbox", 4), ("hydraulics", 4), ("engine", 4), ("electrical", 2),
                            ("belts", 1), ("chassis", 3), ("overhaul", 5), ("installation", 0)):
            category = self.env.ref(f"jinxing_technician.category_{code}")
            self.assertEqual(category.min_grade, grade, code)
            self.assertEqual(category.min_grade_level, str(grade))

    def test_t0_search_by_grade_of_today(self):
        """T0: contacts are found by the grade they hold today."""
        self.award(self.zhao, 4)
        self.award(self.li, 3, self.months_ago(30))
        partners = self.env["res.partner"].with_user(self.users["parts_keeper"])
        own = [("id", "in", (self.zhao + self.li).ids)]
        self.assertEqual(partners.search([*own, ("technician_grade", "=", 4)]), self.zhao)
        self.assertEqual(partners.search([*own, ("technician_grade", "=", 0)]), self.li)
        self.assertEqual(partners.search([*own, ("technician_grade", "!=", 0)]), self.zhao)

    def test_every_step_has_a_sentence(self):
        """Each step the rules give can be read."""
        source = Path(grading.__file__).read_text(encoding="utf-8")
        texts = set(self.env["jinxing.decision"]._texts())
        keys = set(re.findall(r'Step\.of\("(\w+)"', source))
        keys |= set(re.findall(r'key = "(\w+)"', source))
        for part in ("exam_written", "exam_practical"):
            keys |= {f"{part}_failed", f"{part}_passed"}
        keys |= {f"judge{no}_{kind}" for no in ("", "_not") for kind in grading.EXAMINER_KINDS}
        keys |= set(re.findall(r'"(dispatch_(?:grade|by)_\w+|judge_\w+)"', source))
        self.assertGreater(len(keys), 20)
        self.assertFalse(keys - texts)

    def test_t0_certificate_prints(self):
        """T0: the certificate is a page with grade, number and dates."""
        record = self.award(self.li, 4)
        html, kind = self.env["ir.actions.report"]._render_qweb_html(
            "jinxing_technician.report_certification", record.ids
        )
        self.assertEqual(kind, "html")
        text = html.decode()
        self.assertIn(record.number, text)
        self.assertIn("★★★★", text)
        self.assertIn("Li", text)

    def test_decisions_and_certificate_read_in_chinese(self):
        """T0: whoever reads Chinese gets the reasons and the certificate in Chinese."""
        if "zh_CN" not in dict(self.env["res.lang"].get_installed()):
            self.skipTest("Chinese is not installed")
        self.li.lang = "zh_CN"
        record = self.award(self.li, 4)
        decision = record.decision_ids.filtered(lambda d: d.kind == "examination")
        chinese = decision.with_context(lang="zh_CN")
        self.assertIn("理论", chinese.explanation)
        self.assertEqual(chinese.outcome_label, "合格")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "jinxing_technician.report_certification", record.ids
        )[0]
        self.assertIn("星级技术员证书", html.decode())

    def test_grades_take_one_query(self):
        """T1-T5: asking for one or for fifty persons costs the same."""
        many = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(50)])
        self.env["jinxing.certification"].concat(
            *(self.certificate(partner, 2) for partner in many)
        ).action_award()
        self.env.flush_all()
        for persons in (many[:1], many):
            with self.assertQueryCount(1):
                self.assertEqual(len(persons._technician_grades(self.today)), len(persons))
            with self.assertQueryCount(1):
                persons._technician_standings(self.today)
        self.gearbox.mapped("code")
        self.gearbox.mapped("min_grade")
        for persons in (many[:1], many):
            with self.assertQueryCount(1):
                persons._technician_decisions(self.gearbox, self.today)
