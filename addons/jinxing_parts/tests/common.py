from odoo import Command
from odoo.tests import TransactionCase

from odoo.addons.jinxing_repair.tests.common import RepairData


class PartsData(RepairData):
    """A factory with headquarters, a regional centre, a station and a van, and parts in stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = cls.env["jinxing.policy.parameter"]._service_day()
        cls._make_warehouses()
        cls._make_stores()
        cls._make_stock()

    @classmethod
    def _make_warehouses(cls):
        cls.hq = cls.warehouse
        cls.hq.parts_role = "headquarters"
        cls.centre = cls.env["res.partner"].create(
            {"name": "Centre", "is_company": True, "is_parts_centre": True}
        )
        cls.centre_warehouse = cls.env["stock.warehouse"].create(
            {
                "name": "Centre",
                "code": "CEN",
                "partner_id": cls.centre.id,
                "parts_role": "centre",
            }
        )
        cls.region = cls.env["jinxing.region"].create(
            {"name": "West", "centre_id": cls.centre.id}
        )
        cls.empty_region = cls.env["jinxing.region"].create({"name": "East"})
        cls.carrier = cls.env["res.partner"].create(
            {"name": "Carrier", "is_company": True, "is_carrier": True}
        )

    @classmethod
    def _make_stores(cls):
        cls.station.write({"region_id": cls.region.id, "is_service_station": True})
        cls.far_station = cls.env["res.partner"].create(
            {
                "name": "Far station",
                "is_company": True,
                "is_service_station": True,
                "region_id": cls.empty_region.id,
            }
        )
        for part in (cls.part_housing, cls.part_battery):
            cls.stock(part, cls.van, 0)
        cls.technician.parts_location_id = False
        (cls.station | cls.technician).action_make_parts_store()
        cls.station_store = cls.station.parts_location_id
        cls.van = cls.technician.parts_location_id

    @classmethod
    def _make_stock(cls):
        cls.parts = cls.part_housing | cls.part_battery
        cls.part_belt = cls.part("Belt", cls.belt, 120)
        cls.stock(cls.part_housing, cls.hq.lot_stock_id, 20)
        cls.stock(cls.part_battery, cls.hq.lot_stock_id, 20)
        cls.stock(cls.part_belt, cls.hq.lot_stock_id, 100)
        cls.stock(cls.part_belt, cls.centre_warehouse.lot_stock_id, 30)
        cls.stock(cls.part_housing, cls.centre_warehouse.lot_stock_id, 5)

    @classmethod
    def stock(cls, part, location, quantity):
        """Bring a part at a location to a quantity by a count, as keepers do."""
        quants = cls.env["stock.quant"].with_context(inventory_mode=True)
        quant = quants._gather(part, location, strict=True)[:1] or quants.create(
            {"product_id": part.id, "location_id": location.id}
        )
        quant.inventory_quantity = quantity
        quant.action_apply_inventory()

    @classmethod
    def at(cls, part, location):
        """Return what lies of a part at a location, reserved or not."""
        return sum(cls.env["stock.quant"]._gather(part, location, strict=True).mapped("quantity"))

    @classmethod
    def requisition(cls, partner=None, lines=None, user="station", **values):
        """A cart of parts, entered by the portal for its user."""
        partner = partner or cls.station
        return cls.env["jinxing.parts.requisition"].create(
            {
                "partner_id": partner.id,
                "user_id": cls.users[user].id,
                "line_ids": [
                    Command.create(
                        {"product_id": part.id, "qty": qty, "purpose": purpose}
                    )
                    for part, qty, purpose in lines or [(cls.part_belt, 10, "warranty")]
                ],
                **values,
            }
        )

    @classmethod
    def approved_requisition(cls, *args, **values):
        """A requisition handed in and approved."""
        requisition = cls.requisition(*args, **values)
        requisition.action_submit()
        requisition.with_user(cls.users["parts_keeper"]).action_approve()
        return requisition

    @classmethod
    def shipments(cls, requisition):
        """What is still to leave the warehouse."""
        return requisition.picking_ids.filtered(
            lambda p: p.is_parts_shipment and p.state not in ("done", "cancel")
        )

    @classmethod
    def ship(cls, requisition, quantities=None, waybill="SF1000"):
        """Ship what is there, or only the quantities of ``{part: quantity}``."""
        shipped = cls.env["stock.picking"]
        for picking in cls.shipments(requisition):
            picking = picking.with_user(cls.users["parts_keeper"])
            picking.write({"parts_carrier_id": cls.carrier.id, "waybill_number": waybill})
            picking.action_assign()
            for move in picking.move_ids:
                if quantities is not None:
                    move.quantity = quantities.get(move.product_id, 0)
                move.picked = move.quantity > 0
            if any(move.picked for move in picking.move_ids):
                picking.picking_type_id.sudo().create_backorder = "always"
                picking.button_validate()
                shipped |= picking
        return shipped

    @classmethod
    def arrived(cls, requisition):
        """What the requester can receive now."""
        return requisition._receivable_pickings()

    @classmethod
    def receive(cls, requisition, counted=None, note=None):
        """Receive what has arrived, or only the quantities of ``{part: quantity}``."""
        for picking in cls.arrived(requisition):
            moves = picking.move_ids.filtered("requisition_line_id")
            quantities = (
                {}
                if counted is None
                else {
                    move.id: counted[move.product_id]
                    for move in moves
                    if move.product_id in counted
                }
            )
            picking._receive_parts(quantities, note)


class PartsCase(PartsData, TransactionCase):
    """For tests of models."""
