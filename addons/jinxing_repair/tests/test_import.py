from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RepairCase

LOGGERS = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule", "odoo.sql_db")


@tagged("post_install", "-at_install")
class TestImport(RepairCase):
    """Issue 4.9: import and mass edit are no way round the steps, for no role."""

    def load(self, model, role, names, *rows):
        """Import as the import screen does; return what it says."""
        records = self.env[model].with_user(self.users[role])
        with mute_logger(*LOGGERS):
            return records.load(names, [list(map(str, row)) for row in rows])

    def not_loaded(self, *args):
        """Import and see that it is refused with a message, and that no row came through."""
        result = self.load(*args)
        self.assertFalse(result["ids"], args)
        self.assertTrue(result["messages"] and result["messages"][0]["message"], args)

    def test_orders(self):
        """S8.1-S8.9: no step, deadline or price by import, on orders there are or new ones."""
        order = self.approved()
        before = order.read(["service_state", "arrival_deadline", "approved_at", "state"])
        for role in ("clerk", "supervisor", "manager"):
            for name, value in (
                ("service_state", "closed"), ("state", "done"), ("quality_score", 5),
                ("arrival_deadline", "2030-01-01 00:00:00"),
                ("contacted_at", "2026-01-01 00:00:00"),
                ("quote_state", "accepted"), ("accepted_amount", 1),
                ("technician_id/.id", self.technician.id), ("provider_id/.id", self.station.id),
                ("signed_by", "Somebody"), ("rework_of_id/.id", order.id),
            ):
                with self.subTest(role=role, name=name):
                    self.not_loaded("repair.order", role, [".id", name], [order.id, value])
        self.assertEqual(
            order.read(["service_state", "arrival_deadline", "approved_at", "state"]), before
        )

    def test_new_orders_of_a_registration(self):
        """S8.1: an order imported beside the one there is, is refused."""
        order = self.approved()
        self.not_loaded(
            "repair.order", "clerk",
            ["service_kind", "ticket_id/.id", "partner_id/.id", "product_id/.id", "lot_id/.id"],
            ["repair", order.ticket_id.id, self.farmer.id, self.model.id, self.machine.id],
        )

    def test_details(self):
        """G4, N9, S8.11: verdicts, ticks of others and times of visits are not imported."""
        order = self.on_site()
        housing, _battery = self.add_faults(order)
        check, visit = order.check_ids[:1], order.visit_ids
        for role in ("clerk", "supervisor", "manager"):
            for model, names, row in (
                ("jinxing.repair.fault", [".id", "cover"], [housing.id, "chargeable"]),
                ("jinxing.repair.fault", [".id", "guarantee_until"], [housing.id, "2030-01-01"]),
                ("jinxing.repair.fault", ["order_id/.id", "component_id/.id", "cover"],
                 [order.id, self.housing.id, "free"]),
                ("jinxing.repair.check", [".id", "done_by/.id"],
                 [check.id, self.users["technician"].id]),
                ("jinxing.repair.check", ["order_id/.id", "item_id/.id", "done"],
                 [order.id, check.item_id.id, "1"]),
                ("jinxing.repair.visit", [".id", "arrived_at"], [visit.id, "2020-01-01 00:00:00"]),
                ("jinxing.repair.step", ["order_id/.id", "action", "state_to"],
                 [order.id, "approve", "approved"]),
                ("jinxing.repair.promise", ["order_id/.id", "promise_at", "made_at"],
                 [order.id, "2030-01-01 00:00:00", "2026-01-01 00:00:00"]),
                ("repair.service", [".id", "price_unit"], [order.repair_service_ids[0].id, "0"]),
            ):
                with self.subTest(role=role, model=model, names=names):
                    self.not_loaded(model, role, names, row)
        self.assertEqual(housing.cover, "free")

    def test_by_the_order(self):
        """S8.1: rows beneath an order reach nothing its own import does not."""
        order = self.on_site()
        self.add_faults(order)
        self.not_loaded(
            "repair.order", "supervisor", [".id", "fault_ids/.id", "fault_ids/cover"],
            [order.id, order.fault_ids[0].id, "chargeable"],
        )
        self.not_loaded(
            "helpdesk.ticket", "supervisor", [".id", "order_ids/.id", "order_ids/service_state"],
            [order.ticket_id.id, order.id, "closed"],
        )

    def test_registrations(self):
        """S8.1, S8.11: the call's time and a contact worked on are not changed by import."""
        order = self.approved()
        ticket = order.ticket_id
        closed = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        for role in ("clerk", "supervisor", "manager"):
            for name, value in (
                ("called_at", "2020-01-01 00:00:00"), ("stage_id/.id", closed.id),
            ):
                with self.subTest(role=role, name=name):
                    self.not_loaded("helpdesk.ticket", role, [".id", name], [ticket.id, value])
        self.not_loaded(
            "helpdesk.ticket", "clerk", ["name", "caller_phone"], ["It leaks", "no number"]
        )
        self.assertFalse(ticket.stage_id.closed)

    def test_whose_registrations(self):
        """S8.1: what callers said and where they live is for the clerks; each sees his own."""
        ticket = self.register()
        for role in (
            "technician", "parts_keeper", "finance", "nobody", "dealer", "station", "other_dealer",
            "other_farmer",
        ):
            tickets = self.env["helpdesk.ticket"].with_user(self.users[role])
            with self.subTest(role=role):
                self.assertFalse(tickets.search([("id", "=", ticket.id)]))
                with self.assertRaises(AccessError), mute_logger(*LOGGERS):
                    tickets.browse(ticket.id).read(["caller_phone"])
        for role in ("clerk", "supervisor", "manager", "farmer"):
            tickets = self.env["helpdesk.ticket"].with_user(self.users[role])
            self.assertTrue(tickets.search([("id", "=", ticket.id)]), role)

    def test_registrations_by_import(self):
        """S8.1: a list of calls may be imported; each gets its number and no order by itself."""
        result = self.load(
            "helpdesk.ticket", "clerk",
            ["kind", "lot_id/.id", "caller_name", "caller_phone", "fault_description"],
            ["repair", self.machine.id, "Zhang Defu", "139 8012 3456", "It leaks"],
            ["consultation", "", "Li Guoquan", "13881234567", "Price?"],
        )
        self.assertEqual(len(result["ids"]), 2, result["messages"])
        tickets = self.env["helpdesk.ticket"].browse(result["ids"])
        self.assertEqual(tickets[0].caller_phone, "13980123456")
        self.assertEqual(tickets[0].card_id, self.machine.card_id)
        self.assertEqual(len(set(tickets.mapped("number"))), 2)
        self.assertFalse(tickets.order_ids)

    def test_mass_edit(self):
        """S8.1-S8.9: many rows edited at once are refused as one is, and none is changed."""
        orders = self.approved() | self.order(self.other_machine)
        for role in ("clerk", "supervisor", "manager"):
            mine = orders.with_user(self.users[role])
            for vals in (
                {"service_state": "closed"},
                {"state": "done"},
                {"technician_id": self.technician.id},
                {"fault_ids": [Command.create({"component_id": self.housing.id, "cover": "free"})]},
                {"check_ids": [Command.clear()]},
                {"step_ids": [Command.create({"action": "close", "state_to": "closed"})]},
            ):
                with self.subTest(role=role, vals=vals), mute_logger(*LOGGERS):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        mine.write(vals)
        self.assertEqual(orders.mapped("service_state"), ["approved", "registered"])

    def test_one_step_for_many(self):
        """S8.1: a step for many orders is taken for all or none, and names who stands against."""
        orders = self.approved() | self.order(self.other_machine)
        supervisor = orders.with_user(self.users["supervisor"])
        with self.assertRaisesRegex(UserError, orders[0].name):
            supervisor.action_approve()
        self.assertEqual(orders.mapped("service_state"), ["approved", "registered"])

    def test_technicians_import_nothing(self):
        """S8.9: who only works on orders imports none of them."""
        order = self.on_site()
        names, row = [".id", "fault_description"], [order.id, "Nothing"]
        for role in ("technician", "parts_keeper", "finance", "dealer", "farmer"):
            with self.subTest(role=role):
                self.not_loaded("repair.order", role, names, row)
        with self.assertRaises(AccessError):
            self.load("repair.order", "nobody", names, row)
        self.assertEqual(order.fault_description, "Gearbox leaks oil, battery empty")
