from itertools import islice

from odoo import Command
from odoo.tests import tagged

from .common import SIGNATURE
from .test_queries import QueriesCase

#: how far the orders are -> (queries of one order, queries of fifty)
PINNED = {"at work": (60, 60), "signed": (60, 60)}


@tagged("post_install", "-at_install")
class TestOnsiteQueries(QueriesCase):
    """What every phone asks each two minutes: fifty orders in the midst of work as one."""

    def arrived(self, number):
        """Orders at whose machines the technician stands: found, planned, quoted, asked."""
        machines = list(islice(self.machines, number))
        tickets = self.env["helpdesk.ticket"].create(
            [
                {
                    "lot_id": machine.id,
                    "partner_id": machine.owner_id.id,
                    "caller_name": "Caller",
                    "fault_description": "It leaks",
                    "service_address": "Luxi 5",
                    "category_ids": [Command.set(self.gearbox_category.ids)],
                }
                for machine in machines
            ]
        )
        tickets.action_create_dispatch_order()
        orders = self.env["repair.order"].browse(tickets.order_ids.ids)
        orders.with_user(self.users["supervisor"]).action_approve()
        orders.with_user(self.users["clerk"]).action_assign(
            technician_id=self.technician.id, reason="x"
        )
        worker = orders.with_user(self.users["technician"])
        worker.action_accept()
        worker.action_contact()
        self.packed(orders)
        worker.action_arrive()
        faults = self.env["jinxing.repair.fault"].create(
            [
                {"order_id": order.id, "component_id": component.id, "cause": "Flaw"}
                for order in orders
                for component in (self.housing, self.battery)
            ]
        )
        for fault in faults:
            photo = self.env["ir.attachment"].create(
                {"name": "p.png", "raw": b"x", "res_model": fault._name, "res_id": fault.id}
            )
            fault.evidence_ids = photo
        # each order has parts of its own: what is read of one serves no other
        parts = {
            fault: self.part(f"Part {fault.id}", fault.component_id, 100) for fault in faults
        }
        self.env["stock.move"].create(
            [
                {"repair_id": fault.order_id.id, "repair_line_type": "add",
                 "fault_id": fault.id, "product_id": part.id, "product_uom_qty": 1}
                for fault, part in parts.items()
            ]
        )
        fees = {self.housing: self.fee_housing, self.battery: self.fee_battery}
        self.env["repair.service"].create(
            [
                {"repair_id": fault.order_id.id, "fault_id": fault.id,
                 "fee_item_id": fees[fault.component_id].id}
                for fault in faults
            ]
        )
        worker.action_quote()
        return orders

    def test_as_many_of_fifty_as_of_one(self):
        """S8.2-S8.9: nothing is asked order by order, at work or once the customer has signed."""
        found = {}
        orders = {name: self.arrived(number) for name, number in
                  (("warm", 2), ("one", 1), ("fifty", 50))}

        def ask(kind):
            for name in ("warm", "one", "fifty"):
                as_he = orders[name].with_user(self.users["technician"])
                found[kind, name] = self.count(as_he._onsite_details)

        ask("at work")
        for some in orders.values():
            worker = some.with_user(self.users["technician"])
            for order in worker:
                order.action_accept_quotation(SIGNATURE, "Zhang Defu")
            some.fault_ids.quality_after = "good"
            some.check_ids.done = True
            some.write({"explanation": "E", "precautions": "P", "trial_run_ok": True})
            worker.action_finish()
            for order in worker:
                order.action_sign(SIGNATURE, "Zhang Defu")
        self.assertEqual(set(orders["fifty"].mapped("money_state")), {"open"})
        ask("signed")
        for kind, (one, fifty) in PINNED.items():
            with self.subTest(kind):
                self.assertLessEqual(found[kind, "one"], one, found)
                self.assertLessEqual(found[kind, "fifty"], fifty, found)
                self.assertLessEqual(found[kind, "fifty"] - found[kind, "one"], 1, found)
