from contextlib import suppress

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name

from .common import SIGNATURE


class CommittedCase(BaseCase):
    """Real transactions beside each other, on records that are committed and removed again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.cursors = []
        self.made = []
        self.addCleanup(self.remove)
        self.env = self.open()

    def open(self, uid=SUPERUSER_ID):
        """An environment of a transaction of its own."""
        cursor = self.registry.cursor()
        self.cursors.append(cursor)
        cursor.execute("SET statement_timeout = '60s'")  # a lock waited for in vain
        cursor.commit()
        return api.Environment(cursor, uid, {"tracking_disable": True, "lang": "en_US"})

    def begin(self, uid=2):
        """A person's transaction that sees the database as it is now."""
        env = self.open(uid)
        env.cr.execute("SELECT 1 FROM repair_order LIMIT 1")
        return env

    def keep(self, records):
        """Remember records to remove in the end, the last first."""
        self.made.append((records._table, list(records.ids)))
        return records

    def remove(self):
        for cursor in self.cursors:
            with suppress(Exception):
                cursor.rollback()
                cursor.close()
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            tables = [table for table, _ids in self.made]
            orders = [i for t, ids in self.made if t == "repair_order" for i in ids]
            if "repair_order" in tables:
                self._remove_money(env, orders)
            self._remove_more(env)
            for table, ids in reversed(self.made):
                if ids:
                    cursor.execute(
                        f"DELETE FROM {table} WHERE id = ANY(%s)",  # noqa: S608
                        [ids],
                    )
        self.registry.clear_all_caches()

    def _remove_more(self, env):
        """Remove what else the test has committed."""

    def _remove_money(self, env, orders):
        cursor = env.cr
        moves = env["account.move"].search([("dispatch_order_id", "in", orders)])
        moves.filtered(lambda move: move.state == "posted").button_draft()
        cursor.execute(
            "UPDATE repair_order SET dispatch_invoice_id = NULL WHERE id = ANY(%s)", [orders]
        )
        cursor.execute(
            "DELETE FROM jinxing_service_voucher WHERE order_id = ANY(%s)", [orders]
        )
        env.invalidate_all()
        moves.with_context(force_delete=True).unlink()
        sales = env["sale.order"].search([("dispatch_order_ids", "in", orders)])
        cursor.execute(
            "UPDATE repair_order SET sale_order_id = NULL WHERE id = ANY(%s)", [orders]
        )
        env.invalidate_all()
        sales._action_cancel()
        sales.unlink()
        env.flush_all()
        cursor.execute("DELETE FROM repair_service WHERE repair_id = ANY(%s)", [orders])
        cursor.execute("DELETE FROM jinxing_repair_fault WHERE order_id = ANY(%s)", [orders])
        cursor.execute(
            "DELETE FROM jinxing_decision WHERE res_model = 'repair.order' AND res_id = ANY(%s)",
            [orders],
        )

    def signed_orders(self, count):
        """Committed orders with 60 of labour to pay each, signed, their vouchers issued."""
        env = self.env
        partner = self.keep(env["res.partner"].create({"name": "At once"}))
        labour = env.ref("jinxing_repair.product_labour")
        item = self.keep(
            env["jinxing.fee.item"].create(
                {"code": "AT-ONCE", "name": "At once", "product_id": labour.id, "hours": 1,
                 "price_unit": 60}
            )
        )
        component = env["jinxing.component"].search([], limit=1)
        orders = self.keep(
            env["repair.order"].create(
                [{"service_kind": "repair", "partner_id": partner.id} for _i in range(count)]
            )
        )
        for order in orders:
            fault = env["jinxing.repair.fault"].create(
                {"order_id": order.id, "component_id": component.id}
            )
            fault._store({"cover": "chargeable"})
            env["repair.service"].create(
                {"repair_id": order.id, "fault_id": fault.id, "fee_item_id": item.id}
            )
            order.sale_order_id = env["sale.order"].create(order._prepare_dispatch_sale_order())
            order._sync_sale_lines()
            order.sale_order_id.action_confirm()
            order.write(
                {
                    "quote_state": "accepted",
                    "acceptance_signature": SIGNATURE,
                    "service_state": "signed",
                    "state": "done",
                    "move_ids": [Command.clear()],
                }
            )
        orders._issue_vouchers()
        env.cr.commit()
        return orders
