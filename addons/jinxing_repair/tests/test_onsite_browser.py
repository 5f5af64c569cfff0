import json
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from odoo import Command
from odoo.tests import tagged
from odoo.tests.common import ChromeBrowser

from .test_onsite_http import OnsiteHttpCase

SCRIPTS = Path(__file__).parents[1] / "static/tests/onsite"
NETWORK = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


class Phone(ChromeBrowser):
    """A browser whose network, that of its workers included, can be taken away."""

    def __init__(self, test):
        self.workers = set()
        super().__init__(test)
        self._handlers["Target.attachedToTarget"] = self._attached
        self._websocket_request("Network.enable")
        self._websocket_request(
            "Target.setAutoAttach",
            params={"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": True},
        )

    def _attached(self, sessionId, targetInfo, **_):  # noqa: N803  names of the protocol
        if targetInfo["type"] == "service_worker":
            self.workers.add(sessionId)

    def network(self, there):
        """Give or take the network of the page and of its service worker."""
        params = {**NETWORK, "offline": not there}
        self._websocket_request("Network.emulateNetworkConditions", params=params)
        for session in self.workers:
            for method, values in (("Network.enable", {}),
                                   ("Network.emulateNetworkConditions", params)):
                message = {"id": next(self._request_id), "method": method, "params": values,
                           "sessionId": session}
                self.ws.send(json.dumps(message))
        time.sleep(0.3)

    def run(self, code, seconds=60):
        """Return what the JavaScript gives; its exceptions are ours."""
        result = self._websocket_request(
            "Runtime.evaluate",
            params={"expression": f"(async () => {{ {code} }})()", "awaitPromise": True,
                    "returnByValue": True, "userGesture": True},
            timeout=seconds,
        )
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise AssertionError(details.get("exception", {}).get("description", details["text"]))
        return result["result"].get("value")


class OnsiteBrowserCase(OnsiteHttpCase):
    """The technician's page on a phone of 390 by 844, with and without network."""

    browser_size = "390x844"
    touch_enabled = True

    @contextmanager
    def phone(self, path, user="technician"):
        """A phone with the page open; requests are let through only inside :meth:`talking`."""
        browser = Phone(self)
        with ExitStack() as stack:
            stack.callback(self._wait_remaining_requests)
            stack.callback(browser.stop)
            with self.talking(browser):
                login = self.users[user].login
                self.authenticate(login, login, browser=browser)
                self.open(browser, path)
            yield browser

    @contextmanager
    def talking(self, browser):
        """Let the phone talk to the server; nothing else uses the database meanwhile."""
        self.env.flush_all()
        self.env.invalidate_all()
        with self.allow_requests(browser=browser):
            yield
            browser.run(
                """
                await hands.until(
                    () => !odoo.onsite.refreshing && !odoo.onsite.outbox.sending, "the line to end"
                );
                """
            )
        self.env.invalidate_all()

    def open(self, browser, path):
        browser.navigate_to(self.base_url() + path, wait_stop=True)
        self.ready(browser)

    def ready(self, browser):
        end = time.monotonic() + 20
        while not browser.run("return !!window.odoo?.onsite"):
            self.assertLess(time.monotonic(), end, "the page did not start")
            time.sleep(0.1)
        for name in ("hands.js", "walk.js"):
            browser.run((SCRIPTS / name).read_text())

    def kept(self, browser):
        """Wait until the worker keeps page and files."""
        browser.run(
            """
            await hands.until(async () => {
                const pages = await caches.open("jinxing-onsite-pages");
                const files = await caches.open("jinxing-onsite-assets");
                return (await pages.match("/my/jobs")) && (await files.keys()).length > 1;
            }, "the page to be kept");
            await hands.until(() => odoo.onsite.state.loadedAt, "the data");
            """
        )


@tagged("post_install", "-at_install")
class TestOnsiteBrowser(OnsiteBrowserCase):
    """S8.2-S8.9: the whole work on the phone, with and without network."""

    def walk(self, user):
        order = self.given(user)
        names = {
            "housing": self.housing.name, "battery": self.battery.name,
            "part_housing": self.part_housing.name, "part_battery": self.part_battery.name,
            "labour": self.fee_battery.name,
        }
        with self.phone(f"/my/jobs/{order.id}", user) as browser, self.talking(browser):
            browser.run("await walkStart()")
            browser.run(f"await walkFaults({json.dumps(names)})")
            browser.run("await walkPrice('710')")
            browser.run("await walkEnd()")
        self.assertEqual(order.service_state, "handed_in")
        self.assertEqual(order.sudo().sale_order_id.amount_total, 710)
        self.assertTrue(order.sudo().signature and order.sudo().acceptance_signature)
        self.assertEqual(set(order.fault_ids.mapped("quality_after")), {"good"})

    def test_walk_of_an_own_technician(self):
        """S8.2-S8.9, G4.2, G4.3, S8.4, N9: from accept to hand-in by thumb, two signatures."""
        self.walk("technician")

    def test_walk_of_a_stations_man(self):
        """G1.1: the same page for a station's man, with parts of his station."""
        self.station.parts_location_id = self.van
        self.walk("station_man")

    def test_what_to_bring_without_network(self):
        """S8.3: things are ticked and left on a phone without network; then he sets out."""
        self.listed_nothing()
        self.electrical_category.usual_component_ids = self.battery
        order = self.given(category_ids=[Command.set(self.electrical_category.ids)])
        line = order.bring_ids
        self.assertEqual(line.product_id, self.part_battery)
        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                browser.run(
                    """
                    await hands.tap("[data-do=next][data-next=accept]");
                    await hands.tap("[data-do=next][data-next=contact]");
                    await hands.state("contacted");
                    """
                )
                self.kept(browser)
            browser.network(False)
            thing = f"[data-bring='{line.id}']"
            browser.run(
                f"""
                await hands.see("{thing}", "Listed for this kind of fault.");
                for (const node of [...document.querySelectorAll("#jo-departure [data-check]")]) {{
                    await hands.tap(`[data-check='${{node.dataset.check}}']`);
                }}
                if (!document.querySelector("[data-do=depart]").disabled) {{
                    throw new Error("he may set out before the battery is taken or left");
                }}
                await hands.tap("{thing} [data-left=on_site]");
                await hands.see("{thing} [data-left=on_site][aria-checked=true]");
                await hands.tap("{thing} [data-do=take]");
                await hands.see("{thing} [data-do=take][aria-checked=true]");
                await hands.tap("#jo-departure [data-do=depart]");
                await hands.see("#jo-departure .jo-ok");
                """
            )
            self.assertFalse(line.taken)
            with self.talking(browser):
                browser.network(True)
                browser.run(
                    """
                    odoo.onsite.wake();
                    await hands.until(
                        () => !odoo.onsite.outbox.unsent().length, "everything to be sent"
                    );
                    """
                )
        self.assertTrue(line.taken)
        self.assertFalse(line.left_reason)
        self.assertEqual(line.noted_by_id, self.users["technician"])
        self.assertTrue(order.visit_ids.departed_at)

    def test_installation(self):
        """S-inst: the same page with the list of an installation, and no fault to be found."""
        order = self.given(kind="installation")
        wanted = order.check_ids.filtered(lambda c: c.phase == "closing").item_id.mapped("name")
        self.assertIn("Operator instructed, manual and card handed over", wanted)
        with self.phone(f"/my/jobs/{order.id}") as browser, self.talking(browser):
            browser.run(
                f"""
                await walkStart();
                await hands.type("[name=explanation]", "Operator instructed");
                await hands.type("[name=precautions]", "Check the oil each day");
                await hands.tap("[data-form=note] [data-do=save]");
                await hands.tap("#jo-finish [data-do=finish]");
                await hands.state("repaired");
                for (const line of {json.dumps(wanted)}) {{
                    await hands.see("#jo-closing [role=checkbox]", line);
                }}
                if (document.querySelector("#jo-sign canvas")) throw new Error("signed too early");
                for (const node of [...document.querySelectorAll("#jo-closing [role=checkbox]")]) {{
                    const mark = node.dataset.check
                        ? `[data-check='${{node.dataset.check}}']` : "[data-do=trial]";
                    await hands.tap(mark);
                    await hands.see(`${{mark}}[aria-checked=true]`);
                }}
                await hands.draw("#jo-sign canvas");
                await hands.tap("#jo-sign [data-do=signed]");
                await hands.state("signed");
                await hands.tap("[data-do=hand_in]");
                await hands.state("handed_in");
                """
            )
        self.assertEqual(order.service_state, "handed_in")
        self.assertEqual(order.visit_ids.outcome, "fixed")

    def test_serial_photo_take_back_and_money(self):
        """S8.3, S8.4, S8.6: part by its number, photo, machine there and back, cash."""
        part = self.part("Numbered battery", self.battery, 100)
        part.tracking = "serial"
        lots = self.env["stock.lot"].create(
            [{"name": f"BAT-{number}", "product_id": part.id} for number in range(2)]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(part, self.van, 1, lot_id=lot)
        order = self.at_work()
        with self.phone(f"/my/jobs/{order.id}") as browser, self.talking(browser):
            browser.run(
                f"""
                await hands.tap("[data-do=take_back]");
                await hands.type("[name=condition]", "Left guard dented");
                await hands.type("[name=accessories]", "Key");
                await hands.draw("[data-form=take_back] canvas");
                await hands.tap("[data-form=take_back] [data-do=signed]");
                await hands.state("taken_back");
                await hands.tap("[data-do=fault_add]");
                await hands.choose("[data-form=fault] [name=component_id]", "{self.battery.name}");
                await hands.type("[data-form=fault] [name=symptom]", "Empty");
                await hands.type("[data-form=fault] [name=cause]", "Plates worn");
                await hands.tap("[data-form=fault] [data-quality=good]");
                await hands.tap("[data-form=fault] [data-do=save]");
                await hands.see(".jo-fault [data-cover]");
                const canvas = document.createElement("canvas");
                canvas.width = canvas.height = 40;
                const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
                const files = new DataTransfer();
                files.items.add(new File([blob], "fault.png", {{ type: "image/png" }}));
                const input = document.querySelector(".jo-fault input[type=file]");
                input.files = files.files;
                input.dispatchEvent(new Event("change", {{ bubbles: true }}));
                await hands.until(() => hands.find(".jo-photos img")?.naturalWidth, "the photo");
                await hands.until(() => !document.querySelector(".jo-unsent"), "the photo sent");
                await hands.tap(".jo-fault [data-do=part]");
                await hands.tap("[data-form=part] [data-product='{part.id}']");
                await hands.tap("[data-form=part] [role=checkbox]", "BAT-1");
                await hands.see("[data-form=part] [aria-checked=true]", "BAT-1");
                await hands.tap("[data-form=part] [data-do=save]");
                await hands.see(".jo-fault [data-part]", "BAT-1");
                await walkPrice("100");
                await hands.type("[name=explanation]", "Battery was worn");
                await hands.type("[name=precautions]", "Charge it in winter");
                await hands.tap("[data-form=note] [data-do=save]");
                await hands.tap("#jo-finish [data-do=finish]");
                await hands.state("repaired");
                await hands.tap("[data-do=reclaimed]");
                await hands.draw("#jo-deliver canvas");
                await hands.tap("#jo-deliver [data-do=signed]");
                await hands.gone("#jo-deliver");
                for (const node of [...document.querySelectorAll("#jo-closing [role=checkbox]")]) {{
                    const mark = node.dataset.check
                        ? `[data-check='${{node.dataset.check}}']` : "[data-do=trial]";
                    await hands.tap(mark);
                    await hands.see(`${{mark}}[aria-checked=true]`);
                }}
                await hands.draw("#jo-sign canvas");
                await hands.tap("#jo-sign [data-do=signed]");
                await hands.state("signed");
                await hands.tap("#jo-collect [data-method=cash]");
                await hands.tap("#jo-collect [data-do=save]");
                await hands.see("#jo-hand_in", "Money collected");
                await hands.tap("[data-do=hand_in]");
                await hands.state("handed_in");
                """,
                seconds=180,
            )
        self.assertEqual(order.service_state, "handed_in")
        self.assertEqual(order.fault_ids.move_ids.lot_ids, lots[1])
        available = self.env["stock.quant"]._get_available_quantity
        self.assertEqual([available(part, self.van, lot_id=lot) for lot in lots], [1, 0])
        self.assertEqual(len(order.fault_ids.evidence_ids), 1)
        self.assertEqual(order.sudo().receipt_ids.state, "returned")
        self.assertEqual(order.sudo().custody_id.amount, 100)

    def test_without_network(self):
        """A draft stays over a reload without network; what is saved is sent once, in order."""
        order = self.at_work()
        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                self.kept(browser)
            browser.network(False)
            browser.run(
                f"""
                await hands.tap("[data-do=fault_add]");
                await hands.choose("[data-form=fault] [name=component_id]", "{self.battery.name}");
                await hands.type("[data-form=fault] [name=symptom]", "Half a senten");
                await new Promise((resolve) => setTimeout(resolve, 600));
                """
            )
            browser._websocket_request("Page.reload")
            time.sleep(1)
            self.ready(browser)
            browser.run(
                """
                await hands.see("[data-form=fault]");
                const kept = document.querySelector("[data-form=fault] [name=symptom]").value;
                if (kept !== "Half a senten") throw new Error(`the draft is gone: ${kept}`);
                await hands.type("[data-form=fault] [name=symptom]", "Battery dead");
                await hands.tap("[data-form=fault] [data-do=save]");
                await hands.see("[data-do=outbox]", "1 saved on the phone");
                await hands.see(".jo-fault", "Battery dead");
                await hands.tap(".jo-fault [data-do=edit]");
                await hands.type("[data-form=fault] [name=cause]", "Plates worn");
                await hands.tap("[data-form=fault] [data-do=save]");
                await hands.type("[name=explanation]", "Explained without network");
                await hands.tap("[data-form=note] [data-do=save]");
                await hands.see("[data-do=outbox]", "3 saved on the phone");
                await hands.tap("[data-do=outbox]");
                await hands.see(".jo-entry-waiting", "Saved on the phone");
                await hands.tap("[data-do=close]");
                """
            )
            self.assertFalse(order.fault_ids)
            with self.talking(browser):
                # The first answer is lost on the way: the change is sent again.
                browser.run(
                    """
                    const real = window.fetch;
                    window.lost = 0;
                    window.fetch = async (url, ...rest) => {
                        const answer = await real(url, ...rest);
                        if (String(url).endsWith("/change") && !window.lost++) {
                            throw new TypeError("network lost");
                        }
                        return answer;
                    };
                    """
                )
                browser.network(True)
                browser.run(
                    """
                    await odoo.onsite.wake();
                    await hands.until(() => window.lost, "the first answer to be lost");
                    await odoo.onsite.wake();
                    await hands.see("[data-do=outbox]", "All sent");
                    await hands.see(".jo-fault [data-cover]");
                    await hands.tap("[data-do=outbox]");
                    await hands.see(".jo-entry-sent", "Sent");
                    """
                )
                self.assertEqual(browser.run("return window.lost"), 4)
            self.assertEqual(order.fault_ids.mapped("symptom"), ["Battery dead"])
            self.assertEqual(order.fault_ids.cause, "Plates worn")
            self.assertEqual(order.explanation, "Explained without network")
            requests = self.env["jinxing.onsite.request"].search([("order_id", "=", order.id)])
            self.assertEqual(len(requests.filtered(lambda r: r.operation == "fault_add")), 1)

    def test_conflict(self):
        """Somebody changes the cause meanwhile: both are shown, and he decides."""
        order = self.at_work()
        fault = self.add_fault(order)

        def edit(cause):
            return f"""
                await hands.tap(".jo-fault [data-do=edit]");
                await hands.type("[data-form=fault] [name=cause]", "{cause}");
                await hands.tap("[data-form=fault] [data-do=save]");
            """

        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                self.kept(browser)
            browser.network(False)
            browser.run(edit("Plates worn"))
            browser.run('await hands.see("[data-do=outbox]", "1 saved on the phone")')
            fault.with_user(self.users["clerk"]).write({"cause": "Fuse"})
            with self.talking(browser):
                browser.network(True)
                browser.run(
                    """
                    await odoo.onsite.wake();
                    await hands.see("[data-do=outbox]", "1 to decide");
                    await hands.tap("[data-do=outbox]");
                    await hands.see(".jo-entry-conflict .jo-yours", "Plates worn");
                    await hands.see(".jo-entry-conflict .jo-theirs", "Fuse");
                    """
                )
            self.assertEqual(fault.cause, "Fuse")
            with self.talking(browser):
                browser.run(
                    """
                    await hands.tap("[data-do=mine]");
                    await hands.tap("[data-do=close]");
                    await hands.see("[data-do=outbox]", "All sent");
                    await hands.see(".jo-fault", "Plates worn");
                    """
                )
            self.assertEqual(fault.cause, "Plates worn")
            browser.network(False)
            browser.run(edit("Third"))
            fault.with_user(self.users["clerk"]).write({"cause": "Cable"})
            with self.talking(browser):
                browser.network(True)
                browser.run(
                    """
                    await odoo.onsite.wake();
                    await hands.tap("[data-do=outbox]");
                    await hands.tap("[data-do=theirs]");
                    await hands.tap("[data-do=close]");
                    await hands.see(".jo-fault", "Cable");
                    """
                )
            self.assertEqual(fault.cause, "Cable")

    def test_refused_without_network(self):
        """What is refused later is told with its reason, is not lost, and holds up no other."""
        order, other = self.at_work(), self.given(machine=self.other_machine)
        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                self.kept(browser)
            browser.network(False)
            browser.run(
                f"""
                await hands.tap("#jo-finish [data-do=finish]");
                await hands.see("[data-do=outbox]", "1 saved on the phone");
                await hands.tap(".jo-back");
                await hands.tap("[data-job='{other.id}'] [data-do=accept]");
                await hands.see("[data-do=outbox]", "2 saved on the phone");
                """
            )
            with self.talking(browser):
                browser.network(True)
                browser.run(
                    """
                    await odoo.onsite.wake();
                    await hands.see("[data-do=outbox]", "1 to decide");
                    await hands.tap("[data-do=outbox]");
                    await hands.see(".jo-entry-refused .jo-problem", "at least one fault");
                    await hands.tap("[data-do=drop]");
                    await hands.gone(".jo-entry-refused");
                    """
                )
            self.assertEqual(order.service_state, "on_site")
            self.assertEqual(other.service_state, "accepted")

    def test_another_user_of_the_phone(self):
        """What is kept of one user does not show to the next on the same phone."""
        order = self.given()
        # read before the pages talk to the server, which shares this test's cursor
        number, login = order.name, self.users["station_man"].login
        with self.phone(f"/my/jobs/{order.id}") as browser:
            with self.talking(browser):
                self.kept(browser)
                self.authenticate(login, login, browser=browser)
                self.open(browser, "/my/jobs")
                browser.run(
                    f"""
                    await hands.until(async () => {{
                        const pages = await caches.open("jinxing-onsite-pages");
                        const shell = await (await pages.match("/my/jobs"))?.text();
                        return shell && !shell.includes("{number}");
                    }}, "the page of the other to be forgotten");
                    """
                )
            browser.network(False)
            browser._websocket_request("Page.reload")
            time.sleep(1)
            self.ready(browser)
            text = browser.run("return document.documentElement.outerHTML")
            self.assertNotIn(number, text)
