from itertools import islice
from unittest.mock import patch

from odoo.tests import tagged

from .common import SIGNATURE, RepairCase

#: step -> (queries of one order, queries of fifty); core's steps beneath are in it
PINNED = {
    "register": (13, 13),
    "create": (42, 94),
    "approve": (18, 18),
    "assign": (20, 20),
    "accept": (7, 7),
    "contact": (9, 9),
    "arrive": (20, 20),
    "hand_in": (6, 6),
    "close": (16, 16),
}
#: core's own: create asks each order for its warehouse, the end of the repair moves stock
CORE_PER_ORDER = {"create": 1}


@tagged("post_install", "-at_install")
class TestQueries(RepairCase):
    """What each step costs, as one request of its own with a cold record cache."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.farmers = cls.env["res.partner"].create(
            [
                {"name": f"F{i}", "phone": f"139801{i:05d}", "city": "Santai", "street": "x"}
                for i in range(53)
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

    def walk(self, number):
        """Take ``number`` orders through all the steps, return the queries of each step."""
        clerk, supervisor, technician = (
            self.users[role] for role in ("clerk", "supervisor", "technician")
        )
        tickets = self.env["helpdesk.ticket"].with_user(clerk)
        values = [
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
        found["arrive"] = self.count(by[technician].action_arrive)
        self.env["jinxing.repair.fault"].create(
            [
                {"order_id": order.id, "component_id": self.housing.id, "cause": "Flaw",
                 "quality_after": "good"}
                for order in orders
            ]
        )
        orders.check_ids.write({"done": True})
        orders.write({"explanation": "E", "precautions": "P", "trial_run_ok": True})
        by[technician].action_finish()
        by[technician].action_sign(SIGNATURE, "Zhang Defu")
        found["hand_in"] = self.count(by[technician].action_hand_in)
        found["close"] = self.count(lambda: by[supervisor].action_close(5))
        return found

    def test_steps(self):
        """S8.1-S8.9: fifty orders cost as many queries as one, but for what core itself adds."""
        self.walk(1)  # what stays in the ORM's own caches
        one, fifty = self.walk(1), self.walk(50)
        for step, (expected, expected_fifty) in PINNED.items():
            with self.subTest(step=step):
                self.assertLessEqual(one[step], expected)
                self.assertLessEqual(fifty[step], expected_fifty)
                more = (fifty[step] - one[step]) / 49
                self.assertLessEqual(round(more), CORE_PER_ORDER.get(step, 0))
