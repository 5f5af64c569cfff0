from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .money_common import MoneyCase
from .test_settlement import SettlementData


@tagged("post_install", "-at_install")
class TestRecovery(SettlementData, MoneyCase):
    """What we recover from suppliers for failed parts and exchanges (G2, G4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.partner"].create({"name": "Foundry", "is_company": True})
        cls.part_housing.seller_ids = [(0, 0, {"partner_id": cls.supplier.id, "price": 1500})]
        cls.part_housing.standard_price = 1500
        cls.order_ = cls.station_order()
        cls.fault = cls.order_.fault_ids.filtered(lambda f: f.component_id == cls.housing)
        cls.photo = cls.env["ir.attachment"].create({"name": "crack.png", "raw": b"crack"})

    def claim(self, role="supervisor", faults=None):
        action = self.as_(role, faults or self.fault).action_claim_recovery()
        return self.env["jinxing.recovery.claim"].browse(action["res_id"])

    def sent(self):
        claim = self.claim()
        claim.evidence_ids = self.photo
        self.as_("supervisor", claim).action_send()
        return claim

    def test_g4_the_part_and_its_work_are_claimed_from_its_supplier(self):
        """G4.2: the part at cost, the labour at the fee card, from whom the part came."""
        claim = self.claim()
        self.assertEqual(claim.partner_id, self.supplier)
        amounts = {line.kind: line.amount for line in claim.line_ids}
        self.assertEqual(amounts, {"part": 1500, "work": 360})
        self.assertEqual(claim.amount_total, 1860)

    def test_g4_labour_as_it_was_settled(self):
        """G1.3, G4.2: when the labour is settled with the station, that is what it cost us."""
        self.reviewed(self.build())
        work = self.claim().line_ids.filtered(lambda line: line.kind == "work")
        self.assertEqual(work.amount, 300)

    def test_g4_not_without_evidence_and_not_twice(self):
        """G4: a claim needs evidence; a fault is claimed once; a dropped claim frees it."""
        claim = self.claim()
        with self.refused(UserError, "evidence"):
            self.as_("supervisor", claim).action_send()
        with self.refused(UserError, "claimed already"):
            self.claim()
        line = claim.line_ids[0]
        with self.refused(IntegrityError):
            line.copy({"claim_id": claim.id})
        self.as_("supervisor", claim).action_cancel()
        self.assertTrue(self.claim())

    def test_g4_charged_faults_and_unknown_suppliers(self):
        """G4: what the customer paid is not claimed, nor a part nobody sold us."""
        battery = self.order_.fault_ids - self.fault
        with self.refused(UserError, "free of charge"):
            self.claim(faults=battery)
        claims = self.as_("supervisor", self.env["jinxing.recovery.claim"])
        claim = claims.create({"partner_id": self.supplier.id})
        with self.refused(ValidationError, "free of charge"):
            claim.line_ids.create(
                {"claim_id": claim.id, "name": "Battery", "fault_id": battery.id, "amount": 1}
            )
        self.part_housing.seller_ids.unlink()
        with self.refused(UserError, "no supplier"):
            self.claim()

    def test_g4_accepted_in_part_and_credited_once(self):
        """G4: of 1,860 he accepts 1,000: one credit note over 1,000 to the cent, no second."""
        claim = self.sent()
        with self.refused(UserError, "not possible"):
            self.as_("finance", claim).action_refund()
        for amount in (0, -1, 1860.01):
            with self.refused(UserError, "at most"):
                self.as_("supervisor", claim).action_accept(amount)
        with self.refused(UserError, "the rest"):
            self.as_("supervisor", claim).action_accept(1000)
        asked = self.as_("supervisor", claim).action_open_accept()
        form = Form(
            self.env[asked["res_model"]]
            .with_user(self.users["supervisor"])
            .with_context(**asked["context"])
        )
        self.assertEqual(form.amount, 1860)
        form.amount = 1000
        form.answer = "Labour at our rate only"
        form.save().action_confirm()
        self.as_("finance", claim).action_refund()
        note = claim.refund_id
        self.assertEqual(
            (note.move_type, note.partner_id, note.amount_untaxed, note.state),
            ("in_refund", self.supplier, 1000, "draft"),
        )
        self.assertEqual(claim.state, "refunded")
        with self.refused(UserError, "credited already"):
            self.as_("finance", claim).action_refund()
        with self.refused(IntegrityError):
            self.env["account.move"].create(claim._prepare_refund())
        with self.refused(UserError, "not possible"):
            self.as_("supervisor", claim).action_cancel()
        note.button_cancel()
        self.as_("finance", claim).action_refund()
        self.assertNotEqual(claim.refund_id, note)

    def test_g4_refused_with_the_answer(self):
        """G4: what the supplier refuses is noted with his answer."""
        claim = self.sent()
        supervisor = self.as_("supervisor", claim)
        asked = supervisor.action_refuse()
        form = Form(
            self.env[asked["res_model"]]
            .with_user(self.users["supervisor"])
            .with_context(**asked["context"])
        )
        form.reason = "Ran without oil"
        form.save().action_confirm()
        self.assertEqual((claim.state, claim.answer), ("refused", "Ran without oil"))
        with self.refused(UserError, "not possible"):
            self.as_("finance", claim).action_refund()

    def test_g2_1_an_exchanged_machine_is_claimed_once(self):
        """G2.1: a claim entered by hand for a machine exchanged, from the producer."""
        claims = self.as_("supervisor", self.env["jinxing.recovery.claim"])
        with Form(claims) as form:
            form.partner_id = self.supplier
            form.ground = "exchange"
            with form.line_ids.new() as line:
                line.kind = "machine"
                line.name = "Machine exchanged after 91 days without the part"
                line.lot_id = self.machine
                line.amount = 68000
        claim = form.record
        values = {"claim_id": claim.id, "kind": "machine", "name": "Again", "amount": 1}
        with self.refused(IntegrityError):
            claim.line_ids.create({**values, "lot_id": self.machine.id})
        with self.refused(IntegrityError):
            claim.line_ids.create(values)

    def test_g4_what_was_sent_stays(self):
        """G4: after sending, neither lines nor supplier change; states are not typed in."""
        claim = self.sent()
        supervisor = self.as_("supervisor", claim)
        for vals in (
            {"partner_id": self.farmer.id}, {"state": "accepted"}, {"accepted_amount": 5},
            {"line_ids": [(5,)]},
        ):
            with self.refused(UserError):
                supervisor.write(vals)
        with self.refused(UserError):
            supervisor.line_ids[0].write({"amount": 1})
        with self.refused(UserError):
            supervisor.line_ids.unlink()
        with self.refused(UserError):
            supervisor.unlink()
        with self.refused(UserError):
            supervisor.create({"partner_id": self.supplier.id, "state": "accepted"})

    def test_g4_who_claims(self):
        """G4: supervisors and finance; clerks read; technicians and the network see nothing."""
        for role in ("clerk", "technician", "station_man"):
            with self.refused(AccessError):
                self.claim(role=role)
        claim = self.sent()
        self.assertEqual(self.as_("clerk", claim).amount_total, 1860)
        with self.refused(AccessError):
            self.as_("clerk", claim).action_accept()
        with self.refused(AccessError):
            self.as_("supervisor", claim).action_refund()
        for role in ("technician", "station_man", "dealer", "farmer", "nobody"):
            with self.refused(AccessError):
                self.as_(role, claim).read(["name"])
        other = self.env["res.company"].create({"name": "Other factory"})
        user = self.users["supervisor"].copy(
            {"login": "r_sup_3", "company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        )
        self.assertFalse(claim.with_user(user).search([]))
        self.assertFalse(claim.line_ids.with_user(user).search([]))
