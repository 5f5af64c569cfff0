import io
from datetime import date, datetime, timedelta

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import RepairCase


@tagged("post_install", "-at_install")
class TestDailyReport(RepairCase):
    """S8.10, N1: work logs, the technician's report and the department's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.logs = cls.env["jinxing.work.log"].with_user(cls.users["technician"])
        cls.reports = cls.env["jinxing.daily.report"].with_user(cls.users["technician"])

    def test_submit_and_check(self):
        """S8.10: a day's logs stand in one report; submitted, it is fixed until given back."""
        log = self.logs.create({"kind": "workshop", "hours": 3, "note": "Gearbox stripped"})
        report = log.report_id
        self.assertEqual((report.technician_id, report.date), (self.technician, log.date))
        report.action_submit()
        with self.assertRaisesRegex(UserError, "submitted"):
            log.hours = 4
        with self.assertRaisesRegex(UserError, "submitted"):
            self.logs.create({"kind": "travel", "hours": 1})
        with self.assertRaisesRegex(UserError, "buttons"):
            report.write({"state": "draft"})
        with self.assertRaisesRegex(UserError, "supervisor"):
            report.action_give_back()
        report.with_user(self.users["supervisor"]).action_give_back()
        log.hours = 4
        report.action_submit()
        report.with_user(self.users["supervisor"]).action_check()
        self.assertEqual(report.checked_by, self.users["supervisor"])

    def test_the_day_is_that_of_the_service(self):
        """S8.10: one in the morning at the factory is a new day, wherever the reader's clock is."""
        supervisor = self.users["supervisor"]
        reports = self.env["jinxing.daily.report"].with_user(supervisor)
        with freeze_time("2026-07-01 17:00:00"):
            for zone in ("UTC", "America/New_York", "Asia/Shanghai"):
                supervisor.tz = self.company.partner_id.tz = zone
                self.assertEqual(reports._today(self.company), date(2026, 7, 2), zone)

    def test_nothing_logged(self):
        """N1: who was there says what he did; who was not says why."""
        self.env["jinxing.daily.report"]._cron_open_reports()
        report = self.reports.search([("technician_id", "=", self.technician.id)])
        self.assertEqual(len(report), 1)
        self.env["jinxing.daily.report"]._cron_open_reports()
        self.assertEqual(self.reports.search_count([]), 1)
        with self.assertRaisesRegex(UserError, "log the day's work"):
            report.action_submit()
        report.presence = "sick"
        report.action_submit()
        self.assertEqual(report.state, "submitted")

    def test_missing(self):
        """S8.10: a report still open on the next day is listed as missing."""
        self.env["jinxing.daily.report"]._cron_open_reports()
        domain = [("is_missing", "=", True)]
        reports = self.env["jinxing.daily.report"].with_user(self.users["clerk"])
        self.assertFalse(reports.search(domain))
        with freeze_time(datetime.now() + timedelta(days=1)):
            missing = reports.search(domain)
            self.assertEqual(missing.technician_id, self.technician)
            self.assertTrue(missing.is_missing)

    def test_hours_of_a_day(self):
        """S8.10: no day has more than 24 hours, no log is empty or of tomorrow."""
        self.logs.create({"kind": "repair", "hours": 20})
        for vals in (
            {"hours": 5}, {"hours": 1, "date": self.today + timedelta(days=2)},
        ):
            with self.assertRaises(ValidationError):
                self.logs.create({"kind": "travel", **vals})

    def test_visit_writes_its_logs(self):
        """S8.10: travel and work of a visit are logged when it ends, cut at midnight."""
        order = self.on_site()
        visit = order.sudo().visit_ids
        base = datetime(2026, 5, 10, 14, 0)  # 22:00 in Sichuan
        visit.write({"departed_at": base, "arrived_at": base + timedelta(hours=1)})
        visit.write({"left_at": base + timedelta(hours=3), "outcome": "fixed"})
        logs = visit.work_log_ids.sorted("id")
        self.assertEqual(
            [(log.kind, log.hours, log.date.day) for log in logs],
            [("travel", 1.0, 10), ("repair", 1.0, 10), ("repair", 1.0, 11)],
        )
        with self.assertRaisesRegex(UserError, "own work logs"):
            logs[0].with_user(self.users["technician"]).hours = 9
        with self.assertRaisesRegex(UserError, "own work logs"):
            logs[0].with_user(self.users["technician"]).unlink()

    def test_department_day(self):
        """S8.10: the department's report counts the day and keeps its figures."""
        order = self.signed()
        action = self.env["jinxing.daily.report"].with_user(
            self.users["clerk"]
        ).action_open_department_report()
        report = self.env["jinxing.daily.report"].browse(action["res_id"]).with_user(
            self.users["clerk"]
        )
        work = dict(map(tuple, report._day_figures()["work"]))
        self.assertEqual((work["signed"], work["free"], work["chargeable"]), (1, 1, 1))
        self.assertEqual(work["amount"], 710)
        self.assertEqual((work["contacted"], work["contacted_late"]), (1, 0))
        report.action_submit()
        frozen = report.figures
        order.with_user(self.users["technician"]).action_hand_in()
        order.with_user(self.users["supervisor"]).action_close(5)
        self.assertEqual(report.figures, frozen)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "jinxing_repair.report_daily", report.ids
        )
        self.assertIn("After-Sales Daily Report", html.decode())
        with self.assertRaises(AccessError):
            self.reports.action_open_department_report()

    def test_spreadsheet(self):
        """S8.10: both reports come as .xlsx."""
        log = self.logs.create({"kind": "workshop", "hours": 3, "note": "Gearbox stripped"})
        department = self.env["jinxing.daily.report"].create({"kind": "department"})
        report = self.env.ref("jinxing_repair.action_report_daily_xlsx")
        content, kind = report._render_xlsx(
            "jinxing_repair.daily_report_xlsx", (log.report_id + department).ids, {}
        )
        self.assertEqual(kind, "xlsx")
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual(len(book.sheetnames), 2)
        self.assertEqual(book.worksheets[0]["D2"].value, 3)

    def test_who_sees_what(self):
        """S8.10: a technician sees and writes his own reports only; portal users none."""
        log = self.logs.create({"kind": "workshop", "hours": 3})
        foreign = self.env["jinxing.work.log"].create(
            {"kind": "workshop", "hours": 3, "technician_id": self.novice.id}
        )
        self.assertEqual(self.logs.search([]), log)
        self.assertEqual(self.reports.search([]), log.report_id)
        with self.assertRaises(AccessError):
            foreign.with_user(self.users["technician"]).hours = 1
        with self.assertRaises(AccessError):
            self.logs.create({"kind": "travel", "hours": 1, "technician_id": self.novice.id})
        self.assertEqual(len(self.logs.with_user(self.users["supervisor"]).search([])), 2)
        for role in ("dealer", "station_man", "nobody", "finance"):
            with self.assertRaises(AccessError):
                self.env["jinxing.work.log"].with_user(self.users[role]).search([])
