from datetime import timedelta
from functools import partial
from itertools import islice
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.tests import tagged

from .common import SIGNATURE, RepairCase

#: step -> (queries of one order, queries of fifty); core's steps beneath are in it
PINNED = {
    "register": (11, 11),
    "create": (32, 84),
    "approve": (15, 17),
    "assign": (32, 36),
    "accept": (8, 10),
    "contact": (6, 6),
    "depart": (24, 24),
    "arrive": (17, 17),
    "fault": (12, 12),
    "finish": (24, 24),
    "sign": (68, 513),
    "hand_in": (4, 4),
    "close": (11, 11),
}
#: the other ways; two and a hundred are sent back and declined, one and fifty go on from there
PINNED_ASIDE = {
    "return": (4, 4),
    "submit": (4, 4),
    "decline": (22, 22),
    "take_back": (137, 6318),
    "deliver_back": (147, 147),
    "cancel": (18, 19),
}
#: view -> (queries of one order, queries of fifty)
SHOWN = {
    "repair_order_view_list": (8, 8),
    "repair_order_view_list_live": (8, 8),
    "repair_order_view_list_invoice": (7, 7),
    "repair_order_view_list_warning": (7, 7),
    "repair_order_view_kanban": (7, 7),
    "repair_order_view_kanban_day": (7, 7),
    "repair_order_view_calendar": (5, 5),
}
#: kind of what was missed -> (queries of telling of one order, of fifty)
TOLD = {"contact": (23, 23), "preliminary": (23, 23), "arrival": (21, 21), "promise": (26, 26)}
#: core's own: create asks each order for its warehouse, the end of the repair moves stock, and
#: each machine taken back has a receipt of stock of its own
CORE_PER_ORDER = {"create": 1, "sign": 9, "take_back": 126}


class QueriesCase(RepairCase):
    """Many machines, and a count of what a request asks with a cold record cache."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.farmers = cls.env["res.partner"].create(
            [
                {"name": f"F{i}", "phone": f"139801{i:05d}", "city": "Santai", "street": "x"}
                for i in range(210)
            ]
        )
        cls.machines = iter(
            [cls.sell(f"JX{i:05d}", 5, owner=farmer) for i, farmer in enumerate(cls.farmers)]
        )

    def count(self, func):
        """Return how many queries ``func`` makes, what it writes included."""
        self.env.flush_all()
        self.env.invalidate_all()
        with patch("random.random", lambda: 1):
            before = self.env.cr.sql_log_count
            func()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestQueries(QueriesCase):
    """What each step costs, as one request of its own."""

    def calls(self, number):
        """Return the values of ``number`` registrations, each of a machine of its own."""
        return [
            {
                "lot_id": machine.id,
                "partner_id": machine.owner_id.id,
                "caller_name": "Caller",
                "fault_description": "It leaks",
                "service_address": "Luxi 5",
                "category_ids": [(6, 0, self.gearbox_category.ids)],
            }
            for machine in islice(self.machines, number)
        ]

    def later(self, visits):
        """Let two minutes pass at the machines: work that takes no time is not logged."""
        visits.flush_recordset()
        self.env.cr.execute(
            "UPDATE jinxing_repair_visit SET arrived_at = arrived_at - interval '2 minutes',"
            " departed_at = departed_at - interval '2 minutes' WHERE id = ANY(%s)", [visits.ids],
        )
        visits.invalidate_recordset()

    def walk(self, number):
        """Take ``number`` orders through all the steps, return the queries of each step."""
        clerk, supervisor, technician = (
            self.users[role] for role in ("clerk", "supervisor", "technician")
        )
        tickets = self.env["helpdesk.ticket"].with_user(clerk)
        values = self.calls(number)
        found = {}

        def register():
            nonlocal tickets
            tickets = tickets.create(values)

        found["register"] = self.count(register)
        found["create"] = self.count(tickets.action_create_dispatch_order)
        orders = self.env["repair.order"].browse(tickets.order_ids.ids)
        by = {user: orders.with_user(user) for user in (clerk, supervisor, technician)}
        found["approve"] = self.count(by[supervisor].action_approve)
        found["assign"] = self.count(
            lambda: by[clerk].action_assign(technician_id=self.technician.id, reason="x")
        )
        found["accept"] = self.count(by[technician].action_accept)
        found["contact"] = self.count(by[technician].action_contact)
        self.packed(orders)
        found["depart"] = self.count(by[technician].action_depart)
        found["arrive"] = self.count(by[technician].action_arrive)
        self.later(orders.visit_ids)
        faults = self.env["jinxing.repair.fault"].with_user(clerk)
        found["fault"] = self.count(
            lambda: faults.create(
                [
                    {"order_id": order.id, "component_id": self.housing.id, "cause": "Flaw",
                     "quality_after": "good"}
                    for order in orders
                ]
            )
        )
        orders.check_ids.write({"done": True})
        orders.write({"explanation": "E", "precautions": "P", "trial_run_ok": True})
        found["finish"] = self.count(by[technician].action_finish)
        orders.partner_id = self.farmers[0]  # one signature is one customer's
        found["sign"] = self.count(
            lambda: by[technician].action_sign(SIGNATURE, "Zhang Defu")
        )
        found["hand_in"] = self.count(by[technician].action_hand_in)
        found["close"] = self.count(lambda: by[supervisor].action_close(5))
        return found

    def walk_aside(self, number):
        """Take ``number`` orders the other ways: sent back, declined, taken back, cancelled."""
        clerk, supervisor, technician, station = (
            self.users[role] for role in ("clerk", "supervisor", "technician", "station_man")
        )
        tickets = self.env["helpdesk.ticket"].with_user(clerk).create(self.calls(number))
        tickets.action_create_dispatch_order()
        orders = self.env["repair.order"].browse(tickets.order_ids.ids)
        by = {user: orders.with_user(user) for user in (clerk, supervisor, technician, station)}
        found = {"return": self.count(lambda: by[supervisor].action_return("No place"))}
        found["submit"] = self.count(by[clerk].action_submit)
        by[supervisor].action_approve()
        by[clerk].action_assign(provider_id=self.station.id, reason="x")
        found["decline"] = self.count(lambda: by[station].action_decline("No time"))
        by[clerk].action_assign(technician_id=self.technician.id, reason="x")
        by[technician].action_accept()
        by[technician].action_contact()
        kept, dropped = orders[: number // 2], orders[number // 2 :]
        self.packed(kept)
        kept.with_user(technician).action_arrive()
        self.later(kept.visit_ids)
        worker = kept.with_user(technician)
        found["take_back"] = self.count(lambda: worker.action_take_back("Zhang Defu", "Dirty"))
        found["deliver_back"] = self.count(
            lambda: worker[:1].action_deliver_back("Zhang Defu", SIGNATURE, reclaimed=True)
        )
        found["cancel"] = self.count(lambda: dropped.with_user(supervisor).action_cancel_order("x"))
        return found

    def check(self, pinned, one, many, more_orders):
        """Compare what steps cost of one order and of more with what is pinned."""
        for step, (expected, expected_many) in pinned.items():
            with self.subTest(step=step):
                self.assertLessEqual(one[step], expected, (one[step], many[step]))
                self.assertLessEqual(many[step], expected_many, (one[step], many[step]))
                more = (many[step] - one[step]) / more_orders
                self.assertLessEqual(round(more), CORE_PER_ORDER.get(step, 0))

    def test_steps(self):
        """S8.1-S8.9: fifty orders cost as many queries as one, but for what core itself adds."""
        self.walk(2)  # what stays in the ORM's own caches, the list's name too
        one, fifty = self.walk(1), self.walk(50)
        self.check(PINNED, one, fifty, 49)

    def test_steps_aside(self):
        """S8.1, S8.6, G1.1: the other ways cost as much of fifty as of one, core's stock aside."""
        self.walk_aside(2)
        # Half of them are cancelled, the others taken back.
        one, hundred = self.walk_aside(2), self.walk_aside(100)
        self.check(PINNED_ASIDE, one, hundred, 49)


@tagged("post_install", "-at_install")
class TestQueriesShown(QueriesCase):
    """What lists, boards and the notifier cost."""

    def some_orders(self, number):
        """Return ``number`` assigned orders of their own machines."""
        tickets = self.env["helpdesk.ticket"].create(
            [
                {
                    "lot_id": machine.id,
                    "partner_id": machine.owner_id.id,
                    "caller_name": "Caller",
                    "fault_description": "It leaks",
                    "service_address": "Luxi 5",
                }
                for machine in islice(self.machines, number)
            ]
        )
        tickets.action_create_dispatch_order()
        orders = tickets.order_ids
        orders.with_user(self.users["supervisor"]).action_approve()
        orders.write({"technician_id": self.technician.id, "service_state": "assigned"})
        return orders

    def opening(self, view, orders, user):
        """Return a function that asks what the web client asks when a view is opened."""
        record = self.env.ref(f"jinxing_repair.{view}")
        model = orders.browse().with_user(self.users[user]).with_context(
            dispatch_day=view.endswith("day")
        )
        arch = etree.fromstring(
            model.get_views([(record.id, record.type)])["views"][record.type]["arch"]
        )
        wanted = {}
        for node in arch.iter("field"):
            field = model._fields[node.get("name")]
            shown = field.relational and node.get("column_invisible") != "True"
            wanted.setdefault(field.name, {"fields": {"display_name": {}}} if shown else {})
        domain = [("id", "in", orders.ids)]
        if record.type == "list":
            return lambda: model.web_search_read(domain, wanted, limit=80, count_limit=10001)
        if record.type == "calendar":
            return lambda: model.search_read(domain, list(wanted), limit=500)
        group = arch.get("default_group_by")
        return lambda: model.web_read_group(
            domain,
            [group],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=wanted,
            unfold_read_default_limit=80,
        )

    def test_lists_and_boards(self):
        """S8.1: opening a list or a board of fifty orders asks as much as of one."""
        orders = self.some_orders(50)
        for view, (expected, expected_fifty) in SHOWN.items():
            for user in ("clerk", "supervisor"):
                self.count(self.opening(view, orders[:2], user))  # what stays in caches
                with self.subTest(view=view, user=user):
                    one = self.count(self.opening(view, orders[:1], user))
                    fifty = self.count(self.opening(view, orders, user))
                    self.assertLessEqual(one, expected, (one, fifty))
                    self.assertLessEqual(fifty, expected_fifty, (one, fifty))

    def test_notifier(self):
        """S8.2, S8.11, N5: telling of fifty orders asks as much as of one."""
        now = fields.Datetime.now()
        orders = self.some_orders(52)
        orders._make_promise(now + timedelta(days=3), now)
        orders.flush_recordset()
        late = now - timedelta(minutes=1)
        promises = orders.promise_ids
        self.env.cr.execute(
            "UPDATE jinxing_repair_promise SET made_at = made_at - interval '5 days',"
            " promise_at = %s WHERE id = ANY(%s)", [late, promises.ids],
        )
        for kind, (expected, expected_fifty) in TOLD.items():
            records = promises if kind == "promise" else orders
            if kind != "promise":
                orders.write({f"{kind}_deadline": late, "called_at": now - timedelta(days=2)})
            orders.invalidate_recordset()
            tell = getattr(self.env["repair.order"], f"_notify_{kind}")
            tell(records[:1].ids, now)  # what stays in the ORM's own caches
            with self.subTest(kind=kind):
                one = self.count(partial(tell, records[1:2].ids, now))
                fifty = self.count(partial(tell, records[2:].ids, now))
                self.assertLessEqual(one, expected, (one, fifty))
                self.assertLessEqual(fifty, expected_fifty, (one, fifty))
        with self.subTest("to find what is due"):
            self.assertEqual(
                self.count(lambda: self.env["repair.order"]._find_due(now, 200)), 1
            )
