from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.jinxing_complaint.models.jinxing_service_dashboard import _BOXES
from odoo.addons.jinxing_complaint.rules import complaint, figures

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestDashboard(ComplaintCase):
    """M26, M27: what the manager's screen shows, where it comes from, and who sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Figures", "currency_id":
                                                     cls.env.company.currency_id.id})
        cls.env.user.company_ids |= cls.company
        for role in ("clerk", "supervisor", "manager"):
            cls.users[role].company_ids |= cls.company
        cls.hotline = cls.env["helpdesk.ticket.channel"].create(
            {
                "name": "Complaint hotline",
                "is_hotline": True,
                "hotline_number": "0838-2901234",
                "manager_id": cls.users["manager"].id,
                "company_id": cls.company.id,
            }
        )

    def dashboard(self, user="manager", company=None):
        return self.env["jinxing.service.dashboard"].with_user(self.users[user]).with_context(
            allowed_company_ids=(company or self.company).ids, tracking_disable=True
        )

    def shown(self, **period):
        self.env.flush_all()
        return self.dashboard().get_figures(**{"period": "twelve_months", **period})

    def contact(self, hours=2, answered=True, **values):
        ticket = self.env["helpdesk.ticket"].create(
            {
                "kind": "opinion",
                "name": "X",
                "company_id": self.company.id,
                "channel_id": self.hotline.id,
                "called_at": self.now - timedelta(hours=hours),
                **values,
            }
        )
        if answered:
            ticket.action_answered()
        return ticket

    def test_contacts_and_hotline(self):
        """M26, O21: workload and response time of the hotline, with its manager."""
        self.contact(30, True)
        self.contact(2, True)
        self.contact(3, False, kind="praise")
        self.contact(40, False, channel_id=False)
        data = self.shown()
        contacts = data["contacts"]
        self.assertEqual(contacts["count"], 4)
        self.assertEqual(
            {line["id"]: line["value"] for line in contacts["kinds"]}, {"opinion": 3, "praise": 1}
        )
        self.assertEqual((contacts["unanswered"], contacts["overdue"]), (2, 1))
        self.assertEqual(contacts["counted"], 3)
        self.assertAlmostEqual(contacts["in_time"], 100 / 3, places=2)
        [line] = [line for line in data["hotlines"] if line["id"] == self.hotline.id]
        self.assertEqual((line["count"], line["unanswered"]), (3, 1))
        self.assertEqual(line["manager"], self.users["manager"].name)
        self.assertAlmostEqual(line["in_time"], 50)
        self.assertAlmostEqual(line["hours"], 16, places=1)
        first, last = map(fields.Date.to_date, (data["first"], data["last"]))
        self.assertAlmostEqual(line["per_day"], 3 / ((last - first).days + 1))

    def test_a_hotline_nobody_called(self):
        """M26: it is shown with its manager and no contacts."""
        [line] = [r for r in self.shown()["hotlines"] if r["id"] == self.hotline.id]
        self.assertEqual((line["count"], line["in_time"]), (0, None))

    def test_the_period(self):
        """M26: what lies outside is not counted; days are the company's."""
        old = self.contact(2)
        old._store_step({"called_at": self.now - timedelta(days=100)})
        day = fields.Date.to_string(self.today - timedelta(days=100))
        self.assertEqual(self.shown(period="month")["contacts"]["count"], 0)
        for first, last, count in ((day, day, 1), ("2001-01-01", "2001-12-31", 0)):
            data = self.shown(period="custom", first=first, last=last)
            self.assertEqual((data["first"], data["contacts"]["count"]), (first, count))
        for wrong in (
            {"period": "week"},
            {"period": "custom"},
            {"period": "custom", "first": "2026-05-02", "last": "2026-05-01"},
            {"period": "custom", "first": "yesterday", "last": "2026-05-01"},
        ):
            with self.subTest(wrong), self.assertRaises(UserError):
                self.shown(**wrong)

    def test_age_of_complaints_by_step(self):
        """M26, C19: the open ones only, how old, how long in their step."""
        promise = self.at("promise", company_id=self.company.id, lot_id=False)
        done = self.at("judge", company_id=self.company.id, lot_id=False)
        self.fill(done, "judge")
        done.with_user(self.users["supervisor"]).action_reject()
        promise._store_step(
            {"called_at": self.now - timedelta(days=10), "step_since": self.now - timedelta(days=4)}
        )
        ages = {line["id"]: line for line in self.shown()["ages"]}
        self.assertEqual(list(ages), list(complaint.NINE))
        self.assertEqual({step for step, line in ages.items() if line["count"]}, {"promise"})
        line = ages["promise"]
        self.assertAlmostEqual(line["days"], 10, places=1)
        self.assertAlmostEqual(line["oldest"], 10, places=1)
        self.assertAlmostEqual(line["in_step"], 4, places=1)

    def test_service_faults_and_cost(self):
        """M26, S8.2, S8.11, G1.2, G4: rates, faults by component and model, cost by month."""
        self.part_housing.standard_price = 1000
        order = self.signed()
        self.env.flush_all()
        rows = self.env["jinxing.cause.report"].search([("order_id", "=", order.id)])
        company = order.company_id
        data = self.dashboard(company=company).get_figures("twelve_months")
        for name in ("contact_in_time", "arrival_in_time", "first_time_fix", "rework"):
            self.assertTrue(data["service"][name]["counted"])
        components = {line["id"]: line["value"] for line in data["components"]["lines"]}
        self.assertGreaterEqual(components[self.housing.id], 1)
        self.assertGreaterEqual(components[self.battery.id], 1)
        models = {line["id"]: line["value"] for line in data["models"]["lines"]}
        self.assertGreaterEqual(models[self.model.id], 2)
        [cost] = [line for line in data["cost"]["lines"] if line["id"] == self.model.id]
        spent = sum(rows.mapped("warranty_cost"))
        self.assertGreater(spent, 0)
        self.assertEqual(cost["value"], spent)
        self.assertEqual(cost["cells"][figures.band_of(21)], spent)
        self.assertEqual(sum(cost["cells"]) + cost["unknown"], cost["value"])

    def test_satisfaction(self):
        """M27: by technician, station, model and month, the lowest first."""
        calls = self.env["jinxing.follow.up"].create(
            [
                {
                    "partner_id": self.farmer.id,
                    "technician_id": technician.id,
                    "provider_id": self.station.id,
                    "product_id": self.model.id,
                    "company_id": self.company.id,
                }
                for technician in (self.technician, self.technician, self.novice)
            ]
        )
        for call, score in zip(calls, (5, 4, 2), strict=True):
            call.action_answer(score)
        found = self.shown()["satisfaction"]
        self.assertEqual(found["count"], 3)
        self.assertAlmostEqual(found["average"], 11 / 3)
        self.assertEqual(
            [(line["id"], line["average"], line["count"]) for line in found["technicians"]],
            [(self.novice.id, 2, 1), (self.technician.id, 4.5, 2)],
        )
        self.assertEqual([line["id"] for line in found["providers"]], self.station.ids)
        self.assertEqual([line["id"] for line in found["products"]], self.model.ids)
        self.assertEqual([line["count"] for line in found["months"]], [3])

    def test_causes_of_complaints(self):
        """M26: which cause was found how often; what is not known yet is named so."""
        self.complain(company_id=self.company.id, lot_id=False)
        ticket = self.at("propose", company_id=self.company.id, lot_id=False)
        causes = self.shown()["causes"]
        self.assertEqual(
            {line["id"]: line["value"] for line in causes["lines"]},
            {ticket.cause_id.id: 1, False: 1},
        )
        self.assertEqual(causes["lines"][-1]["cumulative"], 100)

    def test_each_box_leads_to_its_rows(self):
        """M26: the pivot behind a box holds as many rows as the box counts, line by line."""
        self.contact()
        self.at("propose", company_id=self.company.id, lot_id=False)
        self.env.flush_all()
        dashboard = self.dashboard()
        data = dashboard.get_figures("twelve_months")
        env = dashboard.env

        def rows(box, key=None):
            action = dashboard.action_open(box, "twelve_months", key=key)
            self.assertEqual([kind for _view, kind in action["views"]], ["pivot", "graph"])
            report = env[action["res_model"]]
            for name in action["context"]["pivot_row_groupby"]:
                self.assertIn(name.split(":")[0], report._fields)
            return report.search_count(action["domain"])

        self.assertEqual(rows("contacts"), data["contacts"]["count"])
        for line in data["contacts"]["kinds"]:
            self.assertEqual(rows("contacts", line["id"]), line["value"])
        self.assertEqual(rows("ages"), sum(line["count"] for line in data["ages"]))
        self.assertEqual(rows("ages", "propose"), 1)
        for line in data["causes"]["lines"]:
            self.assertEqual(rows("causes", line["id"]), line["value"])
        [line] = [line for line in data["hotlines"] if line["id"] == self.hotline.id]
        self.assertEqual(rows("hotlines", line["id"]), line["count"])
        for box in _BOXES:
            with self.subTest(box):
                rows(box)
        self.assertEqual(
            dashboard.action_open("unanswered")["res_model"], "helpdesk.ticket"
        )
        for wrong in ("nothing", "__class__"):
            with self.assertRaises(UserError):
                dashboard.action_open(wrong)

    def test_who_sees_it(self):
        """M26: the manager, of his companies; nobody else."""
        self.contact()
        self.env.flush_all()
        for user in ("supervisor", "clerk", "technician", "parts_keeper", "finance", "nobody",
                     "farmer", "dealer", "station"):
            reports = self.env["jinxing.service.dashboard"].with_user(self.users[user])
            with self.subTest(user), self.assertRaises(AccessError):
                reports.get_figures()
            with self.subTest(user), self.assertRaises(AccessError):
                reports.action_open("contacts")
        other = self.env["res.company"].create({"name": "Other factory"})
        self.users["manager"].company_ids |= other
        data = self.dashboard(company=other).get_figures("twelve_months")
        self.assertEqual(data["contacts"]["count"], 0)

    def test_queries(self):
        """M26: the screen costs the same number of queries for one record and for many."""
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            dashboard = self.dashboard()
            dashboard.get_figures("twelve_months")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            dashboard.get_figures("twelve_months")
            return self.env.cr.sql_log_count - before

        self.contact()
        one = cost()
        self.contact(answered=False)
        for _number in range(12):
            self.contact(kind="consultation")
        self.assertLessEqual(cost(), one + 1)
        self.assertLessEqual(one, 30)


@tagged("post_install", "-at_install")
class TestDashboardPage(HttpCase):
    """M26: the screen itself, in a browser."""

    def test_screen(self):
        """M26: it opens with all its boxes, another period is chosen, a box leads on."""
        self.env["res.users"].create(
            {
                "name": "Manager",
                "login": "dashboard_manager",
                "password": "dashboard_manager",
                "group_ids": [(6, 0, self.env.ref("jinxing_base.group_manager").ids)],
            }
        )
        self.start_tour(
            "/odoo/service-dashboard", "jinxing_complaint_dashboard", login="dashboard_manager"
        )
