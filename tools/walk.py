"""Walk the main way through in a browser, each person at his own screen, and take pictures.

python -m tools.walk [--keep]     a fresh database, from the imported list to the paid invoice

The pictures go to docs/screenshots/walk-*.png; docs/walk.md shows them in order. Anything a
person would have waited for in vain ends the walk with an error.
"""

import argparse
import base64
import json
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from datetime import date

import pypdfium2

from . import dev, runner, settings
from .browser import Browser, BrowserError
from .fetch import SetupError

SHOTS = settings.ROOT / "docs" / "screenshots"
NAME = "walk"
SERIAL = "JY4LZ2403999"


def months_ago(months: int) -> date:
    """Return the day so many months ago, the 28th at the latest."""
    today = date.today()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, 28))


def sold_list() -> str:
    """Return a list of sold machines as a dealer's office keeps it: two good rows, two bad."""
    sold, late = months_ago(20).isoformat(), months_ago(3).isoformat()
    rows = [
        "出厂编号,型号,发动机号,发票号,发票日期,机主,电话,地址,经销商",
        f"{SERIAL},4LZ-4.0,CC4115-99901,25110099,{sold},杨明德,13990211234,"
        "绵阳市三台县刘营镇,绵阳丰收农机有限公司",
        f"JY4LZ2608888,4LZ-4.0,CC4115-99902,26110100,{late},邓秀兰,13890218888,"
        "绵阳市梓潼县文昌镇,绵阳丰收农机有限公司",
        f"JY4LZ2608889,4LZ-9.9,CC4115-99903,26110101,{late},唐小军,13890218889,"
        "绵阳市盐亭县,绵阳丰收农机有限公司",
        f"JY4LZ2608890,4LZ-4.0,CC4115-99904,26110102,{late},何大海,12345,"
        "绵阳市江油市,绵阳丰收农机有限公司",
    ]
    return "\n".join(rows)


class Person:
    """One person in his own browser."""

    def __init__(self, base: str, login: str, size=(1366, 900), mobile=False, path="/odoo"):
        self.base = base
        self.login = login
        self.browser = Browser(size, mobile)
        self.browser.login(base, login, login, path)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if exc[0]:
            with suppress(Exception):
                self.browser.shot(settings.VAR / f"walk-failed-{self.login}.png")
        self.browser.__exit__(*exc)

    def go(self, path: str, wait: str = ".o_content, #wrap, .o_portal") -> None:
        """Open a path of the server."""
        self.browser.go(self.base + path, wait)

    def press(self, name: str, wait: str | None = None) -> None:
        """Press the button of that method name."""
        self.browser.click(f"button[name='{name}']:not([disabled])")
        self.browser.settle()
        if wait:
            self.browser.wait(wait)

    def choose(self, field: str, text: str) -> None:
        """Type into a relational field and take the first proposal."""
        selector = f".o_field_widget[name='{field}'] input"
        self.browser.click(selector)
        self.browser.type(selector, text)
        self.browser.run(
            "document.activeElement.dispatchEvent(new InputEvent('input', {bubbles: true}))"
        )
        self.browser.wait(".o-autocomplete--dropdown-item:not(.o_m2o_no_result) a")
        time.sleep(0.6)
        self.browser.click(".o-autocomplete--dropdown-item a")
        self.browser.settle()

    def fill(self, field: str, text: str) -> None:
        """Type into a plain field of a form."""
        self.browser.type(
            f".o_field_widget[name='{field}'] input, .o_field_widget[name='{field}'] textarea", text
        )

    def tab(self, name: str) -> None:
        """Open a page of the form's notebook."""
        self.browser.click(f".o_notebook a[name='{name}']")
        self.browser.settle()

    def save(self) -> None:
        """Save the form."""
        self.browser.click(".o_form_button_save")
        self.browser.settle()

    def say(self, text: str) -> None:
        """Wait until the page says so."""
        self.browser.wait(f"text={text}")

    def ask(self, model: str, method: str, *args, **kwargs):
        """Call a public method as this person's browser would."""
        call = json.dumps({"model": model, "method": method, "args": args, "kwargs": kwargs})
        answer = self.browser.run(
            f"""fetch("/web/dataset/call_kw", {{
                method: "POST", headers: {{"Content-Type": "application/json"}},
                body: JSON.stringify({{jsonrpc: "2.0", method: "call", params: {call}}}),
            }}).then(answer => answer.json())"""
        )
        if "error" in answer:
            raise BrowserError(answer["error"]["data"]["message"])
        return answer["result"]

    def print(self, report: str, number: int, name: str) -> None:
        """Print a report and take a picture of its first page for docs/."""
        data = self.browser.run(
            f"""fetch("/report/pdf/{report}/{number}").then(answer => answer.blob()).then(
                blob => new Promise(done => {{
                    const reader = new FileReader();
                    reader.onload = () => done(reader.result.split(",")[1]);
                    reader.readAsDataURL(blob);
                }}))"""
        )
        content = base64.b64decode(data)
        if not content.startswith(b"%PDF"):
            raise BrowserError(f"{report} did not print: {content[:300].decode(errors='replace')}")
        page = pypdfium2.PdfDocument(content)[0]
        page.render(scale=1.6).to_pil().convert("P").save(SHOTS / f"walk-{name}.png", optimize=True)
        print(f"  {name}", flush=True)

    def shot(self, name: str, whole: bool = False) -> None:
        """Take a picture for docs/."""
        self.browser.shot(SHOTS / f"walk-{name}.png", whole)
        print(f"  {name}", flush=True)


def upload(person: Person, name: str, content: str) -> None:
    """Put a file into the only upload of the form."""
    data = base64.b64encode(content.encode("utf-8-sig")).decode()
    person.browser.run(
        f"""(() => {{
            const bytes = Uint8Array.from(atob("{data}"), c => c.charCodeAt(0));
            const files = new DataTransfer();
            files.items.add(new File([bytes], {name!r}, {{type: "text/csv"}}));
            const input = document.querySelector(".modal input[type=file], input[type=file]");
            input.files = files.files;
            input.dispatchEvent(new Event("change", {{bubbles: true}}));
        }})()"""
    )
    person.browser.settle()


def import_machines(base: str) -> None:
    """1. The clerk imports the list of sold machines: bad rows are named, good ones are in."""
    with Person(base, "clerk") as clerk:
        clerk.go("/odoo/action-jinxing_warranty.jinxing_card_import_action")
        clerk.browser.wait(".o_field_widget[name=file]")
        upload(clerk, "sold.csv", sold_list())
        clerk.press("action_check", ".o_field_widget[name=line_ids] .o_data_row")
        clerk.shot("1-import-checked")
        clerk.browser.click(".o_field_widget[name=skip_bad] input")
        clerk.press("action_import", ".modal .alert-success")
        clerk.shot("1-import-done")


def register(base: str) -> str:
    """2. A farmer calls: the clerk finds his machine, registers, makes the dispatch order."""
    with Person(base, "clerk") as clerk:
        clerk.go("/odoo/action-jinxing_repair.registration_action/new", ".o_form_view")
        clerk.choose("lot_id", "13990211234")
        clerk.fill("fault_description", "变速箱壳体漏油，电瓶打不着火")
        clerk.choose("category_ids", "变速箱")
        clerk.save()
        clerk.shot("2-registration")
        clerk.press("action_create_dispatch_order")
        clerk.browser.wait(".o_field_widget[name=service_state]")
        clerk.shot("2-dispatch-order")
        number = clerk.browser.run("location.pathname").rsplit("/", 1)[1]
        return f"/odoo/action-jinxing_repair.repair_order_action/{number}"


def review(base: str, path: str) -> None:
    """2. The supervisor approves; a technician whose grade fits is chosen."""
    with Person(base, "supervisor") as boss:
        boss.go(path, ".o_form_view")
        boss.press("action_approve", "button[name=action_assign]")
        boss.shot("3-approved")
        boss.press("action_assign", ".modal .o_field_widget[name=line_ids]")
        boss.fill("reason", "经销商的技术员都在外地")
        boss.shot("3-who-goes")
        boss.browser.run(
            """(() => {
                const row = [...document.querySelectorAll(".modal .o_data_row")].find(
                    r => r.innerText.includes("王建国"));
                row.querySelector("button[name=action_choose]").click();
            })()"""
        )
        boss.browser.settle()
        boss.browser.wait(".o_form_view")
        boss.shot("3-assigned")


def sign_on(browser: Browser, selector: str) -> None:
    """Draw a signature on a pad as a finger does."""
    browser.run(
        f"""(() => {{
            const pad = document.querySelector({selector!r});
            pad.scrollIntoView({{block: "center"}});
            const box = pad.getBoundingClientRect();
            const fire = (kind, x, y) => pad.dispatchEvent(new PointerEvent(kind, {{
                bubbles: true, cancelable: true, pointerId: 1, isPrimary: true,
                pointerType: "touch", pressure: 0.5, button: 0, buttons: 1,
                clientX: box.left + x * box.width, clientY: box.top + y * box.height}}));
            fire("pointerdown", 0.2, 0.3);
            for (const [x, y] of [[0.3, 0.7], [0.4, 0.3], [0.5, 0.7], [0.6, 0.3], [0.8, 0.6]])
                fire("pointermove", x, y);
            fire("pointerup", 0.8, 0.6);
        }})()"""
    )
    time.sleep(0.3)


def pick(browser: Browser, selector: str, text: str) -> None:
    """Choose the option of a select whose text holds ``text``."""
    browser.wait(selector)
    browser.run(
        f"""(() => {{
            const field = document.querySelector({selector!r});
            const option = [...field.options].find(o => o.text.includes({text!r}));
            field.value = option.value;
            field.dispatchEvent(new Event("change", {{bubbles: true}}));
        }})()"""
    )
    time.sleep(0.3)


class Phone(Person):
    """A technician with his phone."""

    def __init__(self, base: str, login: str):
        super().__init__(base, login, (390, 844), True, "/my/jobs")

    def do(self, name: str, within: str = "", wait: str | None = None) -> None:
        """Tap what does ``name``, inside ``within``."""
        self.browser.click(f"{within} [data-do='{name}']:not([disabled])".strip())
        self.browser.settle()
        if wait:
            self.browser.wait(wait)

    def tick_all(self, within: str) -> None:
        """Tick every open line of a checklist."""
        for _line in range(20):
            box = f"{within} .jo-check[aria-checked='false']"
            if not self.browser.run(f"!!document.querySelector({box!r})"):
                return
            self.browser.click(box)
            self.browser.settle()

    def write(self, selector: str, text: str) -> None:
        """Type into a field of the page."""
        self.browser.type(selector, text)
        self.browser.run(
            "document.activeElement.dispatchEvent(new InputEvent('input', {bubbles: true}))"
        )

    def sign(self, within: str, button: str) -> None:
        """Draw the customer's signature and confirm it."""
        self.browser.wait(f"{within} canvas")
        sign_on(self.browser, f"{within} canvas")
        self.do(button, within)

    def fault(self, component: str, symptom: str, cause: str, part: str, fee: str) -> None:
        """Note a fault with its part and its labour."""
        self.do("fault_add", "#jo-faults", "[data-form='fault'] select[name=component_id]")
        pick(self.browser, "[data-form='fault'] select[name=component_id]", component)
        self.write("[data-form='fault'] textarea[name=symptom]", symptom)
        self.write("[data-form='fault'] textarea[name=cause]", cause)
        self.browser.click("[data-form='fault'] [data-quality='good']")
        self.do("save", "[data-form='fault']", f"text={symptom}")
        self.browser.wait(".jo-fault:last-of-type [data-cover]")
        self.repair(part, fee)

    def repair(self, part: str, fee: str) -> None:
        """Add a part and labour to the last fault; what another order has reserved is in hand."""
        card = ".jo-fault:last-of-type"
        self.do("part", card, "[data-form='part'] [data-product], [data-form='part'] [data-do=all]")
        self.browser.click("[data-form='part'] button[data-product]", part)
        self.browser.settle()
        if self.browser.run("!!document.querySelector(\"[data-form='part'] [data-do='beyond']\")"):
            self.do("beyond", "[data-form='part']")
        self.do("save", "[data-form='part']", f"{card} [data-part]")
        self.do("labour", card, "[data-form='labour'] select")
        pick(self.browser, "[data-form='labour'] select", fee)
        self.do("save", "[data-form='labour']", f"{card} [data-labour]")


def on_site(base: str, number: str) -> None:
    """3. On site: one fault is free, one is charged and accepted; the machine is signed off."""
    with Phone(base, "technician") as man:
        man.browser.wait(f"[href*='/my/jobs/{number}'], [data-job='{number}']")
        man.shot("4-jobs")
        man.go(f"/my/jobs/{number}", "#jo-accept")
        man.do("accept", "#jo-accept", "#jo-contact [data-do=contact]")
        man.do("contact", "#jo-contact", "#jo-departure")
        man.tick_all("#jo-departure")
        man.do("depart", "#jo-departure", "#jo-departure .jo-ok")
        man.shot("4-departure", whole=True)
        man.do("arrive", "#jo-arrival", "#jo-faults")
        man.fault("变速箱壳体", "壳体开裂漏油", "铸造缺陷", "变速箱壳体", "变速箱壳体")
        man.fault("电瓶", "电瓶无电", "自然老化", "电瓶", "电瓶")
        man.do("why", ".jo-fault:last-of-type")
        man.shot("4-faults-and-why", whole=True)
        man.do("quote", "#jo-price", "#jo-price canvas")
        man.shot("4-price", whole=True)
        man.sign("#jo-price", "signed")
        man.browser.wait("#jo-price .jo-ok")
        man.write("#jo-result textarea[name=explanation]", "壳体三包免费；电瓶过期收费")
        man.write("#jo-result textarea[name=precautions]", "每班检查齿轮油位，冬季保养电瓶")
        man.do("save", "#jo-result")
        man.do("finish", "#jo-finish", "#jo-closing")
        man.tick_all("#jo-closing")
        man.shot("4-closing", whole=True)
        man.sign("#jo-sign", "signed")
        man.do("hand_in", "#jo-hand_in", "#jo-hand_in .jo-facts")
        man.shot("4-handed-in", whole=True)


def close(base: str, path: str) -> None:
    """4. The supervisor assesses and closes."""
    with Person(base, "supervisor") as boss:
        boss.go(path, ".o_form_view")
        boss.shot("5-handed-in")
        boss.press("action_open_decisions", ".o_list_view, .o_form_view")
        boss.shot("5-why")
        boss.go(path, ".o_form_view")
        boss.press("action_close", ".modal .o_field_widget[name=quality_score]")
        boss.press("action_confirm")
        boss.browser.wait(".o_form_view")
        boss.shot("5-closed")


def invoice(base: str) -> None:
    """4. Finance invoices the battery, posts, and registers the payment."""
    with Person(base, "finance") as money:
        money.go("/odoo/action-jinxing_repair.repair_order_action_invoice", ".o_list_view")
        money.shot("6-to-invoice")
        money.browser.run(
            f"""[...document.querySelectorAll(".o_data_row")].find(
                row => row.innerText.includes("{SERIAL}"))
                .querySelector(".o_data_cell[name=name]").click()"""
        )
        money.browser.wait(".o_form_view")
        money.press("action_invoice", "button[name=action_register_payment]")
        money.shot("6-invoice")
        money.press("action_register_payment", ".modal button[name=action_create_payments]")
        money.press("action_create_payments")
        money.browser.wait(".o_form_view")
        money.shot("6-paid")


def dealer(base: str, number: str) -> None:
    """5. The dealer sees his machines and the order; another dealer sees nothing of it."""
    with Person(base, "dealer", path="/my/machines") as seller:
        seller.say(SERIAL)
        seller.shot("7-dealer-machines")
        seller.go("/my/dispatch")
        seller.shot("7-dealer-orders")
        seller.go(f"/my/dispatch/{number}")
        seller.shot("7-dealer-order", whole=True)
    with Person(base, "dealer2", path="/my/machines") as other:
        text = other.browser.run("document.body.innerText")
        if SERIAL in text:
            raise BrowserError("another dealer sees the machine")
        other.go(f"/my/dispatch/{number}", "body")
        text = other.browser.run("document.body.innerText")
        if "壳体" in text or SERIAL in text:
            raise BrowserError("another dealer sees the order")
        other.shot("7-other-dealer")


def on_paper(base: str, number: str) -> None:
    """6. Warranty card, dispatch order and invoice on paper."""
    with Person(base, "clerk") as clerk:
        cards = clerk.ask("jinxing.warranty.card", "search", [["serial", "=", SERIAL]])
        clerk.print("jinxing_warranty.report_card", cards[0], "8-card")
        clerk.print("jinxing_repair.report_dispatch_order", int(number), "8-dispatch-order")
    with Person(base, "finance") as money:
        order = money.ask("repair.order", "read", [int(number)], ["sale_order_id"])[0]
        sale = money.ask("sale.order", "read", [order["sale_order_id"][0]], ["invoice_ids"])[0]
        money.print("account.report_invoice_with_payments", sale["invoice_ids"][0], "8-invoice")


@contextmanager
def served(cluster, database: str):
    """Serve ``database`` while the walk goes on; yield its address."""
    port = runner.free_port()
    log = settings.VAR / "log" / f"{database}-server.log"
    cluster.psql(
        "insert into ir_config_parameter (key, value) values"
        f" ('report.url', 'http://127.0.0.1:{port}')"
        " on conflict (key) do update set value = excluded.value",
        database=database,
    )
    with log.open("w", encoding="utf-8") as stream:
        server = subprocess.Popen(
            runner.command(
                cluster,
                *("-d", database, f"--db-filter=^{database}$", f"--http-port={port}"),
                *(f"--gevent-port={runner.free_port()}", "--max-cron-threads=0"),
            ),
            env=runner.environment(cluster),
            cwd=settings.VAR,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    base = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            with suppress(OSError), urllib.request.urlopen(f"{base}/web/health", timeout=5):
                break
            time.sleep(0.5)
        yield base
    finally:
        server.terminate()
        server.wait(30)


def walk(base: str) -> None:
    """Walk the whole way."""
    import_machines(base)
    path = register(base)
    number = path.rsplit("/", 1)[1]
    review(base, path)
    on_site(base, number)
    close(base, path)
    invoice(base)
    dealer(base, number)
    on_paper(base, number)


def main() -> int:
    """Make a database, walk, and drop it unless told to keep it."""
    parser = argparse.ArgumentParser(prog="script/walk")
    parser.add_argument("--keep", action="store_true", help="keep the database")
    options = parser.parse_args()
    settings.VAR.mkdir(exist_ok=True)
    SHOTS.mkdir(parents=True, exist_ok=True)
    try:
        with dev.CLUSTER.hold(keep=True):
            print("Making a database with the demo company", flush=True)
            dev.install(NAME, ",".join(settings.our_addons()), True)
            with served(dev.CLUSTER, NAME) as base:
                walk(base)
            if not options.keep:
                dev.CLUSTER.drop(NAME)
    except (SetupError, BrowserError) as error:
        print(f"\nwalk stopped: {error}", file=sys.stderr)
        return 1
    print(f"Pictures: {SHOTS.relative_to(settings.ROOT)}/walk-*.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
