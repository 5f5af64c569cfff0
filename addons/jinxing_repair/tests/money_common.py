from contextlib import contextmanager

from odoo.tools import mute_logger

from .common import SIGNATURE, RepairCase, RepairData


class MoneyData(RepairData):
    """Signed orders with something to pay: small enough for the spot, or too much for it."""

    machines = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls.env["account.journal"].create(
            {"name": "Cash box", "type": "cash", "code": "JXCSH", "company_id": cls.company.id}
        )
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )

    @classmethod
    def as_(cls, role, records):
        """The records as a user of the role sees them."""
        return records.with_user(cls.users[role])

    @classmethod
    def to_pay(cls, parts=False, machine=None, sign=True):
        """An order with a chargeable battery: 30 of labour and 60 of travel, or 680 more.

        Each on a machine of its own: again on the same one, it would be a rework (G1.2).
        """
        if machine is None:
            cls.machines += 1
            machine = cls.sell(f"JY2025M{cls.machines:03}", months=20)
        order = cls.on_site(machine)
        clerk = cls.as_("clerk", order)
        fault = clerk.env["jinxing.repair.fault"].create(
            {"order_id": order.id, "component_id": cls.battery.id, "symptom": "Empty"}
        )
        if parts:
            clerk.env["stock.move"].create(
                {
                    "repair_id": order.id,
                    "repair_line_type": "add",
                    "fault_id": fault.id,
                    "product_id": cls.part_battery.id,
                    "product_uom_qty": 1,
                }
            )
        clerk.env["repair.service"].create(
            [
                {"repair_id": order.id, "fault_id": fault.id, "fee_item_id": item.id}
                for item in (cls.fee_battery, cls.fee_travel)
            ]
        )
        worker = cls.as_("technician", order)
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        cls.complete(order)
        worker.action_finish()
        if sign:
            worker.action_sign(SIGNATURE, "Zhang Defu")
        return order.with_env(cls.env)


class MoneyCase(MoneyData, RepairCase):
    """For tests of models."""

    @contextmanager
    def refused(self, error, text=""):
        """Expect the error with the text in it, and take back what was done until then."""
        with mute_logger("odoo.sql_db"), self.assertRaises(error) as caught:
            yield
        self.assertIn(text, str(caught.exception))
