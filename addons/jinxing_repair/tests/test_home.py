from odoo.tests import tagged

from .common import RepairCase

ORDERS = "jinxing_repair.repair_order_action"


@tagged("post_install", "-at_install")
class TestHome(RepairCase):
    """G3.3: the numbers of service on the first screen follow the orders."""

    def counts(self, role):
        home = self.env["jinxing.home"].with_user(self.users[role]).get_home()
        return {t["key"]: t["count"] for room in home["rooms"] for t in room["tiles"]}

    def grown(self, role, before):
        """What has another number than before."""
        return {k: n - before[k] for k, n in self.counts(role).items() if n != before[k]}

    def test_an_order_moves_from_tile_to_tile(self):
        """G3.3, S8.1: registered it waits for review, approved for a technician."""
        before = self.counts("supervisor")
        order = self.order()
        registered = {
            f"{ORDERS}:to_review": 1, "jinxing_repair.registration_action:open": 1,
        }
        self.assertEqual(self.grown("supervisor", before), registered)
        order.with_user(self.users["supervisor"]).action_approve()
        approved = {f"{ORDERS}:to_assign": 1, "jinxing_repair.registration_action:open": 1}
        self.assertEqual(self.grown("supervisor", before), approved)

    def test_a_technician_counts_his_own(self):
        """G3.3: another's order does not count, his own does."""
        before = self.counts("technician")
        order = self.approved()
        self.assertFalse(self.grown("technician", before))
        order.with_user(self.users["supervisor"]).action_assign(
            technician_id=self.technician.id, reason="He is near"
        )
        self.assertEqual(self.grown("technician", before), {f"{ORDERS}:open": 1})
