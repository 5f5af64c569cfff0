from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PartsCase


@tagged("post_install", "-at_install")
class TestRequisition(PartsCase):
    """A station's application for parts, from the cart to the receipt (A3, B22)."""

    def test_a3_the_regions_centre_supplies_else_headquarters(self):
        near = self.requisition()
        near.action_submit()
        self.assertEqual(near.supply_warehouse_id, self.centre_warehouse)
        decision = near.decision_ids.filtered(lambda d: d.kind == "parts_supply")
        self.assertEqual((decision.outcome, decision.clause_codes), ("centre", ["A3"]))
        far = self.requisition(self.far_station, [(self.part_belt, 2, "sale")])
        far.action_submit()
        self.assertEqual(far.supply_warehouse_id, self.hq)
        centre = self.requisition(self.centre, user="parts_keeper")
        centre.action_submit()
        self.assertEqual(centre.supply_warehouse_id, self.hq)

    def test_a3_warranty_parts_stay_ours_on_the_way_and_in_the_store(self):
        requisition = self.approved_requisition()
        self.assertEqual(requisition.line_ids.terms, "consignment")
        self.assertFalse(requisition.sale_order_id)
        self.assertEqual(requisition.request_order_id.stock_request_ids.product_uom_qty, 10)
        self.ship(requisition)
        line = requisition.line_ids
        self.assertEqual((line.qty_shipped, line.qty_in_transit, line.qty_received), (10, 10, 0))
        self.assertEqual(self.at(self.part_belt, self.centre_warehouse.lot_stock_id), 20)
        self.assertEqual(self.at(self.part_belt, self.station_store), 0)
        self.receive(requisition)
        self.assertEqual((line.qty_in_transit, line.qty_received), (0, 10))
        self.assertEqual(self.at(self.part_belt, self.station_store), 10)
        self.assertEqual(requisition.state, "done")
        self.assertEqual(requisition.progress, "received")

    def test_a3_a_station_buys_what_is_for_sale(self):
        requisition = self.approved_requisition(
            lines=[(self.part_belt, 4, "sale"), (self.part_housing, 1, "warranty")]
        )
        sold, ours = requisition.line_ids
        self.assertEqual((sold.terms, ours.terms), ("sale", "consignment"))
        order = requisition.sale_order_id
        self.assertEqual(order.partner_id, self.station)
        self.assertEqual(order.order_line.product_id, self.part_belt)
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 480))
        self.assertEqual(order.warehouse_id, self.centre_warehouse)
        self.ship(requisition)
        self.assertEqual((sold.qty_shipped, sold.qty_received), (4, 0))
        self.receive(requisition)
        self.assertEqual((sold.qty_received, ours.qty_received), (4, 1))
        self.assertEqual(order.order_line.qty_delivered, 4)
        self.assertEqual(requisition.state, "done")

    def test_b22_a_van_and_a_centre_are_supplied_within_our_stock(self):
        van = self.approved_requisition(
            self.technician, [(self.part_battery, 2, "sale")], user="technician"
        )
        self.assertEqual(van.line_ids.terms, "internal")
        self.ship(van)
        self.receive(van)
        self.assertEqual(self.at(self.part_battery, self.van), 2)
        centre = self.approved_requisition(
            self.centre, [(self.part_housing, 3, "sale")], user="parts_keeper"
        )
        self.assertEqual(centre.line_ids.terms, "internal")
        self.assertEqual(centre.location_id, self.centre_warehouse.lot_stock_id)
        self.ship(centre)
        self.receive(centre)
        self.assertEqual(self.at(self.part_housing, self.centre_warehouse.lot_stock_id), 8)
        self.assertEqual((van.state, centre.state), ("done", "done"))

    def test_a3_shortage_and_backorder(self):
        requisition = self.approved_requisition(lines=[(self.part_belt, 50, "warranty")])
        line = requisition.line_ids
        self.assertTrue(requisition.has_shortage)
        self.assertEqual((line.qty_open, line.qty_short), (50, 20))
        self.ship(requisition)
        self.assertEqual((line.qty_shipped, line.qty_open, line.qty_short), (30, 20, 20))
        self.assertEqual(requisition.progress, "partly")
        self.receive(requisition)
        self.assertEqual((line.qty_received, requisition.state), (30, "approved"))
        self.stock(self.part_belt, self.centre_warehouse.lot_stock_id, 20)
        self.ship(requisition, waybill="SF1001")
        self.receive(requisition)
        self.assertEqual((line.qty_received, requisition.state), (50, "done"))

    def test_a3_what_is_not_shipped_can_be_given_up(self):
        requisition = self.approved_requisition(lines=[(self.part_belt, 50, "warranty")])
        self.ship(requisition)
        requisition.with_user(self.users["parts_keeper"]).action_cancel()
        line = requisition.line_ids
        self.assertEqual((line.qty_open, line.qty_cancelled, line.qty_in_transit), (0, 20, 30))
        self.assertEqual(requisition.state, "approved")
        self.receive(requisition)
        self.assertEqual((line.qty_received, requisition.state), (30, "done"))
        self.assertFalse(
            line.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        )

    def test_a3_a_carrier_and_a_waybill_or_handed_over(self):
        requisition = self.approved_requisition()
        picking = self.shipments(requisition)
        picking.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "waybill"):
            picking.button_validate()
        picking.parts_pickup = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_a3_urgent_ones_say_why_and_come_first(self):
        with self.assertRaisesRegex(ValidationError, "urgent"), self.cr.savepoint():
            self.requisition(urgent=True)
        calm = self.requisition()
        calm.action_submit()
        urgent = self.requisition(
            self.far_station,
            [(self.part_belt, 1, "sale")],
            urgent=True,
            urgent_reason="Combine stands in the rice",
        )
        urgent.action_submit()
        late = self.requisition()
        found = self.env["jinxing.parts.requisition"].search(
            [("id", "in", (calm | urgent | late).ids)]
        )
        self.assertEqual(found[0], urgent)
        urgent.action_approve()
        self.assertEqual(self.shipments(urgent).priority, "1")

    def test_a3_credit(self):
        self.company.account_use_credit_limit = True
        self.station.credit_limit = 300
        requisition = self.requisition(lines=[(self.part_belt, 4, "sale")])
        requisition.action_submit()
        keeper = requisition.with_user(self.users["parts_keeper"])
        action = keeper.action_approve()
        self.assertEqual(action["res_model"], "jinxing.parts.reason")
        self.assertEqual(requisition.state, "submitted")
        decision = requisition.decision_ids.filtered(lambda d: d.kind == "parts_credit")
        self.assertEqual(decision.outcome, "exceeded")
        with self.assertRaises(AccessError):
            keeper.action_approve("He pays tomorrow")
        supervisor = requisition.with_user(self.users["supervisor"])
        supervisor.action_approve("He pays tomorrow")
        self.assertEqual(requisition.state, "approved")
        self.assertEqual(requisition.sale_order_id.amount_untaxed, 480)

    def test_a3_refused_with_the_reason(self):
        requisition = self.requisition()
        requisition.action_submit()
        keeper = requisition.with_user(self.users["parts_keeper"])
        self.assertEqual(keeper.action_refuse()["res_model"], "jinxing.parts.reason")
        keeper.action_refuse("Order the new belt")
        self.assertEqual(requisition.state, "refused")
        self.assertEqual(requisition.refusal, "Order the new belt")
        with self.assertRaisesRegex(UserError, "Refused"):
            keeper.action_approve()

    def test_a3_another_warehouse_with_a_reason(self):
        requisition = self.requisition(lines=[(self.part_belt, 50, "warranty")])
        requisition.action_submit()
        keeper = requisition.with_user(self.users["parts_keeper"])
        keeper.action_reroute(self.hq.id, "The centre has only 30")
        self.assertEqual(requisition.supply_warehouse_id, self.hq)
        decision = requisition.decision_ids.filtered(
            lambda d: d.kind == "parts_supply" and d.is_current
        )
        self.assertEqual(decision.outcome, "headquarters")
        self.assertIn("The centre has only 30", decision.explanation)
        keeper.action_approve()
        self.ship(requisition)
        self.receive(requisition)
        self.assertEqual(self.at(self.part_belt, self.station_store), 50)
        self.assertEqual(self.at(self.part_belt, self.hq.lot_stock_id), 50)

    def test_b22_unused_parts_come_back(self):
        self.stock(self.part_belt, self.station_store, 6)
        back = self.requisition(lines=[(self.part_belt, 5, "warranty")], kind="return")
        back.action_submit()
        self.assertEqual(back.state, "approved")
        picking = back.return_picking_id
        picking.move_ids.quantity = 4
        picking.move_ids.picked = True
        picking.with_context(
            picking_ids_not_to_backorder=picking.ids, skip_backorder=True
        ).button_validate()
        self.assertEqual(self.at(self.part_belt, self.station_store), 2)
        self.assertEqual(self.at(self.part_belt, self.centre_warehouse.lot_stock_id), 34)
        self.assertEqual((back.line_ids.qty_received, back.state), (4, "done"))

    def test_b22_a_store_lies_outside_the_warehouses(self):
        self.assertFalse(self.station_store.warehouse_id)
        with self.assertRaisesRegex(ValidationError, "outside"):
            self.station_store.location_id = self.hq.lot_stock_id
        with self.assertRaisesRegex(ValidationError, "one keeper"):
            self.far_station.parts_location_id = self.station_store
        with self.assertRaisesRegex(UserError, "has a store"):
            self.station.action_make_parts_store()
        with self.assertRaisesRegex(UserError, "neither"):
            self.farmer.action_make_parts_store()

    def test_b22_a_place_inside_a_warehouse_becomes_a_store_with_what_is_in_it(self):
        place = self.env["stock.location"].create(
            {"name": "Shelf of a van", "usage": "internal", "location_id": self.hq.lot_stock_id.id}
        )
        self.stock(self.part_belt, place, 7)
        self.far_station.parts_location_id = place
        self.assertFalse(self.far_station.has_parts_store)
        self.farmer.parts_location_id = place
        with self.assertRaisesRegex(ValidationError, "one keeper"), self.cr.savepoint():
            self.far_station.action_make_parts_store()
        self.farmer.parts_location_id = False
        self.far_station.action_make_parts_store()
        self.assertEqual(self.far_station.parts_location_id, place)
        self.assertEqual((place.parts_kind, self.far_station.has_parts_store), ("station", True))
        self.assertFalse(place.warehouse_id)
        self.assertEqual(self.at(self.part_belt, place), 7)
        free = self.part_belt.with_context(warehouse_id=self.hq.id).free_qty
        self.assertEqual(free, 100, "nobody else's order reserves what lies in a van")
        requisition = self.approved_requisition(self.far_station, user="dealer")
        self.assertEqual(requisition.location_id, place)

    def test_a3_who_cannot_ask(self):
        with self.assertRaisesRegex(ValidationError, "cannot ask"), self.cr.savepoint():
            self.requisition(self.farmer)
        for bad in (0, -1):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.requisition(lines=[(self.part_belt, bad, "sale")])
        with self.assertRaisesRegex(ValidationError, "no spare part"), self.cr.savepoint():
            self.requisition(lines=[(self.model, 1, "sale")])

    def test_system_fields_are_nobodys(self):
        requisition = self.requisition()
        keeper = requisition.with_user(self.users["parts_keeper"])
        for vals in ({"state": "approved"}, {"supply_warehouse_id": self.hq.id}):
            with self.assertRaises(UserError):
                keeper.write(vals)
        with self.assertRaises(UserError):
            keeper.line_ids.write({"price_unit": 1})
        requisition.action_submit()
        keeper.line_ids.qty_approved = 8
        keeper.action_approve()
        with self.assertRaisesRegex(UserError, "decided"):
            keeper.line_ids.qty_approved = 9
        self.assertEqual(requisition.line_ids.stock_request_id.product_uom_qty, 8)


@tagged("post_install", "-at_install")
class TestDifference(PartsCase):
    """What arrives is not what was shipped (A3)."""

    def test_a3_missing_parts_stay_on_their_way_until_they_come(self):
        requisition = self.approved_requisition()
        self.ship(requisition)
        self.receive(requisition, {self.part_belt: 8}, "Box torn")
        line = requisition.line_ids
        self.assertEqual((line.qty_received, line.qty_in_transit), (8, 2))
        difference = requisition.difference_ids
        self.assertEqual((difference.qty_missing, difference.state), (2, "open"))
        self.assertEqual(requisition.state, "approved")
        self.receive(requisition)
        self.assertEqual((difference.state, difference.resolution), ("resolved", "arrived"))
        self.assertEqual((line.qty_received, requisition.state), (10, "done"))
        self.assertEqual(self.at(self.part_belt, self.station_store), 10)

    def short(self, purpose="warranty"):
        requisition = self.approved_requisition(lines=[(self.part_belt, 10, purpose)])
        self.ship(requisition)
        self.receive(requisition, {self.part_belt: 8})
        return requisition, requisition.difference_ids.with_user(self.users["parts_keeper"])

    def test_a3_parts_that_had_not_been_shipped_are_back_in_stock_and_sent_again(self):
        requisition, difference = self.short()
        difference.action_not_shipped()
        line = requisition.line_ids
        self.assertEqual(self.at(self.part_belt, self.centre_warehouse.lot_stock_id), 22)
        self.assertEqual((line.qty_shipped, line.qty_open, line.qty_in_transit), (8, 2, 0))
        self.ship(requisition, waybill="SF2")
        self.receive(requisition)
        self.assertEqual((line.qty_received, requisition.state), (10, "done"))
        self.assertEqual(self.at(self.part_belt, self.station_store), 10)
        self.assertEqual(self.at(self.part_belt, self.centre_warehouse.lot_stock_id), 20)

    def test_a3_parts_lost_on_the_way_are_written_off_and_sent_again(self):
        requisition, difference = self.short()
        difference.action_lost()
        line = requisition.line_ids
        self.assertEqual((line.qty_shipped, line.qty_open, line.qty_in_transit), (10, 2, 0))
        self.ship(requisition, waybill="SF2")
        self.receive(requisition)
        self.assertEqual((line.qty_received, requisition.state), (10, "done"))
        self.assertEqual(self.at(self.part_belt, self.centre_warehouse.lot_stock_id), 18)
        transit = self.company.internal_transit_location_id
        self.assertEqual(self.at(self.part_belt, transit), 0)

    def test_a3_a_station_does_not_pay_for_what_did_not_arrive(self):
        requisition, difference = self.short("sale")
        line = requisition.line_ids
        self.assertEqual(line.qty_received, 8)
        difference.action_not_shipped()
        sold = requisition.sale_order_id.order_line
        self.assertEqual(sold.qty_delivered, 8)
        self.ship(requisition, waybill="SF2")
        self.receive(requisition)
        self.assertEqual((sold.qty_delivered, line.qty_received), (10, 10))
        self.assertEqual(requisition.state, "done")

    def test_a3_more_than_was_shipped_is_not_taken_out_of_nowhere(self):
        requisition = self.approved_requisition()
        self.ship(requisition)
        self.receive(requisition, {self.part_belt: 12})
        self.assertEqual(self.at(self.part_belt, self.station_store), 10)
        difference = requisition.difference_ids.with_user(self.users["parts_keeper"])
        self.assertEqual(difference.qty_missing, -2)
        with self.assertRaises(UserError):
            difference.action_lost()
        difference.action_kept()
        self.assertEqual(self.at(self.part_belt, self.station_store), 12)
        self.assertEqual(self.at(self.part_belt, self.centre_warehouse.lot_stock_id), 18)
        with self.assertRaises(UserError):
            difference.action_kept()

    def test_a3_only_keepers_resolve(self):
        _requisition, difference = self.short()
        for role in ("clerk", "technician", "station"):
            with self.assertRaises(AccessError):
                difference.with_user(self.users[role]).action_lost()
