from itertools import islice

from odoo.tests import tagged

from .test_queries import QueriesCase

#: what is asked -> (queries of one order, queries of fifty)
PINNED = {"propose": (30, 30), "assess": (60, 60), "phone": (60, 60)}


@tagged("post_install", "-at_install")
class TestPreliminaryQueries(QueriesCase):
    """S8.2: proposals and assessments of fifty orders ask as much as of one."""

    def approved_orders(self, number):
        tickets = self.env["helpdesk.ticket"].create(
            [
                {
                    "lot_id": machine.id,
                    "partner_id": machine.owner_id.id,
                    "caller_name": "Caller",
                    "fault_description": "The gearbox housing leaks, the battery is empty",
                    "service_address": "Luxi 5",
                }
                for machine in islice(self.machines, number)
            ]
        )
        tickets.action_create_dispatch_order()
        orders = self.env["repair.order"].browse(tickets.order_ids.ids)
        orders.with_user(self.users["supervisor"]).action_approve()
        return orders

    def test_as_many_of_fifty_as_of_one(self):
        """S8.2: nothing is asked order by order, and an approval asks no proposal."""
        clerk = self.users["clerk"]
        asked = {
            "propose": lambda orders: orders._preliminary_proposals(),
            "phone": lambda orders: orders._onsite_details(),
            "assess": lambda orders: orders.with_user(clerk).action_assess_preliminary({}),
        }
        warm, one, fifty = (self.approved_orders(number) for number in (2, 1, 50))
        self.assertFalse((warm | one | fifty).preliminary_ids)
        for what, ask in asked.items():
            ask(warm)
            with self.subTest(what):
                expected, expected_fifty = PINNED[what]
                first = self.count(lambda ask=ask: ask(one))
                many = self.count(lambda ask=ask: ask(fifty))
                self.assertLessEqual(first, expected, (first, many))
                self.assertLessEqual(many, expected_fifty, (first, many))
                self.assertLessEqual(many - first, 2, (first, many))
        self.assertEqual(len(fifty.preliminary_id), 50)
