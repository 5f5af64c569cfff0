from datetime import datetime, time

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DAY, BaseCase


@tagged("post_install", "-at_install")
class TestPolicy(BaseCase):
    """R9: the numbers the company may set, each from a day on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["jinxing.policy.parameter"]
        cls.limit = cls.parameter("b_limit", minimum=1)
        cls.value(cls.limit, "10", "2020-01-01")

    @classmethod
    def parameter(cls, key, value_type="integer", **values):
        return cls.model.create({"key": key, "name": key, "value_type": value_type, **values})

    @classmethod
    def value(cls, parameter, value, date_from="2020-01-01", **values):
        return cls.env["jinxing.policy.value"].create(
            {"parameter_id": parameter.id, "value": value, "date_from": date_from, **values}
        )

    def ask(self, key="b_limit", on=None, **kw):
        return self.model._value(key, on, **kw)

    def test_typed_values(self):
        """S8.2, S8.4: a value comes as what its type says."""
        cases = (
            ("integer", "24", 24),
            ("float", " 0.5 ", 0.5),
            ("boolean", "Yes", True),
            ("boolean", "0", False),
            ("char", " either ", "either"),
            ("times", "07:00-21:00", ((time(7), time(21)),)),
            ("timezone", "Asia/Urumqi", "Asia/Urumqi"),
        )
        for number, (value_type, text, expected) in enumerate(cases):
            key = f"b_typed_{number}"
            self.value(self.parameter(key, value_type), text)
            self.assertEqual(self.ask(key), expected)
            self.assertIs(type(self.ask(key)), type(expected))

    def test_value_of_the_day(self):
        """R9: an old case is judged by the value of its day, the first day included."""
        self.value(self.limit, "20", "2026-03-01")
        self.assertEqual(self.ask(on=self.day("2026-02-28")), 10)
        self.assertEqual(self.ask(on=self.day("2026-03-01")), 20)
        self.assertEqual(self.ask(on=self.day("2020-01-01")), 10)

    def day(self, text):
        return self.env["jinxing.policy.value"]._fields["date_from"].to_date(text)

    def test_no_value_names_key_and_day(self):
        """R9: a missing value is an error that says what to set."""
        with self.assertRaisesRegex(UserError, "b_limit.*2019-12-31"):
            self.ask(on=self.day("2019-12-31"))
        with self.assertRaisesRegex(UserError, "b_nothing"):
            self.ask("b_nothing")

    def test_company_goes_first(self):
        """R9: a company's own value goes before a later general one, from its day on."""
        self.value(self.limit, "30", "2026-01-01")
        self.value(self.limit, "5", "2025-01-01", company_id=self.other_company.id)
        self.assertEqual(self.ask(company=self.other_company), 5)
        self.assertEqual(self.ask(company=self.company), 30)
        self.assertEqual(self.ask(on=self.day("2024-12-31"), company=self.other_company), 10)
        self.assertEqual(
            self.model.with_company(self.other_company).browse(self.limit.id).current_value, "5"
        )
        self.assertEqual(self.limit.current_value, "30")

    def test_change_known_at_once(self):
        """R9: rules see a new value, a new parameter and a deleted one at once."""
        self.assertEqual(self.ask(), 10)
        future = self.value(self.limit, "40", self.today)
        self.assertEqual(self.ask(), 40)
        future.value = "41"
        self.assertEqual(self.ask(), 41)
        future.unlink()
        self.assertEqual(self.ask(), 10)
        self.limit.unlink()
        with self.assertRaises(UserError):
            self.ask()

    def test_new_parameter_known_at_once(self):
        """R9: a parameter made after the types were read is known with its type."""
        self.assertEqual(self.ask(), 10)
        late = self.parameter("b_late", "boolean")
        self.assertEqual(self.model._types_by_key()["b_late"], "boolean")
        self.value(late, "yes")
        self.assertIs(self.ask("b_late"), True)
        late.sudo().value_type = "char"
        self.assertEqual(self.ask("b_late"), "yes")

    def test_everybody_asks(self):
        """R9: policies hold for everybody, whoever asks."""
        for role in ("portal", "public", "technician"):
            self.assertEqual(self.model.with_user(self.users[role])._value("b_limit"), 10)

    def test_bad_values_refused(self):
        """R9: what is no value of the type, below the minimum or no choice is refused."""
        choice = self.parameter("b_choice", "char", choices="both, either")
        flag = self.parameter("b_flag", "boolean")
        share = self.parameter("b_share", "float", minimum=0)
        text = self.parameter("b_text", "char")
        times = self.parameter("b_times", "times")
        zone = self.parameter("b_zone", "timezone")
        bad = (
            (times, "7-9"),
            (times, "07:00-12:00, 11:00-13:00"),
            (zone, "Asia/Deyang"),
            (self.limit, "ten"),
            (self.limit, "1.5"),
            (self.limit, "0"),
            (flag, "perhaps"),
            (share, "nan"),
            (share, "inf"),
            (share, "-0.1"),
            (choice, "neither"),
            (text, "   "),
        )
        for parameter, value in bad:
            with self.subTest(value), self.assertRaises(ValidationError):
                self.value(parameter, value, "2021-01-01")
        self.value(choice, "either")
        with self.assertRaises(ValidationError):
            choice.choices = "both"
        with self.assertRaises(ValidationError):
            self.limit.minimum = 11

    def test_day_where_the_service_is_given(self):
        """G1.2, S8.11: days are counted at the place of the service, not the reader's."""
        parameters = self.model.with_context(tz="America/New_York")
        late, early = datetime(2026, 9, 12, 15, 59, 59), datetime(2026, 9, 12, 16)
        self.assertEqual(parameters._service_day(late), self.day("2026-09-12"))
        self.assertEqual(parameters._service_day(early), self.day("2026-09-13"))
        zone = self.env.ref("jinxing_base.policy_service_timezone")
        self.value(zone, "UTC", "2020-01-01", company_id=self.other_company.id)
        self.assertEqual(
            parameters._service_day(early, self.other_company), self.day("2026-09-12")
        )

    def test_one_value_a_day(self):
        """R9: one value a day and company."""
        self.value(self.limit, "1", "2026-01-01", company_id=self.company.id)
        self.value(self.limit, "2", "2026-01-01")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.value(self.limit, "3", "2026-01-01")

    def test_past_value_stays(self):
        """R9: a value that has been in force is neither deleted nor changed."""
        manager = self.users["manager"]
        past = self.value(self.limit, "7", self.today - DAY).with_user(manager)
        with self.assertRaises(UserError):
            past.unlink()
        for vals in (
            {"value": "8"},
            {"date_from": self.today + DAY},
            {"company_id": self.company.id},
            {"parameter_id": self.parameter("b_other").id},
        ):
            with self.assertRaises(UserError):
                past.write(vals)
        past.note = "Agreed with the dealers"
        self.assertEqual(past.value, "7")

    def test_value_of_today_may_be_corrected(self):
        """R9: a value of today or later can still be corrected and taken back."""
        manager = self.users["manager"]
        values = self.env["jinxing.policy.value"].with_user(manager)
        today = values.create({"parameter_id": self.limit.id, "value": "7"})
        self.assertEqual(today.date_from, self.today)
        today.value = "8"
        self.assertEqual(self.ask(), 8)
        today.unlink()
        self.assertEqual(self.ask(), 10)

    def test_key_and_type_stay(self):
        """R9: rules ask by key and count on the type; the name may change."""
        parameter = self.limit.with_user(self.users["manager"])
        for vals in ({"key": "b_new"}, {"value_type": "char"}):
            with self.assertRaises(UserError):
                parameter.write(vals)
        parameter.name = "Limit"
        self.assertEqual(self.ask(), 10)
