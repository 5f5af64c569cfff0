import json

from odoo.tests import TransactionCase, tagged

from .common import RepairData
from .common_onsite import OnsiteData
from .test_onsite_browser import OnsiteBrowserCase

#: What the phone keeps lies in its database; the page writes it a quarter of a second later.
WRITTEN = "await new Promise((resolve) => setTimeout(resolve, 600));"
VALUE = "document.querySelector(`{form} [name={name}]`)?.value"


@tagged("post_install", "-at_install")
class TestOnsiteDrafts(OnsiteBrowserCase):
    """Point 5: a kept draft never overwrites in silence what somebody else wrote meanwhile."""

    def reopen(self, browser, order):
        """Leave the page and open it again, as the day after."""
        browser.navigate_to("about:blank", wait_stop=True)
        self.open(browser, f"/my/jobs/{order.id}")

    def sent(self, browser, operation):
        """Return what the phone has for the office of this kind, the last one."""
        return browser.run(
            f"""
            const {{ values, base, state }} = odoo.onsite.outbox.entries
                .filter((entry) => entry.operation === "{operation}").at(-1);
            return {{ values, base, state }};
            """
        )

    def test_note_conflict_and_untouched_field(self):
        """N9: what the office wrote in the other field stays, in the same one both are shown."""
        order = self.at_work()
        clerk = order.with_user(self.users["clerk"])
        clerk.write({"explanation": "E0", "precautions": "P0"})
        form = "[data-form=note]"
        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                self.kept(browser)
                browser.run(f'await hands.type("{form} [name=explanation]", "Typed"); {WRITTEN}')
            self.assertEqual(
                browser.run(f"return odoo.onsite.draft('{order.id}-note')"),
                {"values": {"explanation": "Typed"}, "base": {"explanation": "E0"}, "old": {}},
            )
            clerk.write({"explanation": "E1 office", "precautions": "P1 office"})
            with self.talking(browser):
                self.reopen(browser, order)
                browser.run(
                    f"""
                    await hands.until(() => {VALUE.format(form=form, name="precautions")}
                        === "P1 office", "what the office wrote");
                    const typed = {VALUE.format(form=form, name="explanation")};
                    if (typed !== "Typed") throw new Error(`the draft is gone: ${{typed}}`);
                    await hands.see("[data-meanwhile=explanation] .jo-yours", "Typed");
                    await hands.see("[data-meanwhile=explanation] .jo-theirs", "E1 office");
                    if (hands.find("[data-meanwhile=precautions]")) throw new Error("untouched");
                    await hands.tap("{form} [data-do=save]");
                    await hands.see(".jo-entry-conflict .jo-yours", "Typed");
                    await hands.see(".jo-entry-conflict .jo-theirs", "E1 office");
                    """
                )
            self.assertEqual(
                self.sent(browser, "note"),
                {"values": {"explanation": "Typed"}, "base": {"explanation": "E0"},
                 "state": "conflict"},
            )
            self.assertEqual(
                (order.explanation, order.precautions), ("E1 office", "P1 office")
            )
            with self.talking(browser):
                browser.run(
                    f"""
                    await hands.tap("[data-do=mine]");
                    await hands.tap("[data-do=close]");
                    await hands.see("[data-do=outbox]", "All sent");
                    await hands.until(() => {VALUE.format(form=form, name="explanation")}
                        === "Typed", "his own text");
                    """
                )
            self.assertEqual((order.explanation, order.precautions), ("Typed", "P1 office"))
            self.assertIsNone(browser.run(f"return odoo.onsite.draft('{order.id}-note') || null"))

    def test_fault_draft_keeps_what_the_office_wrote(self):
        """G1.2: only the field he typed into is sent, with what it showed when he began."""
        order = self.at_work()
        fault = self.add_fault(order)
        key = f"{order.id}-fault-{fault.id}"
        form = "[data-form=fault]"
        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                self.kept(browser)
                browser.run(
                    f"""
                    await hands.tap(".jo-fault [data-do=edit]");
                    await hands.type("{form} [name=cause]", "Plates worn");
                    {WRITTEN}
                    """
                )
            fault.with_user(self.users["clerk"]).write(
                {"symptom": "Says the office", "result": "Looked at"}
            )
            with self.talking(browser):
                self.reopen(browser, order)
                browser.run(
                    f"""
                    await hands.until(() => {VALUE.format(form=form, name="symptom")}
                        === "Says the office", "what the office wrote");
                    if (hands.find(".jo-meanwhile")) throw new Error("nothing to decide");
                    await hands.tap("{form} [data-do=save]");
                    await hands.gone("{form}");
                    await hands.see(".jo-fault", "Plates worn");
                    """
                )
            self.assertEqual(
                self.sent(browser, "fault_write"),
                {"values": {"fault": fault.id, "cause": "Plates worn"}, "base": {"cause": ""},
                 "state": "sent"},
            )
            self.assertEqual(
                (fault.symptom, fault.cause, fault.result),
                ("Says the office", "Plates worn", "Looked at"),
            )
            self.assertIsNone(browser.run(f"return odoo.onsite.draft('{key}') || null"))

    def test_draft_of_an_unsent_fault(self):
        """What is typed into a fault that is being sent is there when it has its number."""
        order = self.at_work()
        form = "[data-form=fault]"
        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                self.kept(browser)
            browser.network(False)
            browser.run(
                f"""
                await hands.tap("[data-do=fault_add]");
                await hands.choose("{form} [name=component_id]", "{self.battery.name}");
                await hands.tap("{form} [data-do=save]");
                await hands.tap(".jo-fault [data-do=edit]");
                await hands.type("{form} [name=cause]", "Half a sen");
                {WRITTEN}
                """
            )
            with self.talking(browser):
                browser.network(True)
                browser.run(
                    f"""
                    await odoo.onsite.wake();
                    await hands.see("[data-do=outbox]", "All sent");
                    await hands.see(".jo-fault [data-cover]");
                    await hands.until(() => {VALUE.format(form=form, name="cause")}
                        === "Half a sen", "the draft");
                    await hands.tap("{form} [data-do=save]");
                    await hands.see(".jo-fault", "Half a sen");
                    """
                )
            self.assertEqual(order.fault_ids.cause, "Half a sen")

    def test_draft_of_before(self):
        """A draft of before (the whole form) is shown beside the order, and sends nothing."""
        order = self.at_work()
        clerk = order.with_user(self.users["clerk"])
        clerk.write({"explanation": "E1 office", "precautions": "P1 office"})
        old = {"key": f"{order.id}-note", "at": 1,
               "values": {"explanation": "Typed before", "precautions": "P0"}}
        form = "[data-form=note]"
        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                self.kept(browser)
                browser.run(f"await odoo.onsite.db.put('drafts', {json.dumps(old)})")
                self.reopen(browser, order)
                browser.run(
                    f"""
                    await hands.see("[data-meanwhile=explanation] .jo-yours", "Typed before");
                    await hands.see("[data-meanwhile=explanation] .jo-theirs", "E1 office");
                    await hands.see("[data-meanwhile=precautions] .jo-yours", "P0");
                    const shown = {VALUE.format(form=form, name="precautions")};
                    if (shown !== "P1 office") throw new Error(`not the order: ${{shown}}`);
                    if (!hands.find("{form} [data-do=save]").disabled) throw new Error("to send?");
                    await hands.tap("[data-meanwhile=precautions] [data-do=keep_theirs]");
                    await hands.gone("[data-meanwhile=precautions]");
                    {WRITTEN}
                    """
                )
                # What is undecided is there the next time too.
                self.reopen(browser, order)
                browser.run(
                    f"""
                    await hands.see("[data-meanwhile=explanation]");
                    if (hands.find("[data-meanwhile=precautions]")) throw new Error("decided");
                    await hands.tap("[data-meanwhile=explanation] [data-do=use_mine]");
                    await hands.gone(".jo-meanwhile");
                    await hands.tap("{form} [data-do=save]");
                    await hands.see("[data-do=outbox]", "All sent");
                    await hands.gone("{form}", "Draft, kept on the phone");
                    """
                )
            self.assertEqual(
                self.sent(browser, "note")["base"], {"explanation": "E1 office"}
            )
            self.assertEqual(
                (order.explanation, order.precautions), ("Typed before", "P1 office")
            )

    def test_assessment_made_meanwhile(self):
        """S8.2: a drafted assessment does not take the place of the office's unseen; what was
        assessed goes into the first fault."""
        order = self.given()
        order.with_user(self.users["technician"]).action_accept()
        form = "[data-form=preliminary]"
        clerk = order.with_user(self.users["clerk"])
        battery = {"component_id": self.battery.id, "severity": "can_wait"}
        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                self.kept(browser)
                browser.run(
                    f"""
                    await hands.tap("[data-do=assess-change]");
                    await hands.type("{form} [name=advice]", "Half a sen");
                    {WRITTEN}
                    """
                )
            clerk.action_assess_preliminary(battery)
            theirs = order.preliminary_id
            with self.talking(browser):
                self.reopen(browser, order)
                browser.run(
                    f"""
                    await hands.until(() => {VALUE.format(form=form, name="advice")}
                        === "Half a sen", "the draft");
                    await hands.until(() => odoo.onsite.state.loadedAt, "the data");
                    await hands.tap("{form} [data-severity=still]");
                    await hands.choose("{form} [name=category_id]", "");
                    const category = [...hands.find("{form} [name=category_id]").options].at(-1);
                    await hands.type("{form} [name=category_id]", category.value);
                    await hands.tap("{form} [data-do=save]");
                    await hands.see(".jo-entry-conflict .jo-theirs", "Can wait");
                    """
                )
            self.assertEqual(order.preliminary_id, theirs)
            self.assertEqual(self.sent(browser, "assess")["base"], {"preliminary_id": False})
            with self.talking(browser):
                browser.run(
                    """
                    await hands.tap("[data-do=theirs]");
                    await hands.tap("[data-do=close]");
                    await hands.see("[data-assessed='1']");
                    """
                )
            with self.talking(browser):
                browser.run(
                    """
                    await hands.tap("[data-do=contact]");
                    await hands.state("contacted");
                    for (const node of [...document.querySelectorAll("#jo-departure [data-check]")])
                    {
                        await hands.tap(`[data-check='${node.dataset.check}']`);
                        await hands.see(`[data-check='${node.dataset.check}'][aria-checked=true]`);
                    }
                    for (const node of [...document.querySelectorAll("#jo-departure [data-bring]")])
                    {
                        await hands.tap(`[data-bring='${node.dataset.bring}'] [data-do=take]`);
                        await hands.see(
                            `[data-bring='${node.dataset.bring}'] [aria-checked=true]`);
                    }
                    await hands.tap("#jo-departure [data-do=depart]");
                    await hands.tap("[data-do=arrive]");
                    await hands.state("on_site");
                    await hands.tap("[data-do=fault_add]");
                    await hands.tap("[data-form=fault] [data-do=save]");
                    await hands.see(".jo-fault [data-cover]");
                    """
                )
        self.assertEqual(order.fault_ids.component_id, self.battery)

    def test_open_form_and_the_page_refreshed(self):
        """A form that stays open while the page takes the office's change overwrites nothing."""
        order = self.at_work()
        fault = self.add_fault(order, self.housing)
        part = self.env["stock.move"].browse(
            self.change(order, "part_add", {"fault": fault.id, "product": self.part_housing.id})
            ["answer"]["id"]
        )
        planned = "document.querySelector('[name=planned]').value"
        clerk = part.with_user(self.users["clerk"])
        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                self.kept(browser)
                browser.run(f"await hands.tap(\"[data-part='{part.id}']\")")
            clerk.product_uom_qty = 3
            with self.talking(browser):
                browser.run(
                    f"""
                    await odoo.onsite.wake();
                    await hands.until(() => {planned} === "3", "the office's quantity");
                    await hands.type("[name=planned]", "4");
                    """
                )
            clerk.product_uom_qty = 5
            with self.talking(browser):
                browser.run(
                    f"""
                    await odoo.onsite.wake();
                    if ({planned} !== "4") throw new Error("what he typed is gone");
                    await hands.tap("[data-do=plan]");
                    await hands.see(".jo-entry-conflict .jo-theirs", "5");
                    """
                )
            self.assertEqual(part.product_uom_qty, 5)


@tagged("post_install", "-at_install")
class TestOnsiteSeen(OnsiteData, RepairData, TransactionCase):
    """What a phone removes or fits is what it showed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.speak_english()

    def test_fault_removed(self):
        """A fault that somebody described meanwhile is not removed unseen."""
        order = self.at_work()
        fault = self.add_fault(order)
        seen = {"component_id": self.battery.id, "symptom": "Empty", "cause": "", "result": ""}
        fault.with_user(self.users["clerk"]).cause = "Cable broken"
        answer = self.change(order, "fault_remove", {"fault": fault.id}, seen, status="conflict")
        self.assertEqual([field["name"] for field in answer["fields"]], ["cause"])
        self.assertTrue(fault.exists())
        self.change(
            order, "fault_remove", {"fault": fault.id}, {**seen, "cause": "Cable broken"}
        )
        self.assertFalse(fault.exists())

    def test_labour_removed(self):
        """A line of labour whose quantity somebody changed meanwhile is not removed unseen."""
        order = self.at_work()
        fault = self.add_fault(order, self.housing)
        answer = self.change(
            order, "labour_add", {"fault": fault.id, "fee_item": self.fee_travel.id, "quantity": 2}
        )
        line = self.env["repair.service"].browse(answer["answer"]["id"])
        line.with_user(self.users["clerk"]).product_uom_qty = 5
        values, base = {"labour": line.id}, {"product_uom_qty": 2}
        self.change(order, "labour_remove", values, base, status="conflict")
        self.change(order, "labour_remove", values, {"product_uom_qty": 5})
        self.assertFalse(line.exists())

    def test_lot_fitted(self):
        """G1.2: of two who say which serial number was fitted, the second sees the first's."""
        part = self.part("Numbered housing", self.housing, 100)
        part.tracking = "serial"
        lots = self.env["stock.lot"].create(
            [{"name": f"HOU-{number}", "product_id": part.id} for number in range(2)]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(part, self.van, 1, lot_id=lot)
        order = self.at_work()
        fault = self.add_fault(order, self.housing)
        answer = self.change(
            order, "part_add", {"fault": fault.id, "product": part.id, "source": self.van.id}
        )
        move = answer["answer"]["id"]
        first, second = ({"part": move, "quantity": 1, "lots": [lot.id]} for lot in lots)
        self.change(order, "part_use", first, {"quantity": 0, "lot_ids": []})
        answer = self.change(
            order, "part_use", second, {"quantity": 0, "lot_ids": []}, status="conflict"
        )
        self.assertEqual([field["theirs"] for field in answer["fields"]], ["HOU-0"])
        self.change(order, "part_use", second, {"quantity": 1, "lot_ids": lots[0].ids})
        self.assertEqual(self.env["stock.move"].browse(move).lot_ids, lots[1])

    def test_blanks_are_no_conflict(self):
        """A text with a blank behind it, saved and changed again without network, is his own."""
        order = self.at_work()
        self.change(order, "note", {"explanation": "First "}, {"explanation": ""})
        self.change(order, "note", {"explanation": "Second"}, {"explanation": "First "})
        self.assertEqual(order.explanation, "Second")
