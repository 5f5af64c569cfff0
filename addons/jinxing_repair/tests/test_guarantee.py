from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged, warmup

from .common import SIGNATURE, RepairCase


@tagged("post_install", "-at_install")
class TestGuarantee(RepairCase):
    """G1.2, G1.4, N7: the same component failing again within 30 days is a rework."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done = cls.signed()
        cls.first = cls.done.fault_ids.filtered(lambda f: f.component_id == cls.battery)
        cls.repaired = cls.first.repaired_on

    def again(self, days, component=None, machine=None):
        """The same component fails again so many days after the repair."""
        later = fields.Datetime.now() + timedelta(days=days)
        with freeze_time(later):
            order = self.on_site(machine)
            fault = (
                self.env["jinxing.repair.fault"]
                .with_user(self.users["clerk"])
                .create(
                    {
                        "order_id": order.id,
                        "component_id": (component or self.battery).id,
                        "fault_date": self.repaired + timedelta(days=days),
                        "symptom": "Empty again",
                    }
                )
            )
            self.env["repair.service"].with_user(self.users["clerk"]).create(
                {
                    "repair_id": order.id,
                    "fault_id": fault.id,
                    "fee_item_id": self.fee_battery.id,
                }
            )
        return order, fault

    def decision(self, record, kind):
        return record.decision_ids.filtered(lambda d: d.kind == kind and d.is_current)

    def diagnose(self, fault, cause, **values):
        liability = fault.liability_ids.with_user(self.users["supervisor"])
        liability.write({"cause": cause, **values})
        liability.action_decide()
        return liability

    # -- rework or not ---------------------------------------------------------------------------

    def test_day_30_is_in_day_31_is_out(self):
        """G1.2: the 30th day after the repair is still guaranteed, the 31st is not."""
        self.assertEqual(self.first.cover, "chargeable")
        self.assertEqual(self.first.guarantee_until, self.repaired + timedelta(days=30))
        order, fault = self.again(30)
        self.assertEqual(fault.rework_of_id, self.first)
        self.assertEqual(order.rework_of_id, self.done)
        self.assertEqual(fault.cover, "free")
        self.assertFalse(fault.in_cover)
        cover = self.decision(fault, "cover")
        self.assertEqual(cover.clause_codes[0], "G1.2")
        self.assertIn(self.done.name, cover.explanation)
        self.assertIn("no diagnosis yet", cover.explanation)
        self.assertEqual(self.decision(fault, "guarantee").outcome, "rework")
        self.assertEqual(order.quote_state, "none")
        self.done.rework_ids.invalidate_recordset()
        self.assertEqual(self.done.rework_ids, order)
        order, fault = self.again(31)
        self.assertFalse(fault.rework_of_id or order.rework_of_id)
        self.assertEqual(fault.cover, "chargeable")
        self.assertEqual(self.decision(fault, "guarantee").outcome, "none")
        self.assertFalse(fault.liability_ids)

    def test_other_component_or_machine_is_no_rework(self):
        """G1.2: only the same component of the same machine."""
        order, fault = self.again(3, component=self.belt)
        self.assertFalse(fault.rework_of_id or order.rework_of_id or fault.liability_ids)
        self.assertFalse(self.decision(fault, "guarantee"))
        _order, fault = self.again(3, machine=self.other_machine)
        self.assertFalse(fault.rework_of_id)

    def test_corrected_component_is_linked_anew(self):
        """G1.2: a component noted wrongly and corrected links and unlinks the rework."""
        order, fault = self.again(3, component=self.belt)
        clerk = fault.with_user(self.users["clerk"])
        clerk.component_id = self.battery
        self.assertEqual(order.rework_of_id, self.done)
        self.assertEqual(fault.liability_ids.mapped("state"), ["draft"])
        clerk.component_id = self.belt
        self.assertFalse(order.rework_of_id or fault.rework_of_id)
        self.assertFalse(fault.liability_ids)

    def test_what_was_not_in_order_has_no_guarantee(self):
        """G1.2: a component left not in order was not repaired: no guarantee."""
        order = self.on_site(self.other_machine)
        fault = self.env["jinxing.repair.fault"].create(
            {"order_id": order.id, "component_id": self.housing.id}
        )
        self.complete(order)
        fault.quality_after = "not_ok"
        worker = order.with_user(self.users["technician"])
        worker.action_finish()
        worker.action_sign(SIGNATURE, "Li Guoquan")
        self.assertTrue(fault.repaired_on)
        self.assertFalse(fault.guarantee_until)

    def test_rework_is_the_rules_alone(self):
        """G1.2: nobody links or unlinks a rework by hand."""
        _order, fault = self.again(3)
        for user in ("clerk", "supervisor", "manager"):
            for vals in ({"rework_of_id": False}, {"in_cover": True}, {"cover": "free"}):
                with self.assertRaises(UserError):
                    fault.with_user(self.users[user]).write(vals)

    # -- who answers -----------------------------------------------------------------------------

    def test_misuse_makes_the_customer_pay_after_the_diagnosis(self):
        """G1.2, G5.1: only the decided diagnosis, with evidence, makes a rework chargeable."""
        order, fault = self.again(3)
        clerk = fault.with_user(self.users["clerk"])
        clerk.write({"exclusion": "G5.1", "exclusion_evidence": "Lamp left on for days"})
        self.assertEqual(fault.cover, "free", "free to begin with")
        liability = self.diagnose(fault, "misuse", evidence="Lamp left on for days")
        self.assertEqual(liability.bearer, "customer")
        self.assertEqual(fault.cover, "chargeable")
        self.assertEqual(self.decision(fault, "cover").clause_codes[:2], ["G5.1", "G1.2"])
        self.assertEqual(order.quote_state, "to_quote")
        with self.assertRaises(UserError) as caught:
            self.complete(order)
            order.with_user(self.users["technician"]).action_finish()
        self.assertIn("has not accepted the price", str(caught.exception))
        liability.action_cancel("The lamp was ours")
        self.assertEqual(fault.cover, "free")
        fault.invalidate_recordset(["liability_ids"])
        self.assertEqual(sorted(fault.liability_ids.mapped("state")), ["cancelled", "draft"])

    def test_repairer_answers_own_staff_to_hr(self):
        """G1.4, N7: our own man's fault: free for the customer, told to HR, no settlement."""
        _order, fault = self.again(3)
        liability = self.diagnose(fault, "repairer", amount=120)
        self.assertEqual(liability.employee_id, self.technician.employee_ids)
        self.assertFalse(liability.partner_id)
        self.assertEqual(liability.bearer, "provider")
        self.assertEqual(fault.cover, "free")
        decision = self.decision(liability, "liability")
        self.assertEqual(decision.clause_codes[0], "G1.4")
        self.assertIn("HR is told", decision.explanation)

    def test_repairer_answers_a_station_pays(self):
        """G1.4: a station's rework is taken from its settlement."""
        # sudo-like preparation: the first repair was the station's
        self.done.sudo().write({"provider_id": self.station.id})
        _order, fault = self.again(3)
        liability = self.diagnose(fault, "repairer", amount=120)
        self.assertEqual(liability.partner_id, self.station)
        self.assertFalse(liability.employee_id)
        self.assertIn("settlement", self.decision(liability, "liability").explanation)

    def test_part_or_other_cause(self):
        """G1.2: the part's fault is the producer's; another cause follows the card."""
        _order, fault = self.again(3)
        self.assertEqual(self.diagnose(fault, "part").bearer, "producer")
        self.assertEqual(fault.cover, "free")
        _order, fault = self.again(4)
        self.assertEqual(self.diagnose(fault, "other").bearer, "customer")
        self.assertEqual(fault.cover, "chargeable")
        cover = self.decision(fault, "cover")
        self.assertIn("G4.3", cover.clause_codes)
        _order, fault = self.again(4, component=self.housing)
        self.assertTrue(fault.in_cover)
        self.assertEqual(self.diagnose(fault, "other").bearer, "producer")
        self.assertEqual(fault.cover, "free")

    def test_a_late_diagnosis_charges_nobody(self):
        """G1.2, S8.4: what the customer did not accept before the work is not charged."""
        order, fault = self.again(3)
        with freeze_time(order.arrived_at + timedelta(hours=1)):
            self.complete(order)
            order.with_user(self.users["technician"]).action_finish()
        with freeze_time(order.arrived_at + timedelta(hours=2)):
            liability = self.diagnose(fault, "misuse", evidence="Lamp left on")
            self.assertEqual(liability.bearer, "customer")
            self.assertEqual(fault.cover, "free")
            with self.assertRaisesRegex(UserError, "repair is finished"):
                fault.with_user(self.users["clerk"]).fault_date -= timedelta(days=1)
            self.assertEqual(fault.cover, "free")
            order.with_user(self.users["technician"]).action_sign(SIGNATURE, "Zhang Defu")
        self.assertEqual(order.service_state, "signed")

    def test_amount_from_what_it_cost(self):
        """G1.4: parts at cost, labour by the fee card."""
        _order, fault = self.again(3)
        self.part_battery.standard_price = 500
        self.env["stock.move"].with_user(self.users["clerk"]).create(
            {
                "repair_id": fault.order_id.id,
                "repair_line_type": "add",
                "fault_id": fault.id,
                "product_id": self.part_battery.id,
                "product_uom_qty": 1,
            }
        )
        liability = fault.liability_ids.with_user(self.users["supervisor"])
        liability.action_suggest_amount()
        self.assertEqual(liability.amount, 500 + 30)

    # -- never reopened --------------------------------------------------------------------------

    def test_a_done_order_is_never_reopened(self):
        """G1.2: not by writing, not by core's buttons, not by steps, not by a copy."""
        self.done.with_user(self.users["technician"]).action_hand_in()
        for user in ("clerk", "supervisor", "manager", "parts_keeper"):
            order = self.done.with_user(self.users[user])
            for vals in (
                {"state": "under_repair"}, {"service_state": "on_site"}, {"state": "draft"},
                {"service_kind": False}, {"lot_id": self.other_machine.id},
                {"fault_ids": [(0, 0, {"component_id": self.belt.id})]},
                {"move_ids": [(5, 0, 0)]},
            ):
                with self.subTest(user=user, vals=vals), self.assertRaises(UserError):
                    call_kw(order, "write", [order.ids, vals], {})
            for button in (
                "action_validate", "action_repair_start", "action_repair_end",
                "action_repair_done", "action_repair_cancel", "action_repair_cancel_draft",
                "action_finish", "action_arrive", "action_approve",
            ):
                with self.subTest(user=user, button=button), self.assertRaises(UserError):
                    call_kw(order, button, [order.ids], {})
            for button, arguments in (
                ("action_resume", ["Again"]), ("action_cancel_order", ["Away with it"]),
                ("action_sign", [SIGNATURE, "Zhang"]), ("copy", []),
            ):
                with self.subTest(user=user, button=button), self.assertRaises(UserError):
                    call_kw(order, button, [order.ids, *arguments], {})
        self.assertEqual((self.done.state, self.done.service_state), ("done", "handed_in"))
        for vals in ({"state": "confirmed"}, {"service_state": "repaired"}):
            with self.assertRaises(UserError):
                self.done.sudo().write(vals)
        with self.assertRaises(UserError):
            self.done.sudo().copy()

    def test_plain_orders_copy_as_before(self):
        """Odoo's own repair orders stay as they are."""
        plain = self.env["repair.order"].create({"product_id": self.part_battery.id})
        self.assertTrue(plain.copy())

    # -- the apology -----------------------------------------------------------------------------

    def test_apology_is_recorded(self):
        """N7: what was said, when and by whom; with words, not in the future, by the workers."""
        order, _fault = self.again(0)
        worker = order.with_user(self.users["technician"])
        with self.assertRaises(AccessError):
            order.with_user(self.users["farmer"]).action_record_apology("Sorry")
        asked = worker.action_record_apology("  ")
        self.assertEqual(asked["res_model"], "jinxing.repair.reason")
        wizard = (
            self.env["jinxing.repair.reason"]
            .with_user(self.users["technician"])
            .with_context(**asked["context"])
            .create({"reason": "The pole clamp was loose; we are sorry"})
        )
        wizard.action_confirm()
        self.assertEqual(order.apology_text, "The pole clamp was loose; we are sorry")
        self.assertEqual(order.apology_by_id, self.users["technician"])
        self.assertEqual((order.step_ids[-1].action, order.step_ids[-1].clause), ("apology", "N7"))
        with self.assertRaises(UserError):
            worker.action_record_apology("Sorry", at=fields.Datetime.now() + timedelta(days=1))
        with self.assertRaises(UserError):
            order.with_user(self.users["manager"]).write({"apology_text": "x"})

    # -- cost ------------------------------------------------------------------------------------

    def decide_many(self, count):
        """Faults on machines with an earlier repair each: the same queries for any number."""
        order = self.approved()
        faults = self.env["jinxing.repair.fault"].create(
            [{"order_id": order.id, "component_id": self.battery.id} for _n in range(count)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(__system__=4):
            faults._guarantee_decisions()

    @warmup
    def test_queries_for_one(self):
        """G1.2: finding the earlier repair of one fault."""
        self.decide_many(1)

    @warmup
    def test_queries_for_fifty(self):
        """G1.2: finding the earlier repairs of fifty."""
        self.decide_many(50)
