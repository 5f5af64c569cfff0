import threading
import uuid
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.orm.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL

MARK = "onsite-concurrent"


@tagged("post_install", "-at_install")
class TestOnsiteAtOnce(BaseCase):
    """Two real transactions at once: one change, one answer (S8.9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.clean)
        # The main thread holds the registry while it runs the tests.
        cls.startClassPatcher(patch.object(Registry, "_lock", DummyRLock()))
        with cls.transaction() as env:
            user = env["res.users"].with_context(no_reset_password=True).create(
                {
                    "name": MARK,
                    "login": MARK,
                    "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
                }
            )
            order = env["repair.order"].create(
                {"service_kind": "repair", "fault_description": MARK, "caller_name": MARK}
            )
            order.write({"technician_id": user.partner_id.id, "service_state": "accepted"})
            cls.user_id, cls.order_id = user.id, order.id

    @classmethod
    def transaction(cls, user_id=SUPERUSER_ID):
        """A transaction of its own that is committed; tests' cursors all share one."""
        return _Transaction(user_id)

    @classmethod
    def clean(cls):
        """Take away what was committed."""
        with cls.transaction() as env:
            orders = env["repair.order"].search([("caller_name", "=", MARK)])
            references = orders.reference_ids.ids
            for query in (
                SQL("DELETE FROM mail_message WHERE model = 'repair.order' AND res_id = ANY(%s)",
                    orders.ids),
                SQL("DELETE FROM repair_order WHERE id = ANY(%s)", orders.ids),
                SQL("DELETE FROM stock_reference WHERE id = ANY(%s)", references),
            ):
                env.execute_query(query)
            env.invalidate_all()
            users = env["res.users"].with_context(active_test=False).search([("login", "=", MARK)])
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def send(self, request_id, barrier, answers, operation="contact"):
        """Send a change as a web request does, repeated where it cannot be serialised."""
        cursor = db_connect(get_db_name()).cursor()
        try:
            env = api.Environment(cursor, self.user_id, {})
            cursor.execute("SELECT 1")  # the snapshot is taken before the other one commits
            barrier.wait(20)
            answers.append(
                retrying(
                    lambda: env["repair.order"]._onsite_change(
                        self.order_id, request_id, operation
                    ),
                    env,
                )
            )
        except Exception as error:  # noqa: BLE001  a thread's error must reach the test
            answers.append(error)
        finally:
            cursor.close()

    def at_once(self, *requests):
        barrier, answers = threading.Barrier(len(requests)), []
        threads = [
            threading.Thread(target=self.send, args=(request, barrier, answers))
            for request in requests
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(len(answers), len(requests))
        return answers

    def steps(self):
        with self.transaction() as env:
            order = env["repair.order"].browse(self.order_id)
            return len(order.step_ids.filtered(lambda step: step.action == "contact")), len(
                env["jinxing.onsite.request"].search([("order_id", "=", self.order_id)])
            )

    def test_same_change_and_two_changes(self):
        """The same number twice at once counts once; two numbers are one step and one refusal."""
        number = str(uuid.uuid4())
        answers = self.at_once(number, number)
        self.assertEqual([answer["status"] for answer in answers], ["done", "done"], answers)
        self.assertEqual(sorted(answer["repeated"] for answer in answers), [False, True])
        self.assertEqual(self.steps(), (1, 1))
        with self.transaction() as env:
            env["jinxing.onsite.request"].search([("order_id", "=", self.order_id)]).unlink()
            env.execute_query(
                SQL(
                    "UPDATE repair_order SET contacted_at = NULL, service_state = 'accepted'"
                    " WHERE id = %s", self.order_id,
                )
            )
            env.execute_query(
                SQL("DELETE FROM jinxing_repair_step WHERE order_id = %s AND action = 'contact'",
                    self.order_id)
            )
        answers = self.at_once(str(uuid.uuid4()), str(uuid.uuid4()))
        self.assertEqual(
            sorted(answer["status"] for answer in answers), ["done", "refused"], answers
        )
        self.assertEqual(self.steps(), (1, 1))


class _Transaction:
    def __init__(self, user_id):
        self.user_id = user_id

    def __enter__(self):
        self.cursor = db_connect(get_db_name()).cursor()
        return api.Environment(self.cursor, self.user_id, {})

    def __exit__(self, kind, *_):
        if kind is None:
            self.cursor.commit()
        self.cursor.close()
