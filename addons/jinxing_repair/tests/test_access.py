import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import SIGNATURE, RepairCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
STAFF = ("clerk", "supervisor", "manager")


def table(staff="", **roles):
    """Rights of one model by role; those of clerk, supervisor and manager at once."""
    return {**dict.fromkeys(STAFF if staff else (), staff), **roles}


#: What everybody of the service reads.
SEEN = {"technician": "r", "parts_keeper": "r", "finance": "r", "dealer": "r"}
#: model -> role -> (r)ead, (w)rite, (c)reate, (u)nlink. Roles not named: nothing.
MATRIX = {
    "jinxing.assembly.ask": table("rwcu", technician="rwcu"),
    "jinxing.assembly.request": table("r", **SEEN),
    "jinxing.absence": {"technician": "r", "supervisor": "r", "manager": "r"},
    "jinxing.cash.custody": table("r", technician="r", finance="r", dealer="r"),
    "jinxing.cash.handover": {
        "technician": "r", "supervisor": "r", "manager": "r", "finance": "r",
    },
    "jinxing.cash.receive": {"finance": "rwcu"},
    "jinxing.check.item": {**table("r", nobody="r", **SEEN), "manager": "rwcu"},
    "jinxing.daily.report": {
        "technician": "rwc", "clerk": "rwc", "supervisor": "rwcu", "manager": "rwcu",
    },
    "jinxing.duty.roster": table("rwcu", technician="r"),
    "jinxing.exchange.right": table("r", **SEEN),
    "jinxing.farm.season": {
        **table("r", nobody="r", technician="r", parts_keeper="r", finance="r"),
        "manager": "rwcu",
    },
    "jinxing.fault.event": table("r", technician="r"),
    "jinxing.fault.clue": {**table("r", technician="r"), "manager": "rwcu"},
    "jinxing.fault.guide": {**table("r", technician="r"), "manager": "rwcu"},
    "jinxing.fee.item": {**table("r", nobody="r", **SEEN), "finance": "rwc", "manager": "rwcu"},
    "jinxing.invoice.post": {"finance": "rwcu"},
    "jinxing.liability": {
        "technician": "r", "clerk": "rwc", "supervisor": "rwcu", "manager": "rwcu",
        "finance": "r", "dealer": "r",
    },
    "jinxing.exchange.made": {"supervisor": "rwcu", "manager": "rwcu"},
    "jinxing.money.reason": {"supervisor": "rwcu", "manager": "rwcu", "finance": "rwcu"},
    "jinxing.onsite.request": {"manager": "r"},
    "jinxing.record.reason": {"supervisor": "rwcu", "manager": "rwcu"},
    "jinxing.recovery.accept": {"supervisor": "rwcu", "manager": "rwcu", "finance": "rwcu"},
    "jinxing.recovery.claim": {
        "clerk": "r", "supervisor": "rwcu", "manager": "rwcu", "finance": "rwc",
    },
    "jinxing.recovery.claim.line": {
        "clerk": "r", "supervisor": "rwcu", "manager": "rwcu", "finance": "rwcu",
    },
    "jinxing.refusal.reason": {**table("r", nobody="r", **SEEN), "manager": "rwcu"},
    "jinxing.settlement": {
        "clerk": "r", "supervisor": "rw", "manager": "rw", "finance": "r", "dealer": "r",
    },
    "jinxing.settlement.line": {
        "clerk": "r", "supervisor": "rwcu", "manager": "rwcu", "finance": "r", "dealer": "r",
    },
    "jinxing.settlement.make": {"supervisor": "rwcu", "manager": "rwcu"},
    "jinxing.settlement.rate": {"supervisor": "r", "manager": "rwcu", "finance": "rwc"},
    "jinxing.settlement.refuse": {"supervisor": "rwcu", "manager": "rwcu"},
    "jinxing.repair.assess": {"supervisor": "rwcu", "manager": "rwcu"},
    "jinxing.repair.assign": table("rwcu"),
    "jinxing.repair.assign.line": table("rwcu"),
    "jinxing.repair.bring": table("rw", **SEEN),
    "jinxing.repair.check": table("rw", **SEEN),
    "jinxing.repair.collect": table("rwcu", technician="rwcu"),
    "jinxing.repair.contact": table("rwcu", technician="rwcu"),
    "jinxing.repair.contact.part": table("rwcu", technician="rwcu"),
    "jinxing.repair.preliminary": table("r", technician="r", parts_keeper="r", dealer="r"),
    "jinxing.repair.preliminary.part": table("r", technician="r", parts_keeper="r", dealer="r"),
    "jinxing.repair.escalation": table("r", technician="r", finance="r", dealer="r"),
    "jinxing.repair.fault": table("rwcu", **SEEN),
    "jinxing.repair.promise": table("r", technician="r", finance="r", dealer="r"),
    "jinxing.repair.promise.ask": table("rwcu", technician="rwcu"),
    "jinxing.repair.reason": table("rwcu", technician="rwcu"),
    "jinxing.repair.receipt": table("rw", **SEEN),
    "jinxing.repair.sign": table("rwcu", technician="rwcu"),
    "jinxing.repair.step": table("r", technician="r", parts_keeper="r", finance="r"),
    "jinxing.repair.take.back": table("rwcu", technician="rwcu"),
    "jinxing.repair.visit": table("rwcu", **SEEN),
    "jinxing.repair.wait": {
        **SEEN, "clerk": "r", "supervisor": "rwcu", "manager": "rwcu",
    },
    "jinxing.repair.wait.ask": table("rwcu", technician="rwcu"),
    "jinxing.service.voucher": table("r", technician="r", finance="r", dealer="r"),
    "jinxing.work.log": {
        "technician": "rwcu", "clerk": "rwc", "supervisor": "rwcu", "manager": "rwcu",
    },
    # of the base, as far as dispatch orders stand on it; the rules below narrow it down
    "repair.order": {
        **table("rwcu", **SEEN), "clerk": "rwc", "parts_keeper": "rwcu",
    },
    "repair.service": {**table("rwcu", **SEEN), "parts_keeper": "rwcu"},
    "helpdesk.ticket": {
        **table("rwc", nobody="r", **SEEN), "manager": "rwcu",
    },
    "helpdesk.ticket.stage": {
        **table("r", nobody="r", public="r", **SEEN), "manager": "rwcu",
    },
}
#: Details of an order that follow its record rules.
DETAILS = (
    "repair.order", "jinxing.repair.fault", "jinxing.repair.visit", "jinxing.repair.wait",
    "jinxing.repair.check", "repair.service",
)


@tagged("post_install", "-at_install")
class TestMatrix(RepairCase):
    """Who may do what, for every model of the addon and every role (issue 4.9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["public"] = cls.env.ref("base.public_user")

    def test_matrix_is_complete(self):
        """Every model of this addon that holds data is in the table."""
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "jinxing_repair" and model._auto and not model._abstract
        }
        self.assertLessEqual(models, set(MATRIX), "add new models to MATRIX")

    def test_matrix(self):
        """Each role has the rights of the table, no more and no less."""
        roles = (
            "technician", "parts_keeper", *STAFF, "finance", "nobody", "dealer", "farmer",
            "station", "public",
        )
        for model, rights in MATRIX.items():
            for role in roles:
                # dealer, station and customer are portal users alike; rules tell them apart
                expected = rights.get("dealer" if role in ("farmer", "station") else role, "")
                may = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if self.env[model].with_user(self.users[role]).has_access(operation)
                )
                self.assertEqual(may, expected, (model, role))


@tagged("post_install", "-at_install")
class TestWhose(RepairCase):
    """Technicians see their own, stations theirs, clerks all of their company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_1 = cls.on_site()
        cls.add_faults(cls.order_1)
        cls.env["jinxing.repair.wait"].create(
            {"order_id": cls.order_1.id, "reason": "customer"}
        )
        cls.order_2 = cls.approved(
            cls.other_machine, category_ids=[Command.set(cls.electrical_category.ids)]
        )
        cls.order_2.with_user(cls.users["clerk"]).action_assign(
            provider_id=cls.station.id, reason="Nearer"
        )
        cls.order_2.with_user(cls.users["station"]).action_accept(cls.station_man.id)

    def records(self, model, order):
        name = "id" if model == "repair.order" else (
            "repair_id" if model == "repair.service" else "order_id"
        )
        return self.env[model].search([(name, "=", order.id)])

    def seen(self, role, order):
        """Tell whether the user sees the order and its details, all of them or none."""
        found = set()
        for model in DETAILS:
            records = self.records(model, order)
            mine = self.env[model].with_user(self.users[role]).search(
                [("id", "in", records.ids)]
            )
            if records:
                found.add(len(mine) == len(records))
            if not mine and records:
                with self.assertRaises(AccessError), mute_logger(
                    "odoo.addons.base.models.ir_rule"
                ):
                    records[:1].with_user(self.users[role]).read(["display_name"])
        self.assertEqual(len(found), 1, (role, order))
        return found.pop()

    def test_who_sees_which(self):
        """Issue 4.9: own orders for technicians and stations; dealers those they sold."""
        expected = {
            "technician": (True, False), "station_man": (False, True), "station": (False, True),
            "dealer": (True, False), "other_dealer": (False, True), "farmer": (True, True),
            "other_farmer": (False, False), "clerk": (True, True), "supervisor": (True, True),
            "manager": (True, True), "parts_keeper": (True, True), "finance": (True, True),
        }
        for role, orders in expected.items():
            with self.subTest(role=role):
                self.assertEqual(
                    (self.seen(role, self.order_1), self.seen(role, self.order_2)), orders
                )

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_steps_of_others(self):
        """Issue 4.9: nobody takes a step on an order that is not his."""
        calls = {
            "action_accept": (), "action_decline": ("x",), "action_contact": (),
            "action_arrive": (), "action_depart": (), "action_finish": (), "action_hand_in": (),
            "action_resume": ("x",), "action_sign": (SIGNATURE, "x"), "action_quote": (),
            "action_accept_quotation": (SIGNATURE, "x"), "action_refuse_quotation": ("x",),
            "action_leave": ("fixed",), "action_assess_preliminary": ({},),
            "action_open_contact": (),
        }
        supervisor_calls = {
            "action_approve": (), "action_return": ("x",), "action_cancel_order": ("x",),
            "action_close": (5,), "action_confirm_solved": (),
        }
        strangers = ("farmer", "other_farmer", "other_dealer", "station", "station_man", "nobody",
                     "parts_keeper", "finance", "dealer")
        for method, args in {**calls, **supervisor_calls}.items():
            for role in strangers:
                with self.subTest(role=role, method=method), self.assertRaises(AccessError):
                    getattr(self.order_1.with_user(self.users[role]), method)(*args)
        for method, args in supervisor_calls.items():
            for role in ("clerk", "technician"):
                with self.subTest(role=role, method=method), self.assertRaises(AccessError):
                    getattr(self.order_1.with_user(self.users[role]), method)(*args)
        for method in ("action_submit", "action_assign"):
            args = () if method == "action_submit" else (self.technician.id, None, "x")
            for role in (*strangers, "technician"):
                with self.subTest(role=role, method=method), self.assertRaises(AccessError):
                    getattr(self.order_1.with_user(self.users[role]), method)(*args)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_company(self):
        """Issue 4.9: another company's clerk sees and does nothing here."""
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env, "r_stranger", groups="base.group_user,jinxing_base.group_supervisor",
            company_id=company.id, company_ids=[Command.set(company.ids)],
        )
        self.users["stranger"] = stranger
        self.assertFalse(self.seen("stranger", self.order_1))
        for method, args in (("action_approve", ()), ("action_assign", (self.technician.id,)),
                             ("action_create_dispatch_order", ())):
            record = self.order_1.ticket_id if "create" in method else self.order_1
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(record.with_user(stranger), method)(*args)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_readers_change_nothing(self):
        """Issue 4.9: parts keepers, finance, technicians and the portal read only."""
        tries = {
            "repair.order": {"engine_hours": 1.0},
            "jinxing.repair.fault": {"symptom": "x"},
            "jinxing.repair.visit": {"planned_at": "2030-01-01"},
            "jinxing.repair.wait": {"note": "x"},
            "jinxing.repair.check": {"done": True},
            "repair.service": {"product_uom_qty": 9},
        }
        for role in ("parts_keeper", "finance", "technician", "dealer", "farmer"):
            for model, vals in tries.items():
                record = self.records(model, self.order_1)[:1].with_user(self.users[role])
                with self.subTest(role=role, model=model), self.assertRaises(AccessError):
                    record.write(vals)
                with self.subTest(role=role, model=model), self.assertRaises(AccessError):
                    record.unlink()

    def test_internal_notes(self):
        """Issue 4.9: what the house notes is not for the portal."""
        self.order_1.internal_notes = "He always complains"
        with self.assertRaises(AccessError):
            self.order_1.with_user(self.users["farmer"]).read(["internal_notes"])

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_base_lets_everybody_edit_details(self):
        """G1.3: the base lets every employee change every detail of stock; not of our parts."""
        line = self.order_1.move_ids.move_line_ids[:1]
        for role in ("nobody", "technician", "clerk"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                line.with_user(self.users[role]).quantity = 5
        line.with_user(self.users["parts_keeper"]).quantity = 1


@tagged("post_install", "-at_install")
class TestSystemFields(RepairCase):
    """What only steps and rules set is set by nobody over the API."""

    def refused(self, func, *args, **kwargs):
        loggers = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
        with self.assertRaises(UserError), mute_logger(*loggers):
            func(*args, **kwargs)

    @staticmethod
    def some(field, record):
        """Return another value than the record's for a field."""
        value = {
            "boolean": not record[field.name],
            "char": "x", "text": "x", "html": "x",
            "integer": 3, "float": 3.0, "monetary": 3.0,
            "datetime": "2020-01-01 00:00:00", "date": "2020-01-01",
            "binary": base64.b64encode(b"x").decode(),
        }.get(field.type)
        if field.type == "selection":
            value = field.get_values(record.env)[-1]
        elif field.type == "many2one":
            value = record.env[field.comodel_name].sudo().search([], limit=1).id or 1
        elif field.type in ("one2many", "many2many"):
            value = [Command.clear()] if record[field.name] else [Command.link(1)]
        return value

    def test_order(self):
        """S8.1-S8.9: no system field is written, by whomever, nor given on creation."""
        order = self.on_site()
        names = sorted(order._system_fields())
        for role in ("clerk", "supervisor", "manager"):
            mine = order.with_user(self.users[role])
            for name in names:
                vals = {name: self.some(order._fields[name], order)}
                with self.subTest(role=role, field=name):
                    self.refused(mine.write, vals)
        values = self.register()._prepare_dispatch_order()
        orders = self.env["repair.order"].with_user(self.users["clerk"])
        for name in names:
            value = self.some(order._fields[name], order)
            if name in values or not value:
                continue
            with self.subTest(create=name):
                self.refused(orders.create, {**values, name: value})

    def test_order_without_registration(self):
        """S8.1: an order is made from a registration: not from nothing, nor by copying."""
        order = self.approved()
        orders = self.env["repair.order"].with_user(self.users["supervisor"])
        values = order.ticket_id._prepare_dispatch_order()
        self.refused(orders.create, {**values, "ticket_id": False})
        self.refused(order.with_user(self.users["supervisor"]).copy)
        opinion = self.register()
        opinion.kind = "opinion"
        self.refused(orders.create, {**values, "ticket_id": opinion.id})
        result = orders.load(
            ["service_kind", "partner_id/.id", "product_id/.id"],
            [["repair", str(self.farmer.id), str(self.model.id)]],
        )
        self.assertFalse(result["ids"])
        plain = orders.create({"product_id": self.model.id, "partner_id": self.farmer.id})
        self.refused(plain.write, {"service_kind": "repair"})

    def test_from_another_side(self):
        """Issue 4.9: one2many commands from ticket, machine or fault reach no system field."""
        order = self.approved()
        other = self.approved(self.other_machine)
        clerk = self.users["clerk"]
        self.refused(
            other.ticket_id.with_user(clerk).write, {"order_ids": [Command.link(order.id)]}
        )
        self.refused(
            other.ticket_id.with_user(clerk).write,
            {"order_ids": [Command.update(other.id, {"service_state": "closed"})]},
        )
        self.refused(
            self.machine.with_user(clerk).write,
            {"dispatch_order_ids": [Command.update(order.id, {"approved_at": "2020-01-01"})]},
        )
        housing, _battery = self.add_faults(order)
        self.refused(other.with_user(clerk).write, {"fault_ids": [Command.link(housing.id)]})
        self.refused(housing.with_user(clerk).write, {"order_id": other.id})
        part = housing.move_ids.with_user(clerk)
        self.refused(part.write, {"repair_id": other.id})
        self.refused(part.write, {"sale_line_id": 1})
        self.refused(part.write, {"state": "done", "price_unit": 0.01})
        labour = housing.service_ids.with_user(clerk)
        self.refused(labour.write, {"price_unit": 1})
        self.refused(labour.write, {"repair_id": other.id})
        self.refused(
            labour.create,
            {"repair_id": order.id, "fault_id": housing.id, "fee_item_id": self.fee_housing.id,
             "price_unit": 1},
        )

    def test_faults(self):
        """G4, G5: what is free is the rules' to say."""
        order = self.on_site()
        housing, _battery = self.add_faults(order)
        for role in ("clerk", "supervisor", "manager"):
            fault = housing.with_user(self.users[role])
            for name in sorted(fault._system_fields()):
                vals = {name: self.some(fault._fields[name], fault)}
                with self.subTest(role=role, field=name):
                    self.refused(fault.write, vals)

    def test_checklist(self):
        """N9: a checklist is neither shortened nor ticked in somebody else's name."""
        order = self.on_site()
        line = order.check_ids[:1].with_user(self.users["clerk"])
        self.refused(line.unlink)
        self.refused(line.write, {"done_by": self.users["technician"].id})
        self.refused(line.write, {"item_id": line.item_id.id + 1})
        self.refused(order.with_user(self.users["clerk"]).write, {"check_ids": [Command.clear()]})
        self.refused(line.create, {"order_id": order.id, "item_id": line.item_id.id})
        line.done = True
        self.assertEqual(line.done_by, self.users["clerk"])

    def test_visits(self):
        """S8.11: when a visit arrived is no matter of opinion."""
        order = self.on_site()
        visit = order.visit_ids.with_user(self.users["supervisor"])
        for name in ("arrived_at", "departed_at", "left_at", "outcome", "latitude"):
            vals = {name: self.some(visit._fields[name], visit)}
            with self.subTest(field=name):
                self.refused(visit.write, vals)
        self.refused(visit.unlink)
        planned = visit.create(
            {"order_id": order.id, "technician_id": self.technician.id,
             "planned_at": "2030-01-01 08:00:00"}
        )
        planned.unlink()

    def test_after_the_signature(self):
        """G1.2: what the customer has signed stays, whichever way one tries."""
        order = self.signed()
        self.env["jinxing.repair.wait"].sudo().create(
            {"order_id": order.id, "reason": "customer", "date_end": "2030-01-01"}
        )
        keeper, clerk = self.users["parts_keeper"], self.users["supervisor"]
        part = order.move_ids[:1]
        for name, value in (
            ("lot_id", self.other_machine.id), ("partner_id", self.other_farmer.id),
            ("trial_run_ok", False), ("fault_description", "x"), ("engine_hours", 1.0),
            ("fault_ids", [Command.clear()]), ("move_ids", [Command.clear()]),
            ("visit_ids", [Command.clear()]), ("wait_ids", [Command.clear()]),
            ("category_ids", [Command.clear()]), ("region_id", False),
        ):
            with self.subTest(field=name):
                self.refused(order.with_user(clerk).write, {name: value})
        for record, vals in (
            (order.fault_ids[:1], {"cause": "x"}), (order.fault_ids[:1], {"quality_after": "ok"}),
            (order.wait_ids, {"reason": "producer_parts"}), (order.check_ids[:1], {"done": False}),
            (order.repair_service_ids[:1], {"product_uom_qty": 99}),
            (part, {"product_uom_qty": 9}), (part, {"unapproved_reason": "x"}),
            (order.visit_ids[:1], {"planned_at": "2030-01-01"}),
        ):
            with self.subTest(model=record._name, vals=vals):
                self.refused(record.with_user(clerk).write, vals)
        for record in (order.fault_ids[:1], order.wait_ids, order.visit_ids[:1],
                       order.repair_service_ids[:1], part, order):
            with self.subTest(unlink=record._name):
                self.refused(record.with_user(clerk).unlink)
        self.refused(
            self.env["jinxing.repair.wait"].with_user(clerk).create,
            {"order_id": order.id, "reason": "producer_parts"},
        )
        line = part.move_line_ids[:1].with_user(keeper)
        self.refused(line.write, {"quantity": 9})
        self.refused(part.with_user(keeper).write, {"quantity": 9})
        order.with_user(clerk).write({"explanation": "Better said"})
        order.with_user(clerk).action_hand_in()
        self.refused(order.with_user(clerk).write, {"explanation": "Too late"})

    def test_sales(self):
        """S8.4: who sells neither changes nor cancels what a repair costs."""
        order = self.on_site()
        self.add_faults(order)
        worker = order.with_user(self.users["technician"])
        worker.action_quote()
        seller = new_test_user(
            self.env, "r_sales", groups="base.group_user,sales_team.group_sale_manager"
        )
        sale = order.sudo().sale_order_id.with_user(seller)
        for vals in ({"price_unit": 1.0}, {"product_uom_qty": 9}, {"discount": 50}):
            with self.subTest(vals=vals):
                self.refused(sale.order_line[:1].write, vals)
        self.refused(sale.order_line[:1].unlink)
        self.refused(sale.action_confirm)
        self.refused(sale.action_cancel)
        self.refused(sale.unlink)
        self.refused(sale.write, {"partner_id": self.other_farmer.id})
        self.refused(
            sale.write, {"order_line": [Command.create({"product_id": self.part_battery.id})]}
        )
        self.refused(order.with_user(self.users["clerk"]).write,
                     {"partner_id": self.other_farmer.id})

    def test_unapproved_part_by_another_way(self):
        """G1.2: changing the machine afterwards brings no unapproved part onto it."""
        order = self.on_site()
        self.add_faults(order)
        other = self.sell("JYX", months=2, model=self.other_model)
        self.refused(
            order.with_user(self.users["clerk"]).write,
            {"product_id": self.other_model.id, "lot_id": other.id},
        )
        part = order.move_ids[:1].with_user(self.users["clerk"])
        self.refused(
            part.write, {"product_id": self.part_foreign.id, "unapproved_reason": "It fits"}
        )

    def test_cores_buttons(self):
        """S8.1: core's own buttons and the warehouse's rights move no dispatch order."""
        order = self.on_site()
        for role in ("parts_keeper", "manager"):
            mine = order.with_user(self.users[role])
            for name in ("action_validate", "action_repair_start", "action_repair_end",
                         "action_repair_done", "action_repair_cancel",
                         "action_repair_cancel_draft"):
                with self.subTest(role=role, name=name):
                    self.refused(getattr(mine, name))
        plain = self.env["repair.order"].with_user(self.users["parts_keeper"]).create(
            {"product_id": self.model.id, "lot_id": self.other_machine.id}
        )
        plain._action_repair_confirm()
        plain.action_assign()
        plain.action_repair_start()
        plain.action_repair_end()
        self.assertEqual((plain.state, plain.service_state), ("done", False))
