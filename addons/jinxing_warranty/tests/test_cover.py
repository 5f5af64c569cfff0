from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import DAY, WarrantyCase


@tagged("post_install", "-at_install")
class TestCover(WarrantyCase):
    """G4, G5: the facts a decision looks at come from machine, card, policy and law."""

    def component(self, name):
        return self.env.ref(f"jinxing_warranty.component_{name}")

    def test_six_main_and_three_electrical_components(self):
        """G4.2 G4.3: exactly those of the handbook."""
        components = self.env["jinxing.component"].search([])
        main = components.filtered(lambda c: c.cover_class == "main")
        electrical = components.filtered(lambda c: c.cover_class == "electrical")
        self.assertEqual(
            set(main.mapped("name")),
            {
                "Engine block",
                "Cylinder head",
                "Flywheel",
                "Frame",
                "Gearbox housing",
                "Clutch housing",
            },
        )
        self.assertEqual(set(electrical.mapped("name")), {"Starter", "Generator", "Battery"})
        self.assertEqual(main.clause_id.code, "G4.2")
        self.assertEqual(electrical.clause_id.code, "G4.3")

    def test_battery_on_day_95(self):
        """G4.3: chargeable, though the machine is covered."""
        machine = self.card(invoice_date=self.today - 95 * DAY).lot_id
        battery = self.decide_fault(machine, self.component("battery"))
        self.assertEqual((battery.outcome, battery.clauses[0]), ("chargeable", "G4.3"))
        self.assertEqual(self.decide_fault(machine).outcome, "free")

    def test_gearbox_housing_on_day_500(self):
        """G4.2: free; the gears inside are the machine's and are not."""
        machine = self.card(invoice_date=self.today - 500 * DAY).lot_id
        housing = self.decide_fault(machine, self.component("gearbox_housing"))
        self.assertEqual((housing.outcome, housing.clauses[0]), ("free", "G4.2"))
        gears = self.decide_fault(machine, self.component("gearbox_gears"))
        self.assertEqual((gears.outcome, gears.clauses[0]), ("chargeable", "G4.1"))

    def test_last_day(self):
        """L24a: invoice day plus months, last day included."""
        machine = self.card(invoice_date=date(2024, 2, 29)).lot_id
        last = date(2025, 2, 28)
        self.assertEqual(self.decide_fault(machine, day=last).outcome, "free")
        self.assertEqual(self.decide_fault(machine, day=last + DAY).outcome, "chargeable")

    def test_nothing_to_show(self):
        """G5.3: no card, no invoice, no sale we know of: chargeable, never refused."""
        decision = self.decide_fault(self.machine())
        self.assertEqual((decision.outcome, decision.clauses[0]), ("chargeable", "G5.3"))

    def test_registered_sale_is_proof(self):
        """G5.3: no card and no invoice, but the sale is known."""
        machine = self.machine(sold_date=self.today - 10 * DAY)
        decision = self.decide_fault(machine)
        self.assertEqual(decision.outcome, "free")
        self.assertIn("cover_from_sale", [step.key for step in decision.steps])

    def test_invoice_of_a_draft_is_an_invoice(self):
        """G5.3: the dealer has registered the sale, the card waits: the invoice is there."""
        draft = self.draft(invoice_date=self.today - 10 * DAY)
        decision = self.decide_fault(draft.lot_id)
        self.assertEqual(decision.outcome, "free")
        self.assertFalse(decision.facts["has_card"])
        self.assertTrue(decision.facts["has_invoice"])
        draft.action_void("No such invoice")
        self.assertEqual(self.decide_fault(draft.lot_id).outcome, "chargeable")

    def test_harsh_reading_of_missing_proof(self):
        """G5.3: "either is missing" can be set; then a draft is not enough, a card is."""
        policy = self.env.ref("jinxing_warranty.policy_handbook")
        policy.sudo().no_proof_reading = "either"
        draft = self.draft()
        self.assertEqual(self.decide_fault(draft.lot_id).clauses[0], "G5.3")
        self.assertEqual(self.decide_fault(self.card().lot_id).outcome, "free")

    def test_shown_grounds(self):
        """G5.1 G5.2 G5.5: with evidence."""
        machine = self.card().lot_id
        for code in ("G5.1", "G5.2", "G5.5"):
            decision = self.decide_fault(machine, **{code.replace(".", "_"): "Photo 3"})
            self.assertEqual((decision.outcome, decision.clauses[0]), ("chargeable", code))
        self.assertEqual(self.decide_fault(machine, G5_1=" ").outcome, "free")

    def test_old_fault_under_the_policy_of_its_day(self):
        """G4 R9: a policy that begins later does not reach back, one that held then still does."""
        machine = self.card(invoice_date=self.today - relativedelta(months=14)).lot_id
        handbook = self.env.ref("jinxing_warranty.policy_handbook")
        handbook.sudo().date_to = self.today - 31 * DAY
        self.env["jinxing.warranty.policy"].create(
            {
                "name": "Longer",
                "date_from": self.today - 30 * DAY,
                "line_ids": [
                    (0, 0, {"cover_class": "machine", "months": 18}),
                    (0, 0, {"cover_class": "main", "months": 24}),
                ],
            }
        )
        self.assertEqual(self.decide_fault(machine).outcome, "free")
        self.assertEqual(
            self.decide_fault(machine, day=self.today - 40 * DAY).outcome, "chargeable"
        )

    def test_floor_while_switched_on(self):
        """L24b: the promise of a card below the floor gives way to it."""
        self.switch("L24b", False)
        policy = self.env["jinxing.warranty.policy"].create(
            {
                "name": "Short",
                "product_tmpl_id": self.model.product_tmpl_id.id,
                "date_from": "2020-01-01",
                "line_ids": [(0, 0, {"cover_class": "machine", "months": 6})],
            }
        )
        machine = self.card(invoice_date=self.today - relativedelta(months=8)).lot_id
        self.assertEqual(self.decide_fault(machine).outcome, "chargeable")
        self.assertTrue(policy.line_ids)
        self.switch("L24b", True)
        decision = self.decide_fault(machine)
        self.assertEqual(decision.outcome, "free")
        self.assertIn("L24b", decision.clauses)

    def test_many_at_once(self):
        """G4: each request gets the answer of its own machine, component and day."""
        new, old = self.card(invoice_date=self.today - 10 * DAY), self.card(
            invoice_date=self.today - 500 * DAY
        )
        requests = [
            {
                "key": (card.id, name),
                "lot": card.lot_id,
                "component": self.component(name),
                "fault_date": self.today,
                "exclusions": {},
            }
            for card in (new, old)
            for name in ("battery", "frame", "header")
        ]
        answers = {
            key: decision.outcome
            for key, decision in self.env["stock.lot"]._decide_cover(requests).items()
        }
        self.assertEqual(
            answers,
            {
                (new.id, "battery"): "free",
                (new.id, "frame"): "free",
                (new.id, "header"): "free",
                (old.id, "battery"): "chargeable",
                (old.id, "frame"): "free",
                (old.id, "header"): "chargeable",
            },
        )
        self.assertEqual(self.env["stock.lot"]._decide_cover([]), {})

    def test_technician_gets_the_same_answer(self):
        """G4: who asks makes no difference, not even who may not read cards."""
        machine = self.card().lot_id
        for role in ("technician", "parts_keeper", "clerk"):
            mine = machine.with_user(self.users[role])
            self.assertEqual(self.decide_fault(mine).outcome, "free")

    # -- the form ------------------------------------------------------------------------------

    def test_clerk_asks_on_the_telephone(self):
        """G4.3: the answer is shown with its reasons and kept on the machine."""
        machine = self.card(invoice_date=self.today - 95 * DAY).lot_id
        for role in ("clerk", "technician", "parts_keeper"):
            mine = machine.with_user(self.users[role])
            action = mine.action_check_cover()
            checks = self.env["jinxing.cover.check"].with_user(self.users[role])
            form = Form(checks.with_context(**action["context"]))
            form.component_id = self.component("battery")
            check = form.save()
            check.action_decide()
            self.assertEqual(check.outcome, "chargeable")
            self.assertEqual(check.outcome_label, "Chargeable")
            self.assertIn("3 months", check.explanation)
        self.assertEqual(len(machine.decision_ids), 1, "the same answer is kept once")
        why = self.env["jinxing.decision"].browse(machine.action_why()["res_id"])
        self.assertEqual(why.kind_label, "Is it free?")
        self.assertIn(why, self.env["jinxing.clause"]._by_codes(["G4.3"]).decision_ids)

    def test_ground_without_evidence_in_the_form(self):
        """G5.1: an empty line is no ground, a filled one is."""
        machine = self.card().lot_id
        check = self.env["jinxing.cover.check"].create(
            {"lot_id": machine.id, "misuse": "Oil never changed, photo 2"}
        )
        check.action_decide()
        self.assertEqual(check.decision_id.clause_codes[0], "G5.1")
        self.assertIn("Oil never changed", check.explanation)

    def test_fault_of_tomorrow(self):
        """G4: a fault that has not happened is not decided."""
        check = self.env["jinxing.cover.check"].create(
            {"lot_id": self.card().lot_id.id, "fault_date": self.today + DAY}
        )
        with self.refused("future"):
            check.action_decide()

    def test_who_may_not_ask(self):
        """G4: nobody without a role, nobody about another's question."""
        machine = self.card().lot_id
        with self.assertRaises(AccessError):
            self.env["jinxing.cover.check"].with_user(self.users["nobody"]).create(
                {"lot_id": machine.id}
            )
        check = self.env["jinxing.cover.check"].with_user(self.users["clerk"]).create(
            {"lot_id": machine.id}
        )
        with self.assertRaises(AccessError):
            check.with_user(self.users["technician"]).read(["fault_date"])

    def test_explained_in_chinese(self):
        """G4: the reader's language, whoever decided."""
        self.chinese()
        card = self.card()
        why = card.decision_ids.with_context(lang="zh_CN")
        self.assertIn("整机", why.explanation)
        self.assertNotIn("covered until", why.explanation)
