from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.tests import Form, TransactionCase, new_test_user

#: A 1x1 picture, as a signature comes from the browser.
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


class RepairData:
    """A factory with a dealer, a station, machines with cards, technicians, parts and fees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "lang": "en_US"})
        cls.today = fields.Date.context_today(cls.env["res.partner"])
        cls.company = cls.env.company
        cls._make_users()
        cls._make_network()
        cls._make_products()
        cls.machine = cls.sell("JY20250001", months=20)
        cls.other_machine = cls.sell("JY20250002", months=3, dealer=cls.other_dealer)

    @classmethod
    def _make_users(cls):
        cls.users = {
            role: new_test_user(
                cls.env, f"r_{role}", groups=f"base.group_user,jinxing_base.group_{role}"
            )
            for role in ("technician", "parts_keeper", "clerk", "supervisor", "manager")
        }
        cls.users["finance"] = new_test_user(
            cls.env, "r_finance", groups="base.group_user,account.group_account_invoice"
        )
        cls.users["nobody"] = new_test_user(cls.env, "r_nobody", groups="base.group_user")

    @classmethod
    def _make_network(cls):
        partners = cls.env["res.partner"]
        cls.station = partners.create(
            {"name": "Station", "is_company": True, "is_service_station": True}
        )
        cls.dealer = partners.create(
            {"name": "Dealer", "is_company": True, "is_dealer": True}
        )
        cls.other_dealer = partners.create(
            {"name": "Other dealer", "is_company": True, "is_dealer": True}
        )
        for name, company in (
            ("dealer", cls.dealer), ("other_dealer", cls.other_dealer), ("station", cls.station),
        ):
            user = new_test_user(cls.env, f"r_{name}", groups="base.group_portal")
            user.partner_id.parent_id = company
            cls.users[name] = user
        cls.farmer = partners.create(
            {"name": "Zhang Defu", "phone": "13980123456", "street": "Luxi 5", "city": "Santai"}
        )
        cls.other_farmer = partners.create({"name": "Li Guoquan", "phone": "13881234567"})
        for name, partner in (("farmer", cls.farmer), ("other_farmer", cls.other_farmer)):
            cls.users[name] = new_test_user(
                cls.env, f"r_{name}", groups="base.group_portal", partner_id=partner.id
            )
        cls.external = partners.create({"name": "Examiner", "is_external_examiner": True})
        cls.technician = cls.users["technician"].partner_id
        cls.technician.is_technician = True
        cls.novice = partners.create({"name": "Novice", "is_technician": True})
        cls.station_man = partners.create(
            {"name": "Station's man", "parent_id": cls.station.id, "is_technician": True}
        )
        cls.users["station_man"] = new_test_user(
            cls.env, "r_station_man", groups="base.group_portal", partner_id=cls.station_man.id
        )
        cls.env["hr.employee"].create(
            {
                "name": "Technician",
                "user_id": cls.users["technician"].id,
                "work_contact_id": cls.technician.id,
            }
        )
        for partner, grade in ((cls.technician, 4), (cls.station_man, 3), (cls.novice, 1)):
            cls.env["jinxing.certification"].create(
                {
                    "partner_id": partner.id,
                    "grade": grade,
                    "date_award": cls.today - relativedelta(months=1),
                    "examiner_id": cls.external.id,
                    "score_written": 80,
                    "score_practical": 85,
                }
            ).action_award()

    @classmethod
    def _make_products(cls):
        cls.model = cls.env["product.product"].create(
            {"name": "4LZ-4.0", "is_storable": True, "tracking": "serial", "is_machine": True}
        )
        cls.other_model = cls.env["product.product"].create(
            {"name": "4LYZ-2.0", "is_storable": True, "tracking": "serial", "is_machine": True}
        )
        cls.housing = cls.env.ref("jinxing_warranty.component_gearbox_housing")
        cls.battery = cls.env.ref("jinxing_warranty.component_battery")
        cls.belt = cls.env.ref("jinxing_warranty.component_belt")
        cls.gearbox_category = cls.env.ref("jinxing_technician.category_gearbox")
        cls.electrical_category = cls.env.ref("jinxing_technician.category_electrical")
        cls.part_housing = cls.part("Gearbox housing", cls.housing, 2380)
        cls.part_battery = cls.part("Battery 12V", cls.battery, 680)
        cls.part_foreign = cls.part("Reel of another model", cls.belt, 300, models=cls.other_model)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.van = cls.env["stock.location"].create(
            {"name": "Van 1", "usage": "internal", "location_id": cls.warehouse.lot_stock_id.id}
        )
        cls.technician.parts_location_id = cls.van
        for part in (cls.part_housing, cls.part_battery):
            cls.env["stock.quant"]._update_available_quantity(part, cls.van, 10)
        labour = cls.env.ref("jinxing_repair.product_labour")
        travel = cls.env.ref("jinxing_repair.product_travel")
        cls.fee_housing, cls.fee_battery, cls.fee_travel = cls.env["jinxing.fee.item"].create(
            [
                {"code": "T1", "name": "Housing", "product_id": labour.id, "hours": 6,
                 "price_unit": 60},
                {"code": "T2", "name": "Battery", "product_id": labour.id, "hours": 0.5,
                 "price_unit": 60},
                {"code": "T3", "name": "Travel", "product_id": travel.id, "hours": 30,
                 "price_unit": 2, "kind": "travel"},
            ]
        )
        (labour | travel).taxes_id = False  # amounts in tests are before tax

    @classmethod
    def part(cls, name, component, price, models=None):
        """A spare part approved for the usual model, or for ``models``."""
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "component_id": component.id,
                "approved_model_ids": [Command.set((models or cls.model).product_tmpl_id.ids)],
                "list_price": price,
                "taxes_id": False,
                "invoice_policy": "delivery",
            }
        )

    @classmethod
    def sell(cls, serial, months, owner=None, dealer=None, model=None):
        """A machine with an active card whose invoice is so many months old."""
        owner = owner or cls.farmer
        lot = cls.env["stock.lot"].create(
            {"name": serial, "product_id": (model or cls.model).id, "company_id": cls.company.id}
        )
        card = cls.env["jinxing.warranty.card"].create(
            {
                "lot_id": lot.id,
                "owner_id": owner.id,
                "owner_phone": owner.phone,
                "dealer_id": (dealer or cls.dealer).id,
                "invoice_number": f"I{serial}",
                "invoice_date": cls.today - relativedelta(months=months),
            }
        )
        card.action_activate()
        return lot

    @classmethod
    def register(cls, machine=None, user="clerk", **values):
        """A registration taken by the clerk."""
        tickets = cls.env["helpdesk.ticket"].with_user(cls.users[user])
        with Form(tickets, view="jinxing_repair.registration_view_form") as form:
            form.lot_id = machine or cls.machine
            form.fault_description = "Gearbox leaks oil, battery empty"
            form.category_ids = cls.gearbox_category
        ticket = form.record
        if values:
            ticket.write(values)
        return ticket

    @classmethod
    def order(cls, machine=None, **values):
        """A registered dispatch order."""
        ticket = cls.register(machine, **values)
        ticket.action_create_dispatch_order()
        return ticket.order_ids

    @classmethod
    def approved(cls, machine=None, **values):
        """An approved dispatch order."""
        order = cls.order(machine, **values)
        order.with_user(cls.users["supervisor"]).action_approve()
        return order

    @classmethod
    def packed(cls, orders):
        """Tick the lists before departure and take everything along (S8.3)."""
        clerk = orders.with_user(cls.users["clerk"])
        clerk.check_ids.filtered(lambda check: check.phase == "departure").done = True
        clerk.bring_ids.write({"taken": True})

    @classmethod
    def on_site(cls, machine=None, **values):
        """An order whose technician stands at the machine."""
        order = cls.approved(machine, **values)
        order.with_user(cls.users["clerk"]).action_assign(
            technician_id=cls.technician.id, reason="Dealer has no technician free"
        )
        worker = order.with_user(cls.users["technician"])
        worker.action_accept()
        worker.action_contact()
        cls.packed(order)
        worker.action_arrive()
        return order

    @classmethod
    def add_faults(cls, order, sudo=False):
        """A gearbox housing and a battery, with parts and labour, found by the clerk's entry."""
        clerk = order.with_user(cls.users["clerk"])
        housing, battery = clerk.env["jinxing.repair.fault"].create(
            [
                {"order_id": order.id, "component_id": cls.housing.id, "symptom": "Oil leak"},
                {"order_id": order.id, "component_id": cls.battery.id, "symptom": "Empty"},
            ]
        )
        for fault, part in ((housing, cls.part_housing), (battery, cls.part_battery)):
            clerk.env["stock.move"].create(
                {
                    "repair_id": order.id,
                    "repair_line_type": "add",
                    "fault_id": fault.id,
                    "product_id": part.id,
                    "product_uom_qty": 1,
                }
            )
        clerk.env["repair.service"].create(
            [
                {"repair_id": order.id, "fault_id": housing.id, "fee_item_id": cls.fee_housing.id},
                {"repair_id": order.id, "fault_id": battery.id, "fee_item_id": cls.fee_battery.id},
            ]
        )
        return housing, battery

    @classmethod
    def complete(cls, order):
        """Fill in what a finished repair needs."""
        clerk = order.with_user(cls.users["clerk"])
        clerk.fault_ids.write({"cause": "Casting flaw", "quality_after": "good"})
        clerk.check_ids.write({"done": True})
        clerk.write(
            {"explanation": "Explained", "precautions": "Check the oil", "trial_run_ok": True}
        )

    @classmethod
    def signed(cls, machine=None, **values):
        """An order whose battery was paid for and whose housing was free, signed."""
        order = cls.on_site(machine, **values)
        cls.add_faults(order)
        worker = order.with_user(cls.users["technician"])
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        cls.complete(order)
        worker.action_finish()
        worker.action_sign(SIGNATURE, "Zhang Defu")
        return order


class RepairCase(RepairData, TransactionCase):
    """For tests of models."""
