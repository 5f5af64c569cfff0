from datetime import timedelta
from itertools import islice

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SIGNATURE, RepairCase
from .common_onsite import OnsiteData
from .test_queries import QueriesCase

#: queries of proposing for one order, and for fifty, where no part is reserved
PROPOSED = (24, 24)
#: queries of showing one thing and why, and fifty
SHOWN = 20
#: core reserves part by part
CORE_PER_PART = 9


class BringData(OnsiteData):
    """Orders with a kind of fault that takes a battery, of which the van holds two."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.listed_nothing()
        cls.electrical_category.usual_component_ids = cls.battery
        cls.stock(cls.part_battery, cls.van, 2)
        cls.store = cls.env["stock.location"].create(
            {"name": "Station store", "usage": "internal",
             "location_id": cls.warehouse.lot_stock_id.id}
        )
        cls.speak_english()

    @classmethod
    def stock(cls, part, place, quantity):
        """Let a place hold exactly this quantity."""
        quants = cls.env["stock.quant"]
        there = quants._get_available_quantity(part, place, strict=True)
        quants._update_available_quantity(part, place, quantity - there)

    @classmethod
    def electrical(cls, technician="technician", accept=True, machine=None):
        """An order with an electrical fault, given to a technician."""
        order = cls.approved(
            machine, category_ids=[Command.set(cls.electrical_category.ids)]
        )
        order.with_user(cls.users["supervisor"]).action_assign(
            technician_id=cls.users[technician].partner_id.id, reason="He is near"
        )
        if accept:
            order.with_user(cls.users[technician]).action_accept()
        return order

    def free(self, place=None, part=None):
        return self.env["stock.quant"]._get_available_quantity(
            part or self.part_battery, place or self.van
        )

    def line(self, order, part=None):
        self.env.invalidate_all()
        return order.bring_ids.filtered(
            lambda line: line.product_id == (part or self.part_battery)
        )


@tagged("post_install", "-at_install")
class TestBringParts(BringData, RepairCase):
    """S8.3: parts proposed from the fault category and reserved from van and station."""

    def test_s8_3_listed_parts_are_proposed_and_reserved(self):
        """S8.3: the part listed for the kind of fault is kept in the technician's van."""
        order = self.electrical()
        line = self.line(order)
        self.assertEqual((line.standing, line.place, line.quantity), ("ready", "Van 1", 1))
        self.assertIn("Listed for this kind of fault.", line.why)
        self.assertIn("1 reserved at Van 1.", line.why)
        self.assertEqual(self.free(), 1)
        self.assertEqual(line.move_ids.state, "assigned")

    def test_s8_3_nothing_is_proposed_before_somebody_is_assigned(self):
        """S8.3: whose van it comes from is known with the technician."""
        order = self.approved(category_ids=[Command.set(self.electrical_category.ids)])
        self.assertFalse(order.bring_ids)
        self.assertEqual(self.free(), 2)

    def test_s8_3_history_proposes_what_was_fitted(self):
        """S8.3: parts fitted on such faults of this model before are proposed, with the count."""
        for number in range(2):
            machine = self.sell(f"JY2025H{number}", 20)
            self.signed(machine, category_ids=[Command.set(self.gearbox_category.ids)])
        order = self.given()
        line = self.line(order, self.part_housing)
        self.assertIn("Fitted on 2 of 2 orders of this model", line.why)
        other_model = self.sell("JY2025M", 20, model=self.other_model)
        other = self.given(machine=other_model)
        self.assertFalse(other.bring_ids, "parts of another model are not proposed")

    def test_s8_3_history_counts_faults_by_their_own_kind(self):
        """S8.3: a fault with a kind of its own does not count for that of its order."""
        for number in range(2):
            order = self.signed(
                self.sell(f"JY2025K{number}", 20),
                category_ids=[Command.set(self.gearbox_category.ids)],
            )
            self.env.cr.execute(
                "UPDATE jinxing_repair_fault SET category_id = %s WHERE order_id = %s",
                [self.electrical_category.id, order.id],
            )
        self.env.invalidate_all()
        self.assertFalse(self.given().bring_ids)
        electrical = self.electrical(machine=self.other_machine)
        self.assertEqual(
            electrical.bring_ids.product_id, self.part_battery | self.part_housing
        )

    def test_s8_3_old_history_is_not_counted(self):
        """S8.3: what was fitted before the months of the policy proposes nothing."""
        for number in range(2):
            order = self.signed(
                self.sell(f"JY2025O{number}", 20),
                category_ids=[Command.set(self.gearbox_category.ids)],
            )
            order.sudo().signed_at = fields.Datetime.now() - timedelta(days=900)
        self.assertFalse(self.given().bring_ids)

    def test_s8_3_several_kinds_of_fault_together(self):
        """S8.3: with several kinds the list holds the parts of all of them."""
        self.gearbox_category.usual_component_ids = self.housing
        both = self.electrical_category | self.gearbox_category
        order = self.approved(category_ids=[Command.set(both.ids)])
        order.with_user(self.users["supervisor"]).action_assign(
            technician_id=self.technician.id, reason="x"
        )
        self.assertEqual(order.bring_ids.product_id, self.part_battery | self.part_housing)

    def test_s8_3_the_list_follows_the_kind_of_fault(self):
        """S8.2, S8.3: assessed anew, the list and what is reserved change; ticks stay."""
        self.gearbox_category.usual_component_ids = self.housing
        order = self.electrical()
        line = self.line(order)
        line.with_user(self.users["clerk"]).taken = True
        clerk = order.with_user(self.users["clerk"])
        clerk.category_ids = [Command.link(self.gearbox_category.id)]
        self.assertTrue(self.line(order).taken)
        self.assertEqual(self.free(part=self.part_housing), 9)
        clerk.category_ids = self.gearbox_category
        self.assertFalse(self.line(order))
        self.assertEqual((self.free(), self.free(part=self.part_housing)), (2, 9))

    def test_s8_2_s8_3_the_assessment_names_kind_and_parts(self):
        """S8.2, S8.3: what the preliminary assessment finds decides what is brought."""
        order = self.given()
        self.change(order, "accept")
        self.assertFalse(order.bring_ids)
        order.with_user(self.users["technician"]).action_assess_preliminary(
            {
                "category_id": self.electrical_category.id,
                "component_id": self.battery.id,
                "parts": [[self.part_battery.id, 2]],
            }
        )
        line = self.line(order)
        self.assertEqual((line.quantity, line.standing), (2, "ready"))
        self.assertIn("The preliminary assessment names 2.", line.why)
        self.assertEqual(self.free(), 0)

    def test_s8_3_a_fault_found_on_the_phone_counts(self):
        """S8.3: the component of a fault named before the departure is proposed."""
        order = self.given()
        self.change(order, "accept")
        self.assertFalse(order.bring_ids)
        self.add_fault(order)
        self.assertEqual(self.line(order).standing, "ready")

    def test_s8_3_only_one_gets_the_last_part(self):
        """S8.3: of two orders one has the last part, the other sees who has it."""
        self.stock(self.part_battery, self.van, 1)
        first = self.electrical()
        second = self.electrical(machine=self.other_machine)
        self.assertEqual(self.line(first).standing, "ready")
        line = self.line(second)
        self.assertEqual((line.standing, line.move_ids), ("missing", self.env["stock.move"]))
        self.assertIn(f"What is there is reserved for {first.name}.", line.why)
        first.with_user(self.users["supervisor"]).action_cancel_order("Called off")
        second._propose_bring()
        self.assertEqual(self.line(second).standing, "ready")

    def test_s8_3_two_at_once_in_one_batch(self):
        """S8.3: assigned in one go, two orders do not share the last part."""
        self.stock(self.part_battery, self.van, 1)
        category = [Command.set(self.electrical_category.ids)]
        orders = self.approved(category_ids=category) | self.approved(
            self.other_machine, category_ids=category
        )
        orders.with_user(self.users["supervisor"]).action_assign(
            technician_id=self.technician.id, reason="x"
        )
        standings = orders.bring_ids.mapped("standing")
        self.assertEqual(sorted(standings), ["missing", "ready"])
        self.assertEqual(self.free(), 0)

    def test_s8_3_from_the_station_when_the_van_is_empty(self):
        """S8.3: what only the station has is reserved there, and to be fetched."""
        self.stock(self.part_battery, self.van, 0)
        self.stock(self.part_battery, self.store, 1)
        self.station.parts_location_id = self.store
        self.station_man.parts_location_id = self.van
        order = self.electrical("station_man")
        line = self.line(order)
        self.assertEqual((line.standing, line.place), ("fetch", "Station store"))
        self.assertEqual(self.free(self.store), 0)

    def test_s8_3_given_back_on_decline_reassign_cancel_and_signature(self):
        """S8.3: what is kept is free again as soon as the order does not need it."""
        order = self.electrical(accept=False)
        self.assertEqual(self.free(), 1)
        order.with_user(self.users["technician"]).action_decline("Ill")
        self.assertFalse(order.bring_ids)
        self.assertEqual(self.free(), 2)
        other = self.env["stock.location"].create(
            {"name": "Van 2", "usage": "internal", "location_id": self.store.location_id.id}
        )
        self.stock(self.part_battery, other, 1)
        supervisor = order.with_user(self.users["supervisor"])
        supervisor.action_assign(technician_id=self.technician.id, reason="Back again")
        self.novice.parts_location_id = other
        supervisor.action_assign(technician_id=self.novice.id, reason="Swap")
        self.assertEqual((self.free(), self.free(other)), (2, 0))
        self.assertEqual(self.line(order).place, "Van 2")
        supervisor.action_cancel_order("Called off")
        self.assertEqual((self.free(), self.free(other)), (2, 1))

    def test_s8_3_not_needed_is_free_for_others(self):
        """S8.3: a part left as not needed is given back; taken after all it is reserved again."""
        order = self.electrical()
        line = self.line(order).with_user(self.users["clerk"])
        line.left_reason = "not_needed"
        self.assertEqual(self.free(), 2)
        self.assertIn("Not needed", self.line(order).why)
        line.taken = True
        self.assertFalse(line.left_reason)
        self.assertEqual(self.free(), 1)

    def test_s8_3_a_part_planned_takes_what_was_kept(self):
        """S8.3: planned on a fault, the part uses the reservation instead of a second one."""
        self.stock(self.part_battery, self.van, 1)
        order = self.electrical()
        fault = self.add_fault(order)
        self.change(order, "part_add", {"fault": fault.id, "product": self.part_battery.id,
                                        "quantity": 1, "beyond_stock": False})
        self.assertEqual(order.move_ids.state, "assigned")
        line = self.line(order)
        self.assertEqual((line.standing, line.move_ids.ids), ("ready", []))
        self.assertIn("The order asks for 1.", line.why)

    def test_s8_3_planned_parts_move_their_reservation_to_the_new_van(self):
        """S8.3: reassigned, a planned part is reserved in the other van, free in the old one."""
        order = self.approved()
        supervisor = order.with_user(self.users["supervisor"])
        supervisor.action_assign(technician_id=self.technician.id, reason="x")
        self.add_faults(order)
        housing = order.move_ids.filtered(lambda m: m.product_id == self.part_housing)
        self.assertEqual(self.free(part=self.part_housing), 9)
        self.novice.parts_location_id = self.store
        self.stock(self.part_housing, self.store, 1)
        supervisor.action_assign(technician_id=self.novice.id, reason="Swap")
        self.env.invalidate_all()
        self.assertEqual(housing.move_line_ids.location_id, self.store)
        self.assertEqual(
            (self.free(part=self.part_housing), self.free(self.store, self.part_housing)), (10, 0)
        )

    def test_s8_3_planned_parts_are_given_back_on_decline_and_cancel(self):
        """S8.3: declined, planned parts hold nothing in his van; cancelled, nothing anywhere."""
        order = self.given()
        self.change(order, "accept")
        fault = self.add_fault(order)
        self.change(order, "part_add", {"fault": fault.id, "product": self.part_battery.id,
                                        "quantity": 1})
        self.assertEqual(self.free(), 1)
        order.with_user(self.users["technician"]).action_decline("Ill")
        self.env.invalidate_all()
        self.assertEqual(self.free(), 2)
        supervisor = order.with_user(self.users["supervisor"])
        supervisor.action_assign(technician_id=self.technician.id, reason="Back")
        self.assertEqual(self.free(), 1)
        supervisor.action_cancel_order("Called off")
        self.assertEqual(self.free(), 2)

    def test_s8_3_kept_parts_do_not_stand_in_the_way_of_the_signature(self):
        """S8.3, N9: signed, what was kept and not used is free; used parts leave the stock once."""
        order = self.on_site(category_ids=[Command.set(self.electrical_category.ids)])
        self.assertEqual(self.free(), 1)
        self.add_faults(order)
        worker = order.with_user(self.users["technician"])
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        self.complete(order)
        worker.action_finish()
        worker.action_sign(SIGNATURE, "Zhang Defu")
        self.assertEqual(self.free(), 1)
        self.assertFalse(order.bring_ids.move_ids)
        line = self.line(order)
        self.assertEqual((line.standing, line.place, line.taken), (False, "", True))


@tagged("post_install", "-at_install")
class TestDeparture(BringData, RepairCase):
    """S8.3: nobody sets out before clothes, badge, tools and parts are ticked."""

    def pack_all(self, order):
        for check in order.check_ids.filtered(lambda c: c.phase == "departure"):
            self.change(order, "tick", {"check": check.id, "done": True}, {"done": False})
        for line in order.bring_ids:
            self.take(order, line)

    def take(self, order, line, taken=True, left=False, **kwargs):
        base = {"taken": line.taken, "left_reason": line.left_reason}
        return self.change(
            order, "bring", {"line": line.id, "taken": taken, "left_reason": left}, base, **kwargs
        )

    def test_s8_3_departure_needs_the_list_and_the_parts(self):
        """S8.3: departure is refused until each line is ticked or left with a reason."""
        order = self.electrical()
        self.change(order, "contact")
        answer = self.change(order, "depart", status="refused")
        self.assertIn("Work clothes and badge", answer["message"])
        self.assertIn("Battery 12V", answer["message"])
        for check in order.check_ids.filtered(lambda c: c.phase == "departure"):
            self.change(order, "tick", {"check": check.id, "done": True}, {"done": False})
        answer = self.change(order, "depart", status="refused")
        self.assertNotIn("Work clothes", answer["message"])
        self.take(order, self.line(order), taken=False, left="on_site")
        self.change(order, "depart")
        self.assertTrue(order.visit_ids.departed_at)
        decision = order.decision_ids.filtered(lambda d: d.kind == "departure")
        self.assertEqual((decision.outcome, decision.clause_codes), ("set_out", ["S8.3"]))
        self.assertEqual(decision.facts["items"][0]["left"], "on_site")
        self.assertIn("Left, borrowed on site: Battery 12V.", decision.explanation)

    def test_s8_3_who_arrives_without_setting_out_ticks_all_the_same(self):
        """S8.3: the way round the list is closed: not departed, not arrived."""
        order = self.electrical()
        worker = order.with_user(self.users["technician"])
        with self.assertRaisesRegex(UserError, "Work clothes and badge"):
            worker.action_arrive()
        self.pack_all(order)
        worker.action_arrive()
        self.assertEqual(order.service_state, "on_site")

    def test_s8_3_each_technician_and_each_trip_ticks_anew(self):
        """S8.3: another man's ticks do not count, nor those of the trip before."""
        order = self.electrical()
        self.pack_all(order)
        supervisor = order.with_user(self.users["supervisor"])
        supervisor.action_assign(technician_id=self.station_man.id, reason="Swap")
        departure = order.check_ids.filtered(lambda c: c.phase == "departure")
        self.assertFalse(any(departure.mapped("done")))
        self.assertFalse(any(order.bring_ids.mapped("taken")))
        supervisor.action_assign(technician_id=self.technician.id, reason="Back")
        self.change(order, "accept")
        self.pack_all(order)
        self.change(order, "depart")
        self.change(order, "arrive")
        later = fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=1))
        self.change(order, "leave", {"outcome": "not_fixed", "explanation": "Part lacks",
                                     "next_step": "Bring it", "promise_at": later})
        self.assertFalse(any(departure.mapped("done")))
        self.change(order, "depart", status="refused")
        self.pack_all(order)
        self.change(order, "depart")
        self.assertEqual(len(order.visit_ids), 2)
        decisions = order.decision_ids.filtered(lambda d: d.kind == "departure")
        self.assertEqual(len(decisions), 1, "the same list, the same decision")

    def test_s8_3_a_tick_sent_twice_counts_once_and_conflicts_are_seen(self):
        """S8.3: the phone's number makes a tick count once; what the office said is not lost."""
        order = self.electrical()
        line = self.line(order)
        request = "3c1f3a1e-94a5-4e0a-9b0e-6c3f5a7d1b22"
        for repeated in (False, True):
            answer = self.change(
                order, "bring", {"line": line.id, "taken": True, "left_reason": False},
                {"taken": False, "left_reason": False}, request_id=request,
            )
            self.assertEqual(answer["repeated"], repeated)
        self.assertEqual(line.noted_by_id, self.users["technician"])
        line.with_user(self.users["clerk"]).write({"left_reason": "not_needed"})
        answer = self.change(
            order, "bring", {"line": line.id, "taken": False, "left_reason": "on_site"},
            {"taken": True, "left_reason": False}, status="conflict",
        )
        self.assertEqual(answer["fields"][0]["name"], "left_reason")

    def test_s8_3_bad_input_from_the_phone(self):
        """S8.3: unknown reasons, lines of other orders and lines taken off are told apart."""
        order = self.electrical()
        other = self.electrical(machine=self.other_machine)
        line = self.line(order)
        base = {"taken": False, "left_reason": False}
        for values in (
            {"line": line.id, "left_reason": "forgotten"},
            {"line": self.line(other).id, "taken": True},
            {"line": "x", "taken": True},
            {"line": None, "taken": True},
            {"line": True, "taken": True},
        ):
            with self.subTest(values=values):
                self.change(order, "bring", values, base, status="refused")
        gone = line.id
        order.with_user(self.users["clerk"]).category_ids = self.gearbox_category
        answer = self.change(order, "bring", {"line": gone, "taken": True}, base)
        self.assertTrue(answer["answer"]["gone"])

    def test_s8_3_not_after_the_arrival(self):
        """S8.3: what was brought is not rewritten once the repair is done."""
        order = self.electrical()
        self.pack_all(order)
        self.change(order, "arrive")
        order.sudo().service_state = "repaired"
        self.take(order, self.line(order), taken=False, status="refused")
        order.sudo().service_state = "signed"
        with self.assertRaisesRegex(UserError, "signed"):
            self.line(order).with_user(self.users["clerk"]).taken = False

    def test_s8_3_the_phone_gets_the_list(self):
        """S8.3: the page shows each thing with where it lies and why, to a station's man too."""
        self.station.parts_location_id = self.store
        self.stock(self.part_battery, self.store, 1)
        order = self.electrical("station_man")
        [shown] = self.detail(order, "station_man")["bring"]
        self.assertEqual(shown["name"], self.part_battery.display_name)
        self.assertEqual((shown["place"], shown["kind"]), ("Station store", "part"))
        self.assertEqual((shown["taken"], shown["left_reason"]), (False, False))
        self.assertIn("Listed", shown["why"])

    def test_s8_3_the_form_ticks_and_leaves(self):
        """S8.3: the clerk sees the list on the order and leaves a part for the technician."""
        order = self.electrical().with_user(self.users["clerk"])
        with Form(order, view="jinxing_repair.repair_order_view_form") as form:
            with form.bring_ids.edit(0) as line:
                self.assertEqual(line.standing, "ready")
                line.left_reason = "not_needed"
        self.assertEqual(order.bring_ids.noted_by_id, self.users["clerk"])


@tagged("post_install", "-at_install")
class TestBringAccess(BringData, RepairCase):
    """S8.3: who sees and says what of the things to bring."""

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_each_role(self):
        """S8.3: who does the work and our people read; only the office and the phone say."""
        order = self.electrical("station_man", accept=False)
        own = self.electrical(machine=self.other_machine)
        line, mine = self.line(order), self.line(own)
        sees = {
            "station_man": line, "station": line, "technician": mine,
            "clerk": line | mine, "supervisor": line | mine, "parts_keeper": line | mine,
            "finance": line | mine,
            "dealer": line.browse(), "farmer": line.browse(),
        }
        for role, expected in sees.items():
            with self.subTest(role=role):
                found = line.with_user(self.users[role]).search([])
                self.assertEqual(found, expected)
                for foreign in (line | mine) - expected:
                    with self.assertRaises(AccessError):
                        foreign.with_user(self.users[role]).read(["taken"])
        for role in ("station_man", "station", "technician", "parts_keeper", "dealer", "farmer",
                     "finance", "nobody"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                line.with_user(self.users[role]).write({"taken": True})
        for vals in ({"quantity": 5}, {"product_id": self.part_housing.id},
                     {"noted_by_id": self.env.uid}, {"order_id": own.id}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                line.with_user(self.users["clerk"]).write(vals)
        with self.assertRaises(AccessError):
            line.with_user(self.users["clerk"]).unlink()
        with self.assertRaises(UserError):
            line.with_user(self.users["clerk"]).create({"order_id": own.id, "item_kind": "part"})

    def test_another_companys(self):
        """S8.3: lists of another company's orders are its own."""
        line = self.line(self.electrical())
        other = self.env["res.company"].create({"name": "Other factory"})
        manager = self.users["manager"]
        manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        foreign = line.with_user(manager).with_context(allowed_company_ids=other.ids)
        self.assertFalse(foreign.search([]))

    def test_the_supervisor_keeps_what_is_listed(self):
        """S8.3: what a kind of fault takes is data of the supervisors."""
        category = self.gearbox_category
        with Form(
            category.with_user(self.users["supervisor"]),
            view="jinxing_technician.jinxing_fault_category_view_form",
        ) as form:
            form.usual_component_ids.add(self.housing)
        self.assertIn(self.housing, category.usual_component_ids)
        with self.assertRaises(AccessError):
            category.with_user(self.users["technician"]).usual_component_ids = False


@tagged("post_install", "-at_install")
class TestBringQueries(BringData, QueriesCase):
    """S8.3: proposing for fifty orders asks as much as for one."""

    def orders(self, number):
        tickets = self.env["helpdesk.ticket"].create(
            [
                {
                    "lot_id": machine.id,
                    "partner_id": machine.owner_id.id,
                    "caller_name": "Caller",
                    "fault_description": "No light",
                    "service_address": "Luxi 5",
                    "category_ids": [Command.set(self.electrical_category.ids)],
                }
                for machine in islice(self.machines, number)
            ]
        )
        tickets.action_create_dispatch_order()
        orders = self.env["repair.order"].browse(tickets.order_ids.ids)
        orders.with_user(self.users["supervisor"]).action_approve()
        orders.write({"technician_id": self.technician.id, "service_state": "assigned"})
        return orders

    def test_s8_3_proposing(self):
        """S8.3: the list, its history and where things lie: a constant number of queries."""
        for quantity, per_part in ((0, 0), (500, CORE_PER_PART)):
            self.stock(self.part_battery, self.van, quantity)
            self.orders(1)._propose_bring()
            one, fifty = self.orders(1), self.orders(50)
            with self.subTest(there=quantity):
                first = self.count(one._propose_bring)
                many = self.count(fifty._propose_bring)
                self.assertEqual(len(fifty.bring_ids), 50)
                if quantity:
                    self.assertEqual(set(fifty.bring_ids.mapped("standing")), {"ready"})
                    self.assertLessEqual((many - first) / 49, per_part, (first, many))
                else:
                    self.assertLessEqual(first, PROPOSED[0], (first, many))
                    self.assertLessEqual(many, PROPOSED[1], (first, many))

    def test_s8_3_showing(self):
        """S8.3: where fifty things stand is asked at once."""
        self.stock(self.part_battery, self.van, 30)
        orders = self.orders(51)
        orders._propose_bring()
        bring = self.env["jinxing.repair.bring"]
        ids = orders.bring_ids.ids

        def show(few):
            return self.count(lambda: bring.browse(few).mapped("why"))

        show(ids[:1])
        one, fifty = show(ids[:1]), show(ids[1:])
        self.assertLessEqual(one, SHOWN, (one, fifty))
        self.assertLessEqual(fifty, SHOWN, (one, fifty))
