from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_exchange import ExchangeCase


@tagged("post_install", "-at_install")
class TestExchangeClaim(ExchangeCase):
    """G2.1, G2.2: a dealer exchanges the machine and claims it from us, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.law(cls, L_30wd=False)
        cls.new = cls.env["stock.lot"].create(
            {"name": "JY20269001", "product_id": cls.model.id, "company_id": cls.company.id}
        )
        cls.evidence = cls.env["ir.attachment"].with_user(cls.users["supervisor"]).create(
            {"name": "交接单.pdf", "raw": b"receipt of the machine"}
        )

    def right(self):
        """A right by G2.1 on day 91: the dealer who sold the machine bears it first."""
        order = self.under_repair()
        self.act(order).action_open_wait("producer_parts", note="Bearing 6208")
        self.look(91)
        return self.of(order)

    def made(self, right, user="supervisor", **values):
        """The form that notes the exchange, filled in and confirmed."""
        found = right.with_user(self.users[user])
        action = found.action_exchanged_by_other()
        with freeze_time(self.noon(92)):
            wizard = (
                self.env[action["res_model"]]
                .with_user(self.users[user])
                .with_context(**action["context"])
                .create(
                    {
                        "lot_id": self.new.id,
                        "date": self.day0 + timedelta(days=92),
                        "amount": 68000,
                        "evidence_ids": [(6, 0, self.evidence.ids)],
                        **values,
                    }
                )
            )
            return wizard.action_confirm()

    def build(self, day=92):
        with freeze_time(self.noon(day)):
            settlements = self.env["jinxing.settlement"].with_user(self.users["supervisor"])
            today = self.day0 + timedelta(days=day)
            return settlements._build(today).with_env(self.env)

    def test_g2_1_exchanged_claimed_settled(self):
        """G2.1: new card, right executed, one line with the evidence, anew when cancelled."""
        right = self.right()
        self.assertEqual((right.bearer, right.bearer_id), ("seller", self.dealer))
        right.with_user(self.users["clerk"]).action_claim("Wants another")
        old = self.machine.card_id
        self.made(right)
        self.assertEqual((right.state, right.new_lot_id), ("executed", self.new))
        self.assertIn("JY20269001", right.execution_note)
        self.assertEqual((old.state, old.replaced_by_id), ("replaced", right.new_card_id))
        self.assertEqual(
            (right.new_card_id.state, right.new_card_id.lot_id, right.new_card_id.dealer_id),
            ("active", self.new, self.dealer),
        )
        settlement = self.build()
        line = settlement.line_ids
        self.assertEqual(
            (settlement.partner_id, line.kind, line.amount, line.exchange_right_id, line.lot_id),
            (self.dealer, "exchange", 68000, right, self.machine),
        )
        self.assertEqual(line.evidence_ids, self.evidence)
        self.assertTrue(self.evidence.with_user(self.users["finance"]).read(["name"]))
        self.assertEqual(line.decision_ids.clause_codes, ["G2.1"])
        self.assertIn(right.name, line.decision_ids.explanation)
        self.assertEqual(right.settlement_line_ids, line)
        self.build()
        self.assertEqual(settlement.line_ids, line, "once")
        values = {
            "settlement_id": settlement.id, "kind": "exchange", "name": "Again",
            "lot_id": self.machine.id, "unit_amount": 1,
        }
        for more in ({}, {"exchange_right_id": right.id}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), \
                    self.cr.savepoint():
                line.sudo().create({**values, **more})
        line.with_user(self.users["supervisor"]).action_approve()
        self.assertEqual(settlement.amount_total, 68000)
        settlement.with_user(self.users["supervisor"]).action_cancel()
        again = self.build()
        self.assertNotEqual(again, settlement)
        self.assertEqual(again.line_ids.exchange_right_id, right)

    def test_g2_1_what_is_refused(self):
        """G2.1: another model, a taken machine, a wrong day, a claim without evidence, twice."""
        right = self.right()
        foreign = self.env["stock.lot"].create(
            {"name": "JY20269002", "product_id": self.other_model.id}
        )
        for values in (
            {"lot_id": foreign.id},
            {"lot_id": self.machine.id},
            {"lot_id": self.other_machine.id},
            {"date": self.day0 + timedelta(days=90)},
            {"date": self.day0 + timedelta(days=93)},
            {"evidence_ids": [(5,)]},
            {"amount": -5},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.made(right, **values)
        self.assertEqual(right.state, "open")
        hidden = self.env["ir.attachment"].create({"name": "x", "raw": b"x"})
        with freeze_time(self.noon(92)), self.assertRaises(AccessError):
            right.with_user(self.users["supervisor"])._record_exchange(
                self.new, right.arisen_on, 5, hidden
            )
        self.made(right, amount=0, evidence_ids=[(5,)])
        self.assertEqual(right.state, "executed")
        self.assertFalse(self.build().line_ids.filtered("exchange_right_id"))
        with self.assertRaises(UserError):
            self.made(right)

    def test_g2_2_the_repairer_bears_it(self):
        """G2.2: the repairer exchanges at his own cost; what is ours is no claim on us."""
        order = self.under_repair()
        self.look(31)
        right = self.of(order)
        self.assertTrue(right.borne_by_us)
        with self.assertRaisesRegex(UserError, "ours to carry out"):
            self.made(right)
        right.sudo().bearer_id = self.station
        with self.assertRaisesRegex(UserError, "bears the exchange"):
            self.made(right)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            right.sudo().claim_amount = 5
            right.flush_recordset()
        self.made(right, amount=0, evidence_ids=[(5,)])
        self.assertEqual(right.state, "executed")

    def test_g2_1_each_role(self):
        """G2.1: a supervisor notes it; the dealer reads his right, and his line in portal."""
        right = self.right()
        for role in ("clerk", "technician", "parts_keeper", "finance", "dealer", "other_dealer"):
            with self.subTest(role), self.assertRaises(AccessError):
                right.with_user(self.users[role]).action_exchanged_by_other()
            with self.subTest(role), self.assertRaises(AccessError):
                right.with_user(self.users[role])._record_exchange(self.new, right.arisen_on)
        with self.assertRaises(UserError):
            right.with_user(self.users["supervisor"]).write({"claim_amount": 1})
        self.made(right)
        line = self.build().line_ids
        self.assertEqual(line.with_user(self.users["dealer"]).amount, 68000)
        with self.assertRaises(AccessError):
            line.with_user(self.users["other_dealer"]).read(["amount"])

    def test_g2_1_recovered_from_the_producer(self):
        """G2.1: what we paid the dealer is claimed from the supplier or producer, once."""
        right = self.right()
        boss = right.with_user(self.users["supervisor"])
        with self.assertRaisesRegex(UserError, "no machine was exchanged"):
            boss.action_claim_recovery()
        self.made(right)
        action = boss.action_claim_recovery()
        claims = self.env[action["res_model"]].with_user(self.users["supervisor"])
        with Form(claims.with_context(**action["context"])) as form:
            form.partner_id = self.env["res.partner"].create({"name": "绵阳发动机厂"})
        claim = form.record
        self.assertEqual((claim.ground, claim.amount_total), ("exchange", 68000))
        self.assertEqual((claim.line_ids.kind, claim.line_ids.lot_id), ("machine", self.machine))
        self.assertEqual(claim.evidence_ids, self.evidence)
        with self.assertRaisesRegex(UserError, "claimed already"):
            boss.action_claim_recovery()
