from datetime import date

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestMonthlyReport(ComplaintCase):
    """M26: the figures of a month, kept and printed."""

    def make(self, month="2026-03-17", user="manager", **values):
        return self.env["jinxing.monthly.report"].with_user(self.users[user]).create(
            {"month": month, **values}
        )

    def contact(self, at, **values):
        ticket = self.env["helpdesk.ticket"].create(
            {"kind": "opinion", "name": "X", **values}
        )
        ticket._store_step({"called_at": at})
        return ticket

    def test_the_month(self):
        """M26: kept by its first day; from its first to its last minute at our place."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self.contact("2026-02-28 15:59:00")
        self.contact("2026-02-28 16:00:00")
        self.contact("2026-03-31 15:59:00")
        self.contact("2026-03-31 16:00:00")
        self.env.flush_all()
        report = self.make()
        self.assertEqual(report.month, date(2026, 3, 1))
        figures = report.figures
        self.assertEqual((figures["first"], figures["last"]), ("2026-03-01", "2026-03-31"))
        self.assertEqual(figures["contacts"]["count"], 2)
        self.assertEqual(report.taken_by_id, self.users["manager"])

    def test_kept_as_counted(self):
        """M26: what is registered later changes no report; counting anew does."""
        report = self.make()
        self.contact("2026-03-10 02:00:00")
        self.env.flush_all()
        self.assertEqual(report.figures["contacts"]["count"], 0)
        report.action_take()
        self.assertEqual(report.figures["contacts"]["count"], 1)

    def test_what_is_refused(self):
        """M26: one a month, none of the future, no figures by hand, its month stays."""
        report = self.make()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.make("2026-03-02")
        with self.refused(ValidationError, "not begun"):
            self.make(fields.Date.to_string(fields.Date.add(self.today, months=2)))
        with self.refused(UserError, "counted, not written"):
            self.make("2026-01-01", figures={"contacts": {}})
        with self.refused(UserError, "counted, not written"):
            report.write({"figures": {}})
        with self.refused(UserError, "stays that of its month"):
            report.write({"month": "2026-02-01"})
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    "UPDATE jinxing_monthly_report SET month = '2026-03-02' WHERE id = %s",
                    [report.id],
                )

    def test_printed(self):
        """M26: every figure of the report is on paper, beside that of the month before."""
        self.company.partner_id.lang = "en_US"
        before = self.make("2026-02-01")
        before.sudo().figures = {
            **before.figures, "contacts": {**before.figures["contacts"], "in_time": 71.5},
        }
        self.contact("2026-03-10 02:00:00", category_id=self.quality.id)
        self.env.flush_all()
        report = self.make()
        report.note = "<p>More welders</p>"
        self.env.flush_all()
        html, kind = self.env["ir.actions.report"].with_user(
            self.users["manager"]
        )._render_qweb_html("jinxing_complaint.report_monthly", report.ids)
        self.assertEqual(kind, "html")
        text = html.decode()
        for words in ("2026-03-01", "2026-03-31", "71.5 %", "More welders",
                      "Complaint hotline", "Faults by component", "Cost of warranty by model",
                      self.company.name, self.users["manager"].name):
            self.assertIn(words, text)

    def test_printed_in_the_companys_language(self):
        """M26: in Chinese for a Chinese company, whoever prints it."""
        self.company.partner_id.lang = "zh_CN"
        report = self.make()
        self.assertIn("1 记录", [line["name"] for line in report.figures["ages"]])
        html, _kind = self.env["ir.actions.report"].with_user(
            self.users["manager"]
        )._render_qweb_html("jinxing_complaint.report_monthly", report.ids)
        for words in ("售后服务月报", "10 分钟内联系", "按部件统计故障", "分管经理"):
            self.assertIn(words, html.decode())

    def test_who(self):
        """M26: the manager's alone, of his companies; nobody else reads, makes or prints it."""
        report = self.make()
        for user in ("supervisor", "clerk", "technician", "parts_keeper", "finance", "nobody",
                     "farmer", "dealer", "station"):
            with self.subTest(user):
                with self.assertRaises(AccessError):
                    report.with_user(self.users[user]).read(["figures"])
                with self.assertRaises(AccessError):
                    self.make("2026-01-01", user=user)
                with self.assertRaises(AccessError):
                    report.with_user(self.users[user]).action_take()
                with self.assertRaises(AccessError):
                    self.env["ir.actions.report"].with_user(
                        self.users[user]
                    )._render_qweb_html("jinxing_complaint.report_monthly", report.ids)
        other = self.env["res.company"].create({"name": "Other factory"})
        foreign = self.env["jinxing.monthly.report"].create(
            {"month": "2026-03-01", "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.users["manager"]).read(["figures"])
