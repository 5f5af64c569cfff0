import threading
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.orm.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .committed import CommittedCase
from .common import SIGNATURE

MARK = "steps-at-once"
#: What the one who comes second is told: to look again, or what has become of the order.
REFUSED = r"Somebody else is working|is “.*”: “.*” is not possible|you are there already|" \
    r"There is an open dispatch order|is “.*” already"


@tagged("post_install", "-at_install")
class TestStepsAtOnce(CommittedCase):
    """S8.1-S8.9: of two people at once one wins, the other is told, and nothing doubles.

    Real transactions in two threads, each repeated where PostgreSQL cannot serialise it, as a web
    request is.
    """

    def setUp(self):
        super().setUp()
        # The main thread holds the registry while it runs the tests.
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        env = self.env
        self.station = self.keep(
            env["res.partner"].create(
                {"name": MARK, "is_company": True, "is_service_station": True}
            )
        )
        self.users = {
            name: self._make_user(name, group)
            for name, group in (
                ("clerk", "jinxing_base.group_clerk"),
                ("clerk_2", "jinxing_base.group_clerk"),
                ("supervisor", "jinxing_base.group_supervisor"),
                ("supervisor_2", "jinxing_base.group_supervisor"),
                ("technician", "jinxing_base.group_technician"),
                ("man", "base.group_portal"),
                ("man_2", "base.group_portal"),
            )
        }
        for name in ("man", "man_2"):
            self.users[name].partner_id.write(
                {"parent_id": self.station.id, "is_technician": True}
            )
        self.users["technician"].partner_id.is_technician = True
        env["jinxing.post.certificate"].create(
            [
                {
                    "name": MARK,
                    "partner_id": self.users[name].partner_id.id,
                    "date_issue": "2026-01-05",
                    "issuer": "Province",
                }
                for name in ("man", "man_2", "technician")
            ]
        )
        self.ticket = env["helpdesk.ticket"].create(
            {"caller_name": MARK, "fault_description": MARK, "service_address": "Luxi 5"}
        )
        self.tickets = self.ticket
        env.cr.commit()

    def _make_user(self, name, group):
        values = {
            "name": f"{MARK} {name}",
            "login": f"{MARK}-{name}",
            "group_ids": [(6, 0, self.env.ref(group).ids)],
        }
        return self.env["res.users"].with_context(no_reset_password=True).create(values)

    def _remove_more(self, env):
        orders = env["repair.order"].search([("ticket_id", "in", self.tickets.ids)])
        users = env["res.users"].browse([user.id for user in self.users.values()])
        references = orders.reference_ids.ids
        partners = self.tickets.with_env(env).partner_id.ids + users.partner_id.ids
        for query, ids in (
            ("DELETE FROM jinxing_decision WHERE res_model = 'repair.order' AND res_id", orders),
            ("DELETE FROM mail_activity WHERE res_model = 'repair.order' AND res_id", orders),
            ("DELETE FROM mail_message WHERE model = 'repair.order' AND res_id", orders),
            ("DELETE FROM jinxing_work_log WHERE order_id", orders),
            (
                "DELETE FROM jinxing_decision WHERE res_model = 'jinxing.assembly.request' AND "
                "(SELECT order_id FROM jinxing_assembly_request r WHERE r.id = res_id)",
                orders,
            ),
            (
                "DELETE FROM stock_move_line WHERE "
                "(SELECT repair_id FROM stock_move m WHERE m.id = move_id)",
                orders,
            ),
            ("DELETE FROM stock_move WHERE repair_id", orders),
            ("DELETE FROM repair_order WHERE id", orders),
            ("DELETE FROM mail_message WHERE model = 'helpdesk.ticket' AND res_id", self.tickets),
            ("DELETE FROM helpdesk_ticket WHERE id", self.tickets),
            ("DELETE FROM mail_message WHERE author_id", users.partner_id),
            ("DELETE FROM jinxing_post_certificate WHERE partner_id", users.partner_id),
        ):
            env.cr.execute(f"{query} = ANY(%s)", [ids.ids])
        env.cr.execute("DELETE FROM stock_reference WHERE id = ANY(%s)", [references])
        env.invalidate_all()
        users.unlink()
        env.flush_all()
        self.made.append(("res_partner", partners))

    # -- at once ---------------------------------------------------------------------------------

    def order(self, step, **values):
        """A committed order of the ticket in a state."""
        self.ticket.action_create_dispatch_order()
        order = self.ticket.order_ids
        order.action_approve()
        order.check_ids.filtered(lambda check: check.phase == "departure").done = True
        if step == "registered":
            order.write({"service_state": "registered", "state": "draft"})
        else:
            order.write({"service_state": step, "assigned_at": order.approved_at, **values})
            order.check_ids.filtered(lambda c: c.phase == "departure").write({"done": True})
        order.env.cr.commit()  # real transactions: see committed.py
        return order

    def race(self, record, *calls):
        """Let each person do it at the same moment; return what each got, errors included.

        :param calls: (user, method, arguments)
        """
        barrier = threading.Barrier(len(calls))
        answers = [None] * len(calls)
        environments = [self.begin(self.users[user].id) for user, _method, _args in calls]

        def act(number):
            env = environments[number]
            _user, method, args = calls[number]
            try:
                barrier.wait(20)
                answers[number] = retrying(
                    lambda: getattr(record.with_env(env), method)(*args), env
                )
            except Exception as error:  # noqa: BLE001  a thread's error must reach the test
                answers[number] = error

        threads = [
            threading.Thread(target=act, args=(number,)) for number in range(len(calls))
        ]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        return answers

    def one_wins(self, answers):
        """Return the number of the one who won; the other got a clear message."""
        errors = [answer for answer in answers if isinstance(answer, Exception)]
        self.assertEqual(len(errors), 1, answers)
        self.assertIsInstance(errors[0], UserError)
        self.assertRegex(str(errors[0]), REFUSED)
        return next(i for i, answer in enumerate(answers) if not isinstance(answer, Exception))

    def steps(self, action):
        """The orders of the ticket and how often the step was taken, as a new transaction sees."""
        env = self.open()
        orders = env["repair.order"].search([("ticket_id", "=", self.ticket.id)])
        return orders, orders.step_ids.filtered(lambda step: step.action == action)

    # -- what happens ----------------------------------------------------------------------------

    def test_s8_1_two_supervisors_approve(self):
        """S8.1, S8.2: one approval, one clock."""
        order = self.order("registered")
        answers = self.race(
            order, ("supervisor", "action_approve", ()), ("supervisor_2", "action_approve", ())
        )
        winner = self.users[("supervisor", "supervisor_2")[self.one_wins(answers)]]
        order, steps = self.steps("approve")
        self.assertEqual(len(steps), 2)  # the one before it was set back, and one more
        self.assertEqual(steps[-1].user_id.id, winner.id)
        self.assertEqual(order.supervisor_id.id, winner.id)
        self.assertEqual(order.service_state, "approved")

    def test_s8_1_two_clerks_make_the_order(self):
        """S8.1: one registration, one dispatch order."""
        answers = self.race(
            self.ticket,
            ("clerk", "action_create_dispatch_order", ()),
            ("clerk_2", "action_create_dispatch_order", ()),
        )
        self.one_wins(answers)
        orders, steps = self.steps("register")
        self.assertEqual((len(orders), len(steps)), (1, 1))
        self.assertEqual(len(orders.check_ids), len(orders.check_ids.item_id))

    def test_s8_1_one_approves_the_other_returns(self):
        """S8.1: an order is not both approved and returned."""
        order = self.order("registered")
        answers = self.race(
            order,
            ("supervisor", "action_approve", ()),
            ("supervisor_2", "action_return", ("Model missing",)),
        )
        winner = self.one_wins(answers)
        order, _steps = self.steps("approve")
        self.assertEqual(order.service_state, ("approved", "returned")[winner])

    def test_g1_1_two_men_of_a_station_accept(self):
        """G1.1: the station's order goes to the one who was first, and stays with him."""
        order = self.order("assigned", provider_id=self.station.id)
        people = ("man", "man_2")
        answers = self.race(
            order,
            *(
                (man, "action_accept", (self.users[man].partner_id.id,)) for man in people
            ),
        )
        winner = self.users[people[self.one_wins(answers)]]
        order, steps = self.steps("accept")
        self.assertEqual(len(steps), 1)
        self.assertEqual(order.technician_id.id, winner.partner_id.id)

    def test_s8_11_two_start_at_the_machine(self):
        """S8.11: technician and clerk note the arrival: one visit, one time."""
        order = self.order("accepted", technician_id=self.users["technician"].partner_id.id)
        answers = self.race(
            order, ("technician", "action_arrive", ()), ("clerk", "action_arrive", ())
        )
        self.one_wins(answers)
        order, steps = self.steps("arrive")
        self.assertEqual((len(steps), len(order.visit_ids)), (1, 1))
        self.assertEqual(order.state, "under_repair")

    def test_s8_11_two_devices_of_one_technician(self):
        """S8.11: the same man on two phones starts once."""
        order = self.order("accepted", technician_id=self.users["technician"].partner_id.id)
        answers = self.race(
            order, ("technician", "action_arrive", ()), ("technician", "action_arrive", ())
        )
        self.one_wins(answers)
        order, steps = self.steps("arrive")
        self.assertEqual((len(steps), len(order.visit_ids)), (1, 1))

    def test_s8_9_two_hand_in(self):
        """S8.9: handed in once, by the technician or by the clerk for him."""
        order = self.order(
            "signed",
            technician_id=self.users["technician"].partner_id.id,
            state="done",
            signature=SIGNATURE,
            explanation="Explained",
            precautions="Check the oil",
        )
        answers = self.race(
            order, ("technician", "action_hand_in", ()), ("clerk", "action_hand_in", ())
        )
        self.one_wins(answers)
        order, steps = self.steps("hand_in")
        self.assertEqual(len(steps), 1)
        self.assertEqual(order.service_state, "handed_in")

    def test_s8_9_two_supervisors_assess(self):
        """S8.9: one assessment with one score, one decision."""
        order = self.order(
            "handed_in",
            technician_id=self.users["technician"].partner_id.id,
            state="done",
            handed_in_at="2026-01-05 08:00:00",
        )
        answers = self.race(
            order, ("supervisor", "action_close", (5,)), ("supervisor_2", "action_close", (2,))
        )
        winner = self.one_wins(answers)
        order, steps = self.steps("close")
        self.assertEqual(len(steps), 1)
        self.assertEqual(order.quality_score, (5, 2)[winner])
        decisions = order.decision_ids.filtered(lambda d: d.kind == "assessment")
        self.assertEqual(len(decisions), 1)

    def test_g3_2_one_approves_the_other_refuses_an_assembly(self):
        """G3.2: one word on an assembly, that of who was first."""
        order = self.order("accepted", technician_id=self.users["technician"].partner_id.id)
        env = order.env
        template = self.keep(
            env["product.template"].create({"name": MARK, "type": "consu", "is_assembly": True})
        )
        part = self.keep(template.product_variant_id)
        fault = env["jinxing.repair.fault"].create(
            {"order_id": order.id, "component_id": env["jinxing.component"].search([])[:1].id}
        )
        env["stock.move"].create(
            {"repair_id": order.id, "repair_line_type": "add", "fault_id": fault.id,
             "product_id": part.id, "product_uom_qty": 1}
        )
        order.action_request_assembly(part.id, "other", MARK)
        env.cr.commit()
        answers = self.race(
            order.assembly_request_ids,
            ("supervisor", "action_approve", ("It is broken",)),
            ("supervisor_2", "action_refuse", ("Change the seals",)),
        )
        winner = self.one_wins(answers)
        order, approvals = self.steps("assembly_yes")
        _order, refusals = self.steps("assembly_no")
        self.assertEqual((len(approvals), len(refusals)), ((1, 0), (0, 1))[winner])
        request = order.assembly_request_ids
        self.assertEqual(request.state, ("approved", "refused")[winner])
        self.assertEqual(
            request.decided_by_id.id, self.users[("supervisor", "supervisor_2")[winner]].id
        )

    def test_s8_1_while_the_other_is_at_it(self):
        """S8.1: while one decides, the other is told at once, without waiting for him."""
        order = self.order("registered")
        first, second = (
            self.begin(self.users[name].id) for name in ("supervisor", "supervisor_2")
        )
        order.with_env(first).action_approve()
        with self.assertRaisesRegex(UserError, "Somebody else"):
            order.with_env(second).action_approve()
        first.cr.commit()
        second.cr.rollback()
        second.transaction.reset()
        with self.assertRaisesRegex(UserError, "is “Approved”"):
            order.with_env(second).action_approve()
