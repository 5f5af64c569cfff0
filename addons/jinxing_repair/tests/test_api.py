import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SIGNATURE, RepairData


@tagged("post_install", "-at_install")
class TestApi(RepairData, HttpCase):
    """Another system walks the main way through over /json/2, each person with his own key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = {}
        soon = fields.Datetime.now() + timedelta(days=1)
        for role in ("clerk", "supervisor", "technician", "finance", "nobody", "other_dealer"):
            keys = cls.env["res.users.apikeys"].with_user(cls.users[role])
            cls.keys[role] = keys.sudo()._generate("rpc", "walk", soon)

    def call(self, role, model, method, ids=(), status=200, **params):
        """Return what ``model.method`` answers to ``role`` over HTTP."""
        headers = {"Content-Type": "application/json", "X-Odoo-Database": self.env.cr.dbname}
        if role:
            headers["Authorization"] = f"bearer {self.keys[role]}"
        answer = self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps({"ids": list(ids), **params}),
            headers=headers,
        )
        self.assertEqual(answer.status_code, status, answer.text[:500])
        return answer.json()

    def step(self, role, action, /, **params):
        return self.call(role, "repair.order", action, [self.order_id], **params)

    def read(self, role, model, ids, names):
        return self.call(role, model, "read", ids, fields=names)

    def test_from_the_call_to_the_paid_invoice(self):
        """S8.1-S8.9, G4.2, G4.3: the whole way, housing free, battery charged."""
        found = self.call(
            "clerk",
            "stock.lot",
            "name_search",
            name=self.machine.name,
            context={"jinxing_machine": True},
        )
        self.assertEqual(found[0][0], self.machine.id)
        ticket_ids = self.call(
            "clerk",
            "helpdesk.ticket",
            "create",
            vals_list=[
                {
                    "lot_id": self.machine.id,
                    "partner_id": self.farmer.id,
                    "caller_name": "Zhang Defu",
                    "caller_phone": "139 8012 3456",
                    "service_address": "Luxi 5",
                    "fault_description": "Gearbox leaks oil, battery empty",
                    "category_ids": self.gearbox_category.ids,
                }
            ],
        )
        self.call("clerk", "helpdesk.ticket", "action_create_dispatch_order", ticket_ids)
        orders = self.call(
            "clerk",
            "repair.order",
            "search_read",
            domain=[["ticket_id", "in", ticket_ids]],
            fields=["name", "service_state"],
        )
        self.order_id = orders[0]["id"]
        self.step("supervisor", "action_approve")
        self.step(
            "clerk", "action_assign", technician_id=self.technician.id, reason="Dealer is full"
        )
        self.step("technician", "action_accept")
        self.step("technician", "action_contact", note="On the way")
        checks = self.call(
            "clerk",
            "jinxing.repair.check",
            "search",
            domain=[["order_id", "=", self.order_id], ["phase", "=", "departure"]],
        )
        self.call("clerk", "jinxing.repair.check", "write", checks, vals={"done": True})
        things = self.call(
            "clerk", "jinxing.repair.bring", "search", domain=[["order_id", "=", self.order_id]]
        )
        if things:
            self.call("clerk", "jinxing.repair.bring", "write", things, vals={"taken": True})
        self.step("technician", "action_arrive", latitude=31.1, longitude=104.4)
        fault_ids = self.call(
            "clerk",
            "jinxing.repair.fault",
            "create",
            vals_list=[
                {"order_id": self.order_id, "component_id": component.id}
                for component in (self.housing, self.battery)
            ],
        )
        verdicts = self.read("clerk", "jinxing.repair.fault", fault_ids, ["cover", "decision_ids"])
        self.assertEqual([fault["cover"] for fault in verdicts], ["free", "chargeable"])
        decision = self.read(
            "clerk", "jinxing.decision", verdicts[1]["decision_ids"], ["explanation"]
        )
        self.assertIn("G4.3", decision[0]["explanation"])
        self.call(
            "clerk",
            "stock.move",
            "create",
            vals_list=[
                {
                    "repair_id": self.order_id,
                    "repair_line_type": "add",
                    "fault_id": fault_id,
                    "product_id": part.id,
                    "product_uom_qty": 1,
                }
                for fault_id, part in zip(
                    fault_ids, (self.part_housing, self.part_battery), strict=True
                )
            ],
        )
        self.step("technician", "action_quote")
        self.step(
            "technician", "action_accept_quotation", signature=SIGNATURE, name="Zhang Defu"
        )
        self.complete(self.env["repair.order"].browse(self.order_id))
        self.step("technician", "action_finish")
        self.step("technician", "action_sign", signature=SIGNATURE, signed_by="Zhang Defu")
        self.step("technician", "action_hand_in")
        self.step("supervisor", "action_close", quality_score=5)
        self.step("finance", "action_invoice")
        self.env.invalidate_all()
        order = self.env["repair.order"].browse(self.order_id)
        invoice = order.sale_order_id.invoice_ids
        self.assertEqual(invoice.invoice_line_ids.product_id, self.part_battery)
        self.assertEqual(invoice.state, "posted")
        payment_ids = self.call(
            "finance",
            "account.payment.register",
            "create",
            vals_list=[{}],
            context={"active_model": "account.move", "active_ids": invoice.ids},
        )
        self.call("finance", "account.payment.register", "action_create_payments", payment_ids)
        self.env.invalidate_all()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(order.service_state, "closed")

    @mute_logger("odoo.http")
    def test_nobody_walks_in(self):
        """The way is closed to a missing key, a user without a role, and another dealer."""
        self.order_id = self.order().id
        self.call(None, "repair.order", "read", [self.order_id], status=401)
        self.step("nobody", "action_approve", status=403)
        self.step("other_dealer", "action_approve", status=403)
        self.call(
            "other_dealer", "repair.order", "read", [self.order_id], status=403, fields=["name"]
        )
        self.call(
            "clerk",
            "repair.order",
            "write",
            [self.order_id],
            status=422,
            vals={"service_state": "closed"},
        )
        self.step("supervisor", "_take_step", status=403)
        self.assertEqual(self.env["repair.order"].browse(self.order_id).service_state, "registered")
