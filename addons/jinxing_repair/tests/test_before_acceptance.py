from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import SIGNATURE, RepairData
from .common_onsite import OnsiteData
from .test_onsite_browser import OnsiteBrowserCase

WORDS = "has not accepted the price"


class EarlyData(OnsiteData, RepairData):
    """An order with a chargeable battery and a free housing, both with a part."""

    @classmethod
    def planned(cls):
        order = cls.at_work()
        faults = {}
        for component, part in (
            (cls.battery, cls.part_battery), (cls.housing, cls.part_housing),
        ):
            fault = cls.add_fault(order, component)
            answer = cls.change(
                order, "part_add", {"fault": fault.id, "product": part.id, "quantity": 1}
            )
            faults[component] = fault, answer["answer"]["id"]
        return order, faults

    @classmethod
    def accept(cls, order):
        worker = order.with_user(cls.users["technician"])
        worker.action_quote()
        worker.action_accept_quotation(SIGNATURE, "Zhang Defu")


@tagged("post_install", "-at_install")
class TestBeforeAcceptance(EarlyData, TransactionCase):
    """S8.4: the customer accepts the price before the work on what is charged begins."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.speak_english()
        cls.order, faults = cls.planned()
        (cls.charged, cls.part_charged), (cls.free, cls.part_free) = (
            faults[cls.battery], faults[cls.housing],
        )

    def refused(self, operation, values, base):
        answer = self.change(self.order, operation, values, base, status="refused")
        self.assertIn(WORDS, answer["message"])
        self.assertIn("Battery", answer["message"])

    def use(self, part):
        return "part_use", {"part": part, "quantity": 1}, {"quantity": 0}

    def judge(self, fault, **values):
        base = {name: "" for name in values}
        return "fault_write", {"fault": fault.id, **values}, base

    def test_part_used(self):
        """S8.4: a chargeable part is not fitted before; a free one is, and none of it always."""
        move = self.env["stock.move"].browse(self.part_charged)
        self.refused(*self.use(self.part_charged))
        self.assertFalse(move.picked)
        self.change(self.order, *self.use(self.part_free))
        nothing = {"part": self.part_charged, "quantity": 0}
        self.change(self.order, "part_use", nothing, {"quantity": 0})
        self.accept(self.order)
        self.change(self.order, *self.use(self.part_charged))
        self.assertTrue(move.picked)

    def test_quality_and_result(self):
        """S8.4, G1.2: symptom, cause and ground are noted before; quality and work are not."""
        self.refused(*self.judge(self.charged, quality_after="good"))
        self.refused(*self.judge(self.charged, cause="Worn", result="New battery"))
        self.assertFalse(self.charged.cause or self.charged.result or self.charged.quality_after)
        self.change(self.order, *self.judge(self.charged, cause="Worn"))
        self.change(self.order, *self.judge(self.free, quality_after="good", result="Sealed"))
        self.accept(self.order)
        self.change(
            self.order, *self.judge(self.charged, quality_after="good", result="New battery")
        )
        self.assertEqual(self.charged.quality_after, "good")

    def test_quoted_and_refused(self):
        """S8.4: neither the price told nor the price refused is its acceptance."""
        worker = self.order.with_user(self.users["technician"])
        worker.action_quote()
        self.refused(*self.use(self.part_charged))
        worker.action_refuse_quotation("Too dear")
        self.refused(*self.judge(self.charged, quality_after="good"))
        # What the customer does not want is taken off: nothing is to be paid for it.
        base = {"product_uom_qty": 1}
        self.change(self.order, "part_remove", {"part": self.part_charged}, base)
        self.change(self.order, *self.judge(self.charged, quality_after="not_ok"))

    def test_dearer_than_accepted(self):
        """S8.4: a part planned after the acceptance is accepted anew before it is fitted."""
        self.accept(self.order)
        answer = self.change(
            self.order, "part_add",
            {"fault": self.charged.id, "product": self.part_battery.id, "quantity": 2},
        )
        self.refused(*self.use(answer["answer"]["id"]))
        self.refused(*self.judge(self.charged, quality_after="good"))
        self.accept(self.order)
        self.change(self.order, *self.use(answer["answer"]["id"]))

    def test_back_office(self):
        """S8.4: neither clerk nor supervisor says how good it is before, a ground given with it
        included."""
        for user in ("clerk", "supervisor"):
            fault = self.charged.with_user(self.users[user])
            with self.subTest(user), self.assertRaisesRegex(UserError, WORDS):
                fault.quality_after = "good"
            with self.subTest(user), self.assertRaisesRegex(UserError, WORDS):
                self.order.with_user(self.users[user]).write(
                    {"fault_ids": [(1, fault.id, {"quality_after": "usable"})]}
                )
        with self.assertRaises(UserError):
            self.free.with_user(self.users["clerk"]).write(
                {"quality_after": "good", "exclusion": "G5.1", "exclusion_evidence": "Fell"}
            )
        self.charged.with_user(self.users["clerk"]).write({"cause": "Worn", "symptom": "Dead"})
        self.accept(self.order)
        self.charged.with_user(self.users["clerk"]).quality_after = "good"
        self.assertEqual(self.charged.quality_after, "good")


@tagged("post_install", "-at_install")
class TestBeforeAcceptanceBrowser(EarlyData, OnsiteBrowserCase):
    """S8.4 on the phone: the button says why before he taps it."""

    def test_shown_before_he_taps(self):
        """S8.4: disabled with the reason, also for what was added without network."""
        order, faults = self.planned()
        _fault, part = faults[self.battery]
        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                self.kept(browser)
                browser.run(
                    f"""
                    await hands.tap("[data-part='{part}']");
                    await hands.see("[data-form=part_line] [data-early]", "not accepted the price");
                    if (!hands.find("[data-do=use]").disabled) throw new Error("may be used");
                    await hands.tap("[data-form=part_line] [data-do=cancel]");
                    await hands.tap(".jo-cover-chargeable [data-do=edit]");
                    await hands.see("[data-form=fault] [data-early]", "Symptom and cause");
                    for (const node of document.querySelectorAll(
                        "[data-form=fault] [data-quality], [data-form=fault] [name=result]"
                    )) {{
                        if (!node.disabled) throw new Error("may be judged");
                    }}
                    await hands.type("[data-form=fault] [name=cause]", "Worn");
                    await hands.tap("[data-form=fault] [data-do=save]");
                    await hands.gone("[data-form=fault]");
                    await walkPrice("680");
                    await hands.tap("[data-part='{part}']");
                    await hands.tap("[data-do=use]");
                    await hands.see("[data-part='{part}']", "used");
                    """
                )
            self.assertTrue(self.env["stock.move"].browse(part).picked)
            browser.network(False)
            browser.run(
                f"""
                await hands.tap(".jo-cover-chargeable [data-do=part]");
                await hands.tap("[data-form=part] [data-product='{self.part_battery.id}']");
                await hands.tap("[data-form=part] [data-do=save]");
                await hands.tap(".jo-cover-chargeable [data-part]", "Not sent yet");
                await hands.see("[data-form=part_line] [data-early]");
                if (!hands.find("[data-do=use]").disabled) throw new Error("may be used");
                """
            )
            with self.talking(browser):
                browser.network(True)
                browser.run(
                    """
                    await odoo.onsite.wake();
                    await hands.see("[data-do=outbox]", "All sent");
                    """
                )
