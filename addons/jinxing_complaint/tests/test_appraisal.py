from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestAppraisal(ComplaintCase):
    """N2-N4, N8, R15, R16: what feeds a technician's appraisal, by technician and period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["hr"] = new_test_user(
            cls.env, "c_hr", groups="base.group_user,hr.group_hr_user"
        )
        cls.staff = cls.env["hr.employee"].search(
            [("work_contact_id", "=", cls.technician.id)], limit=1
        )

    def conduct(self, kind, confirmed=True, technician=None, **values):
        record = self.env["jinxing.conduct"].create(
            {
                "kind": kind,
                "partner_id": (technician or self.technician).id,
                "description": "What happened",
                "clause_id": self.env.ref("jinxing_base.clause_n3").id,
                **values,
            }
        )
        if confirmed is not None:
            record.with_user(self.users["supervisor"]).action_decide(confirmed, "Talked to him")
        return record

    def sums(self, technician=None, user="supervisor", **between):
        self.env.flush_all()
        domain = [("technician_id", "=", (technician or self.technician).id)]
        if between:
            domain += [("moment", ">=", between["since"])]
        [row] = self.env["jinxing.appraisal.report"].with_user(self.users[user])._read_group(
            domain, [],
            ["incidents:sum", "praises:sum", "penalties:sum", "orders:sum", "satisfaction:avg",
             "quality_score:avg"],
        )
        return row

    def test_confirmed_conduct_counts(self):
        """N2-N4, N8: what a supervisor confirmed; what is open or dismissed does not."""
        before = self.sums()
        self.conduct("incident")
        self.conduct("praise")
        self.conduct("praise")
        self.conduct("incident", confirmed=False)
        self.conduct("incident", confirmed=None)
        self.conduct("praise", technician=self.novice)
        after = self.sums()
        self.assertEqual(after[0] - (before[0] or 0), 1)
        self.assertEqual(after[1] - (before[1] or 0), 2)

    def test_by_period(self):
        """N8: of a period, only what happened in it."""
        old = fields.Date.subtract(self.today, months=14)
        self.conduct("incident", date=old, technician=self.novice)
        self.conduct("praise", technician=self.novice)
        since = fields.Date.subtract(self.today, months=12)
        self.assertEqual(self.sums(self.novice)[:2], (1, 1))
        self.assertEqual(self.sums(self.novice, since=since)[:2], (0, 1))

    def test_orders_and_satisfaction(self):
        """S8.9, M27: assessed orders and what customers said of them."""
        order = self.signed()
        order.with_user(self.users["technician"]).action_hand_in()
        order.with_user(self.users["supervisor"]).action_close(4)
        self.env.cr.precommit.run()
        call = order.follow_up_ids or self.env["jinxing.follow.up"].create(
            {"technician_id": self.technician.id}
        )
        call.with_user(self.users["clerk"]).action_answer(3)
        self.assertEqual(self.sums()[3:], (1, 3, 4))

    def test_approved_penalties(self):
        """R15, R16: the penalty of an employee counts with the man he is, once approved."""
        penalty = self.env["jinxing.penalty"].create(
            {
                "employee_id": self.staff.id, "case": "RMA1", "what": "Passed him on",
                "measure": "warning",
            }
        )
        self.assertFalse(self.sums()[2])
        penalty.with_user(self.users["manager"]).action_approve()
        self.assertEqual(self.sums()[2], 1)

    def test_where_it_is_opened(self):
        """N8: from the technician and from the employee, the same rows."""
        self.conduct("praise")
        self.env.flush_all()
        for record, user in (
            (self.technician, "supervisor"), (self.staff, "supervisor"), (self.staff, "hr"),
        ):
            action = record.with_user(self.users[user]).action_open_appraisal()
            rows = self.env[action["res_model"]].with_user(self.users[user]).search(
                action["domain"]
            )
            self.assertTrue(rows)
            self.assertEqual(rows.technician_id, self.technician)

    def test_who_reads(self):
        """N8: supervisor, manager and HR; not the technician, nor what customers said of him."""
        self.conduct("praise")
        self.env.flush_all()
        reports = self.env["jinxing.appraisal.report"]
        for user in ("supervisor", "manager", "hr"):
            self.assertTrue(reports.with_user(self.users[user]).search([], limit=1))
        for user in ("technician", "clerk", "parts_keeper", "finance", "nobody", "farmer",
                     "dealer", "station_man"):
            with self.subTest(user), self.assertRaises(AccessError):
                reports.with_user(self.users[user]).search([], limit=1)
        other = self.env["res.company"].create({"name": "Other factory"})
        self.users["manager"].company_ids |= other
        self.assertFalse(
            reports.with_user(self.users["manager"])
            .with_context(allowed_company_ids=other.ids)
            .search([])
        )


@tagged("post_install", "-at_install")
class TestFirstScreen(ComplaintCase):
    """G3.3: each role's menu opens on what is due for him."""

    def test_each_role(self):
        """G3.3, O21, M26: contacts, steps, figures, orders: each role its own."""
        screens = {
            "clerk": "jinxing_complaint.contact_action",
            "supervisor": "jinxing_complaint.complaint_action_due",
            "manager": "jinxing_complaint.jinxing_service_dashboard_action",
            "technician": "jinxing_repair.repair_order_action",
        }
        server = self.env.ref("jinxing_base.action_first_screen")
        for role, xmlid in screens.items():
            with self.subTest(role):
                action = server.with_user(self.users[role]).run()
                self.assertEqual(action["id"], self.env.ref(xmlid).id)
                if action["type"] == "ir.actions.act_window":
                    self.env[action["res_model"]].with_user(self.users[role]).check_access("read")
        for user in ("nobody", "finance", "farmer"):
            with self.subTest(user), self.assertRaises(AccessError):
                server.with_user(self.users[user]).run()

    def test_the_menu_leads_there(self):
        """G3.3: the application opens on the home of the role, which leads there."""
        root = self.env.ref("jinxing_base.menu_root")
        home = self.env.ref("jinxing_base.home_action")
        for role in ("clerk", "supervisor", "manager", "technician", "parts_keeper"):
            menus = self.env["ir.ui.menu"].with_user(self.users[role]).load_web_menus(False)
            self.assertEqual(menus[root.id]["actionID"], home.id, role)

    def test_what_is_due_for_the_supervisor(self):
        """C19: asked for a decision, a broken promise, or one of the supervisor's own steps."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinxing_complaint.complaint_action_due"
        )
        arch = self.env["helpdesk.ticket"].get_view(action["search_view_id"][0], "search")["arch"]
        from lxml import etree

        from odoo.tools.safe_eval import safe_eval

        [node] = etree.fromstring(arch).xpath("//filter[@name='due']")
        domain = safe_eval(node.get("domain"), {"uid": self.env.uid})
        tickets = self.env["helpdesk.ticket"].with_user(self.users["supervisor"])
        record, liability = self.complain(), self.at("liability")
        asked = self.at("propose")
        self.fill(asked, "propose", proposal_amount=5000)
        asked.action_propose("Ask")
        broken = self.at("investigate")
        broken.promise_ids[0]._store({"deadline": fields.Datetime.subtract(self.now, hours=1)})
        found = tickets.search(domain)
        for ticket in (liability, asked, broken):
            self.assertIn(ticket, found)
        self.assertNotIn(record, found)
