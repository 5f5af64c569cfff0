from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from odoo.addons.jinxing_repair.tests.common_onsite import OnsiteData
from odoo.addons.jinxing_repair.tests.test_onsite_http import OnsiteHttpCase
from odoo.addons.jinxing_repair.tests.test_queries import QueriesCase

from .common import PartsCase, PartsData

#: queries of finding the tools of one order's list and of fifty
FOUND = 24
#: queries of proposing tools for one order, and for fifty
PROPOSED = 26


class ToolData(OnsiteData):
    """Electrical faults need an inspected multimeter and a lamp; pieces at three places."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.listed_nothing()
        cls.speak_english()
        cls.day = cls.env["jinxing.policy.parameter"]._service_day()
        cls.meter, cls.lamp, cls.puller = cls.env["jinxing.tool.kind"].create(
            [
                {"code": "T_METER", "name": "Volt meter", "inspected": True,
                 "category_ids": [Command.link(cls.electrical_category.id)]},
                {"code": "T_LAMP", "name": "Lamp",
                 "category_ids": [Command.link(cls.electrical_category.id)]},
                {"code": "T_PULL", "name": "Wheel puller",
                 "category_ids": [Command.link(cls.gearbox_category.id)]},
            ]
        )
        cls.man = cls.technician.employee_ids
        cls.other_man = cls.env["hr.employee"].create({"name": "Chen"})
        cls.far_centre = cls.env["res.partner"].create(
            {"name": "West centre", "is_company": True, "is_parts_centre": True}
        )
        cls.technician.parent_centre_id = cls.far_centre

    @classmethod
    def tool(cls, kind, name, store=None, days=None):
        """A piece of a kind, its inspection valid for so many days."""
        return cls.env["maintenance.equipment"].create(
            {
                "name": name,
                "tool_kind_id": kind.id,
                "store_id": store and store.id,
                "inspected_until": days is not None and cls.day + timedelta(days=days),
            }
        )

    @classmethod
    def issue(cls, tool, employee=None):
        return cls.env["jinxing.tool.custody"].with_user(cls.users["parts_keeper"]).create(
            {"equipment_id": tool.id, "employee_id": (employee or cls.man).id,
             "condition_out": "Good"}
        )

    @classmethod
    def electrical(cls, technician="technician", machine=None):
        order = cls.approved(machine, category_ids=[Command.set(cls.electrical_category.ids)])
        order.with_user(cls.users["supervisor"]).action_assign(
            technician_id=cls.users[technician].partner_id.id, reason="He is near"
        )
        order.with_user(cls.users[technician]).action_accept()
        return order

    def line(self, order, kind):
        self.env.invalidate_all()
        return order.bring_ids.filtered(lambda line: line.tool_kind_id == kind)


@tagged("post_install", "-at_install")
class TestToolNeeds(ToolData, PartsCase):
    """S8.3, B24: tools proposed from the fault category, found in custody and stores."""

    def test_s8_3_tools_of_the_kind_of_fault(self):
        """S8.3: the tools each kind of fault needs are listed; several kinds: all of them."""
        order = self.electrical()
        self.assertEqual(order.bring_ids.tool_kind_id, self.meter | self.lamp)
        self.assertIn("Needed for: Electrical system.", self.line(order, self.lamp).why)
        order.with_user(self.users["clerk"]).category_ids = [
            Command.link(self.gearbox_category.id)
        ]
        self.assertEqual(order.bring_ids.tool_kind_id, self.meter | self.lamp | self.puller)
        order.with_user(self.users["clerk"]).category_ids = self.gearbox_category
        self.assertEqual(order.bring_ids.tool_kind_id, self.puller)

    def test_s8_3_b24_held_by_the_technician(self):
        """S8.3, B24: what he has in custody is with him; its inspection counts to its last day."""
        tool = self.tool(self.meter, "Meter A", days=0)
        self.issue(tool)
        order = self.electrical()
        line = self.line(order, self.meter)
        self.assertEqual((line.standing, line.place), ("ready", "Meter A"))
        self.assertIn("the inspection holds until", line.why)
        tool.inspected_until = self.day - timedelta(days=1)
        line = self.line(order, self.meter)
        self.assertEqual(line.standing, "missing")
        self.assertIn("the inspection ended on", line.why)
        tool.inspected_until = False
        self.assertIn("no inspection is recorded", self.line(order, self.meter).why)

    def test_s8_3_b24_from_his_stores_and_issued_in_one_click(self):
        """S8.3, B24: what lies at his centre is issued by the keeper; the register has it."""
        self.tool(self.lamp, "Lamp at the factory")
        near = self.tool(self.lamp, "Lamp near", self.far_centre)
        order = self.electrical()
        line = self.line(order, self.lamp)
        self.assertEqual((line.standing, line.place), ("fetch", "West centre Lamp near"))
        self.assertEqual(line.issuable_id, near)
        for role in ("technician", "clerk"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                line.with_user(self.users[role]).action_issue_tool()
        line.with_user(self.users["parts_keeper"]).action_issue_tool()
        custody = near.custody_ids
        self.assertEqual((custody.employee_id, custody.state), (self.man, "held"))
        self.assertEqual(custody.issued_by_id, self.users["parts_keeper"])
        line = self.line(order, self.lamp)
        self.assertEqual((line.standing, line.place), ("ready", "Lamp near"))
        self.assertFalse(line.issuable_id)

    def test_s8_3_b24_the_keeper_sees_what_is_wanted(self):
        """S8.3, B24: the keepers' list holds the tools of orders under preparation only."""
        order = self.electrical()
        keeper = self.users["parts_keeper"]
        action = self.env.ref("jinxing_parts.jinxing_repair_bring_action_tools")
        wanted = self.env["jinxing.repair.bring"].with_user(keeper)

        def listed():
            return wanted.search(safe_eval(action.domain)) & order.bring_ids

        self.assertEqual(listed(), order.bring_ids)
        self.line(order, self.lamp).with_user(self.users["clerk"]).taken = True
        self.assertEqual(listed().tool_kind_id, self.meter)
        order.sudo().service_state = "on_site"
        self.assertFalse(listed())

    def test_s8_3_b24_the_last_piece_is_issued_once(self):
        """S8.3, B24: two orders want the same piece: the second keeper is told."""
        tool = self.tool(self.lamp, "Lamp")
        first = self.electrical()
        second = self.electrical(machine=self.other_machine)
        keeper = self.users["parts_keeper"]
        lines = self.line(first, self.lamp) | self.line(second, self.lamp)
        with self.assertRaisesRegex(UserError, "none lies in a store"):
            lines.with_user(keeper).action_issue_tool()
        self.issue(tool, self.other_man)
        with self.assertRaisesRegex(UserError, "none lies in a store"):
            lines[:1].with_user(keeper).action_issue_tool()
        line = self.line(first, self.lamp)
        self.assertEqual(line.standing, "missing")
        self.assertIn("In the custody of Chen.", line.why)

    def test_s8_3_missing_says_why(self):
        """S8.3: of a kind nobody has it says so; a written-off piece does not count."""
        tool = self.tool(self.lamp, "Lamp")
        order = self.electrical()
        tool.scrap_date = self.day
        line = self.line(order, self.lamp)
        self.assertEqual((line.standing, line.place), ("missing", ""))
        self.assertIn("There is no such tool at his stores.", line.why)

    def test_s8_3_b24_a_stations_man_takes_from_his_station(self):
        """S8.3, B24: a station's man finds his station's tools; custody is for employees."""
        self.tool(self.lamp, "Factory lamp")
        order = self.electrical("station_man")
        self.assertEqual(self.line(order, self.lamp).standing, "missing")
        self.tool(self.lamp, "Station lamp", self.station)
        line = self.line(order, self.lamp)
        self.assertEqual((line.standing, line.place), ("fetch", "Station Station lamp"))
        self.assertFalse(line.issuable_id)
        with self.assertRaisesRegex(UserError, "none lies"):
            line.with_user(self.users["parts_keeper"]).action_issue_tool()

    def test_s8_3_a_superseded_part_is_proposed_while_some_is_left(self):
        """S8.3, G1.2: a part that has a successor is brought from what is left, then not."""
        self.electrical_category.usual_component_ids = self.battery
        successor = self.part("Battery 12V, new", self.battery, 700)
        self.part_battery.product_tmpl_id.superseded_by_id = successor.product_tmpl_id
        self.stock(self.part_battery, self.van, 1)
        first = self.electrical()
        self.assertEqual(first.bring_ids.product_id, self.part_battery | successor)
        second = self.electrical(machine=self.other_machine)
        self.assertEqual(second.bring_ids.product_id, successor)
        first._propose_bring()
        self.assertEqual(first.bring_ids.product_id, self.part_battery | successor)

    def test_s8_3_departure_waits_for_each_tool(self):
        """S8.3: he sets out when each tool is taken along or left with a reason."""
        order = self.electrical()
        clerk = order.with_user(self.users["clerk"])
        clerk.check_ids.filtered(lambda c: c.phase == "departure").write({"done": True})
        worker = order.with_user(self.users["technician"])
        with self.assertRaisesRegex(UserError, "Volt meter"):
            worker.action_depart()
        self.line(order, self.lamp).with_user(self.users["clerk"]).taken = True
        meter = self.line(order, self.meter).with_user(self.users["clerk"])
        with self.assertRaisesRegex(UserError, "Neither taken along nor left.*Volt meter"):
            worker.action_depart()
        meter.left_reason = "on_site"
        worker.action_depart()
        decision = order.decision_ids.filtered(lambda d: d.kind == "departure")
        self.assertEqual(
            {item["name"]: item["left"] for item in decision.facts["items"]},
            {"Volt meter": "on_site", "Lamp": ""},
        )

    def test_s8_3_ranking_mentions_what_is_lacking(self):
        """S8.3: the proposal of a technician names the tools he lacks, and refuses nobody."""
        self.tool(self.lamp, "Lamp", self.far_centre)
        order = self.approved(category_ids=[Command.set(self.electrical_category.ids)])
        proposals = {one.key: one for one in order._rank_technicians()}
        mine = proposals[self.technician.id]
        [remark] = [step for step in mine.reasons if step.key == "technician_lacks"]
        self.assertEqual(dict(remark.params), {"tool_kind": ("T_METER",)})
        self.assertTrue(mine.allowed)
        text = self.env["jinxing.decision"]._step_lines([remark])
        self.assertEqual(text, "He lacks: Volt meter.")
        action = order.with_user(self.users["clerk"]).action_assign()
        wizard = self.env[action["res_model"]].with_user(self.users["clerk"]).browse(
            action["res_id"]
        )
        self.assertTrue(any("He lacks" in (line.why or "") for line in wizard.line_ids))

    def test_s8_3_forms(self):
        """S8.3: kinds and what they are needed for are kept in their forms."""
        keeper, supervisor = self.users["parts_keeper"], self.users["supervisor"]
        with Form(self.env["jinxing.tool.kind"].with_user(keeper)) as form:
            form.code, form.name = "T_NEW", "Feeler"
            form.category_ids.add(self.gearbox_category)
        kind = form.record
        self.assertIn(kind, self.gearbox_category.tool_kind_ids)
        with Form(
            self.gearbox_category.with_user(supervisor),
            view="jinxing_technician.jinxing_fault_category_view_form",
        ) as form:
            form.tool_kind_ids.remove(kind.id)
        self.assertFalse(kind.category_ids)
        with Form(
            self.env["maintenance.equipment"].with_user(keeper),
            view="maintenance.hr_equipment_view_form",
        ) as form:
            form.name = "Feeler 1"
            form.tool_kind_id = kind
            form.store_id = self.far_centre
            form.inspected_until = self.day
        self.assertEqual(kind.equipment_ids, form.record)

    @mute_logger("odoo.sql_db")
    def test_bad_input(self):
        """S8.3: two kinds have no common code, a tool stands once on a list."""
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self.lamp.copy({"code": "T_METER"})
        self.assertEqual(type(caught.exception).__name__, "UniqueViolation")
        order = self.electrical()
        for vals in (
            {"item_kind": "tool", "tool_kind_id": self.lamp.id},
            {"item_kind": "tool"},
            {"item_kind": "part", "tool_kind_id": self.puller.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(Exception) as caught:
                with self.env.cr.savepoint():
                    order.sudo().bring_ids.create({"order_id": order.id, **vals})
            self.assertIn("Violation", type(caught.exception).__name__)

    def test_data_of_combine_harvesters(self):
        """S8.3: each kind of fault of a combine harvester but the empty ones names its tools."""
        kinds = self.env.ref("jinxing_parts.tool_kind_multimeter").search([])
        self.assertGreater(len(kinds), 20)
        chinese = kinds.with_context(lang="zh_CN")
        for kind in chinese.filtered(lambda k: not k.code.startswith("T_")):
            self.assertRegex(kind.name, "[一-鿿]", kind.code)


@tagged("post_install", "-at_install")
class TestToolPages(ToolData, PartsData, OnsiteHttpCase):
    """S8.3: tools on the technician's page and on paper."""

    def test_own_page(self):
        """S8.3, B24: the page lists tools with where they are; a tick is kept."""
        tool = self.tool(self.lamp, "Lamp near", self.far_centre)
        order = self.electrical()
        boot, _answer = self.boot(f"/my/jobs/{order.id}")
        shown = {one["name"]: one for one in boot["jobs"][0]["bring"]}
        self.assertEqual(set(shown), {"Volt meter", "Lamp"})
        self.assertEqual(shown["Lamp"]["place"], f"West centre {tool.name}")
        self.assertEqual(
            [shown[name]["standing"] for name in ("Volt meter", "Lamp")], ["missing", "fetch"]
        )
        answer = self.send(
            order, "bring", {"line": shown["Lamp"]["id"], "taken": True},
            {"taken": False, "left_reason": False},
        )
        self.assertEqual(answer["status"], "done")
        self.assertTrue(self.line(order, self.lamp).taken)

    @mute_logger("odoo.http")
    def test_others(self):
        """S8.3: a foreign order's tools are neither seen nor ticked, and not without a login."""
        theirs = self.electrical("station_man")
        line = self.line(theirs, self.lamp)
        said = ({"line": line.id, "taken": True}, {"taken": False, "left_reason": False})
        self.assertEqual(self.send(theirs, "bring", *said)["status"], "gone")
        self.sign_in("dealer")
        self.assertEqual(self.send(theirs, "bring", *said)["status"], "gone")
        self.sign_in(None)
        self.assertIn("code", self.send(theirs, "bring", *said))
        self.assertFalse(self.line(theirs, self.lamp).taken)
        self.sign_in("station_man")
        self.assertEqual(self.send(theirs, "bring", *said)["status"], "done")

    def test_print(self):
        """S8.3: the printed order lists the tools to bring."""
        self.tool(self.lamp, "Lamp near", self.far_centre)
        order = self.electrical()
        html = self.env["ir.actions.report"].with_user(
            self.users["technician"]
        )._render_qweb_html("jinxing_repair.report_dispatch_order", order.ids)[0].decode()
        for text in ("Volt meter", "West centre Lamp near"):
            self.assertIn(text, html)


@tagged("post_install", "-at_install")
class TestToolQueries(ToolData, QueriesCase):
    """S8.3: the tools of fifty orders are proposed and found as those of one."""

    def orders(self, number):
        machines = [next(self.machines) for _ in range(number)]
        tickets = self.env["helpdesk.ticket"].create(
            [
                {
                    "lot_id": machine.id,
                    "partner_id": machine.owner_id.id,
                    "caller_name": "Caller",
                    "fault_description": "No light",
                    "service_address": "Luxi 5",
                    "category_ids": [Command.set(self.electrical_category.ids)],
                }
                for machine in machines
            ]
        )
        tickets.action_create_dispatch_order()
        orders = self.env["repair.order"].browse(tickets.order_ids.ids)
        orders.with_user(self.users["supervisor"]).action_approve()
        people = self.env["res.partner"].create(
            [{"name": f"T{i}", "is_technician": True} for i in range(number)]
        )
        for order, person in zip(orders, people, strict=True):
            order.write({"technician_id": person.id, "service_state": "assigned"})
        return orders

    def test_s8_3_proposing_and_finding(self):
        """S8.3: proposing and showing tools costs a constant number of queries."""
        self.tool(self.lamp, "Lamp")
        self.issue(self.tool(self.meter, "Meter", days=9))
        self.orders(1)._propose_bring()
        one, fifty = self.orders(1), self.orders(50)
        first, many = self.count(one._propose_bring), self.count(fifty._propose_bring)
        self.assertEqual(len(fifty.bring_ids), 100)
        self.assertLessEqual(first, PROPOSED, (first, many))
        self.assertLessEqual(many, PROPOSED, (first, many))
        lines = self.env["jinxing.repair.bring"]

        def show(ids):
            return self.count(lambda: lines.browse(ids).mapped("why"))

        few, all_ = one.bring_ids.ids, fifty.bring_ids.ids
        show(few)
        first, many = show(few), show(all_)
        self.assertLessEqual(first, FOUND, (first, many))
        self.assertLessEqual(many, FOUND, (first, many))
