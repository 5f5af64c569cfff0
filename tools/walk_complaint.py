"""Walk a complaint through its nine steps in a browser, each person at his own screen.

python -m tools.walk_complaint [--keep]     a fresh database, from the call to the archive file

The clerk takes the call, the manager decides on the sum, the customer agrees on his phone, the
supervisor names who answers and sets the countermeasure; then the manager looks at his figures.
The pictures go to docs/screenshots/complaint-*.png. Anything a person would have waited for in
vain ends the walk with an error.
"""

import argparse
import json
import re
import sys
from datetime import date, datetime, timedelta

from . import dev, settings, walk
from .browser import Browser, BrowserError
from .fetch import SetupError

NAME = "walk_complaint"
PHONE = {"size": (390, 844), "mobile": True}
CUSTOMER = "赵永红"


class Person(walk.Person):
    """One person in his own browser, on the complaint's pages."""

    def shot(self, name: str, whole: bool = False) -> None:
        """Take a picture for docs/."""
        self.browser.shot(walk.SHOTS / f"complaint-{name}.png", whole)
        print(f"  {name}", flush=True)

    def step(self, name: str) -> None:
        """Wait until the complaint stands in that step."""
        self.browser.wait(f".o_statusbar_status .o_arrow_button_current[data-value='{name}']")
        self.browser.settle()

    def open_line(self, field: str) -> None:
        """Open a new line of a list of the form."""
        self.browser.click(f".o_field_widget[name='{field}'] .o_field_x2many_list_row_add a")
        self.browser.settle()

    def pick_selection(self, field: str, text: str, within: str = "") -> None:
        """Choose from a selection."""
        selector = f"{within} .o_field_widget[name='{field}'] input"
        self.browser.click(selector)
        self.browser.click(".o_select_menu_item", text)
        self.browser.settle()

    def call(self, model: str, method: str, record: int) -> dict:
        """Return what a button's method answers to this person."""
        body = json.dumps(
            {"jsonrpc": "2.0", "method": "call", "id": 1,
             "params": {"model": model, "method": method, "args": [[record]], "kwargs": {}}}
        )
        return self.browser.run(
            f"""fetch("/web/dataset/call_kw/{model}/{method}", {{method: "POST",
                headers: {{"Content-Type": "application/json"}}, body: {json.dumps(body)}}})
                .then(answer => answer.json()).then(answer => answer.result || {{}})"""
        )

    def fetch(self, path: str) -> bytes:
        """Return what the server answers to this person, as bytes."""
        found = self.browser.run(
            f"""fetch({json.dumps(path)}).then(answer => answer.arrayBuffer()).then(buffer =>
                Array.from(new Uint8Array(buffer)))"""
        )
        return bytes(found)


def moment(days: int) -> str:
    """Return a moment so many days ahead, as a Chinese user types it."""
    return (datetime.now() + timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")


def day(days: int) -> str:
    """Return a day so many days ahead, as a Chinese user types it."""
    return (date.today() + timedelta(days=days)).isoformat()


def take(base: str) -> str:
    """1 to 5. The clerk records, judges, promises, investigates and proposes; it goes up."""
    with Person(base, "clerk") as clerk:
        clerk.go("/odoo/action-jinxing_complaint.contact_action", ".o_list_view")
        clerk.shot("0-clerk-due")
        clerk.go("/odoo/complaints", ".o_kanban_view")
        clerk.shot("0-kanban")
        clerk.go("/odoo/complaints/new", ".o_form_view")
        clerk.choose("partner_id", CUSTOMER)
        clerk.fill("caller_phone", "13880123456")
        clerk.choose("category_id", "质量")
        clerk.fill("fault_description", "割台搅龙第三天断裂，停机一天半，要求更换并赔偿误工。")
        clerk.save()
        clerk.shot("1-record")
        clerk.press("action_record")
        clerk.step("judge")
        path = clerk.browser.run("location.pathname")
        clerk.tab("judge")
        clerk.choose("nature_id", "质量")
        clerk.fill("judgement", "购机第三天，在三包期内；照片显示叶片焊缝未熔合，属产品质量问题。")
        clerk.save()
        clerk.shot("2-judge")
        clerk.press("action_establish")
        clerk.step("promise")
        clerk.tab("promise")
        clerk.fill("company_duties", "免费更换搅龙总成，补偿误工损失。")
        clerk.fill("customer_duties", "保留断裂的搅龙，配合试车。")
        clerk.open_line("promise_ids")
        clerk.browser.type(".o_selected_row [name='name'] input", "更换搅龙总成")
        clerk.browser.type(".o_selected_row [name='deadline'] input", moment(2))
        clerk.save()
        clerk.shot("3-promise")
        clerk.press("action_promise")
        clerk.step("investigate")
        clerk.tab("investigate")
        clerk.choose("department_ids", "总装")
        clerk.choose("cause_id", "装配")
        clerk.fill("evidence_note", "断口切片记录一份，现场照片三张。")
        clerk.fill("findings", "叶片焊缝根部未焊透；该班次焊后未做敲击检查。")
        clerk.save()
        clerk.shot("4-investigate")
        clerk.press("action_investigate")
        clerk.step("propose")
        clerk.tab("propose")
        clerk.fill("proposal", "一、免费更换搅龙总成；二、补偿误工损失 3000 元。")
        clerk.choose("remedy_id", "补偿")
        clerk.fill("proposal_amount", "3000")
        clerk.save()
        clerk.press("action_propose", ".modal .o_field_widget[name=reason]")
        clerk.browser.type(
            ".modal .o_field_widget[name=reason] textarea, .modal [name=reason] input",
            "客户停机一天半，按当地代收价核算，超出客服权限。",
        )
        clerk.shot("5-over-authority")
        clerk.browser.click(".modal button[name=action_confirm]")
        clerk.browser.wait(".o_form_view .alert-info")
        clerk.shot("5-superior-asked")
    return path


def decide(base: str, path: str) -> None:
    """5. The supervisor may not decide on so much; the manager does."""
    with Person(base, "supervisor") as chief:
        chief.go("/odoo/complaints-due", ".o_list_view .o_data_row")
        chief.shot("5-supervisor-due")
        chief.go(path, ".o_form_view")
        chief.press("action_approve", ".modal, .o_notification")
        chief.shot("5-over-the-supervisor")
    with Person(base, "manager") as boss:
        boss.go(path, ".o_form_view")
        boss.press("action_approve")
        boss.step("consent")
        boss.press("action_why", ".o_list_view, .o_form_view")
        boss.shot("5-why")


def consent(base: str, number: str) -> None:
    """6. The customer reads the proposal on his phone and agrees."""
    with Person(base, "customer", path="/my", **PHONE) as customer:
        customer.go(f"/my/complaint/{number}", "button[name=agree]")
        customer.shot("6-portal-phone", whole=True)
        customer.browser.click("button[name=agree]")
        customer.browser.wait("[data-answer]")
        customer.shot("6-agreed-phone", whole=True)
    with Person(base, "dealer", path="/my") as other:
        other.go(f"/my/complaint/{number}", "body")
        if "搅龙" in other.browser.run("document.body.innerText"):
            raise BrowserError("another customer reads the complaint")


def finish(base: str, path: str) -> None:
    """7 to 9. Who answers, what changes, and the file."""
    with Person(base, "supervisor") as chief:
        chief.go(path, ".o_form_view")
        chief.tab("liability")
        chief.open_line("penalty_ids")
        chief.browser.click(".modal .o_field_widget[name=employee_id] input")
        chief.browser.click(".o-autocomplete--dropdown-item a", "孙志刚")
        chief.browser.type(".modal .o_field_widget[name=what] textarea", "焊后未做敲击检查")
        chief.pick_selection("measure", "书面警告", ".modal")
        chief.shot("7-penalty")
        chief.browser.click(".modal .o_form_button_save")
        chief.save()
        chief.press("action_assign_liability")
        chief.step("countermeasure")
        chief.tab("countermeasure")
        chief.open_line("countermeasure_ids")
        chief.browser.type(".modal .o_field_widget[name=name] input, .modal "
                           ".o_field_widget[name=name] textarea", "搅龙焊缝逐件敲击检查并记录")
        chief.browser.type(".modal .o_field_widget[name=date_deadline] input", day(14))
        chief.browser.type(".modal .o_field_widget[name=effect_due] input", day(60))
        chief.shot("8-countermeasure")
        chief.browser.click(".modal .o_form_button_save")
        chief.save()
        chief.press("action_set_countermeasure")
        chief.step("archive")
        chief.tab("promise")
        chief.browser.click("button[name=action_done]")
        chief.browser.settle()
        chief.tab("archive")
        chief.fill("summary", "焊后检查缺失导致断裂；已改为逐件敲击检查。")
        chief.pick_selection("satisfaction", "满意")
        chief.save()
        chief.shot("9-archive")
        chief.press("action_archive_complaint")
        chief.step("closed")
        chief.tab("log")
        chief.shot("9-closed")
        number = path.rsplit("/", 1)[1]
        content = chief.fetch(f"/web/content/helpdesk.ticket/{number}/archive_file")
        if not content.startswith(b"%PDF"):
            raise BrowserError(f"the archive file is no PDF: {content[:200]!r}")
        (settings.VAR / "complaint-file.pdf").write_bytes(content)


def figures(base: str) -> None:
    """The manager's dashboard, what lies behind a box, and the month on paper."""
    with Person(base, "manager") as boss:
        boss.go("/odoo/service-dashboard", ".jx_tile[data-box='contacts'] .jx_value")
        boss.browser.click("[data-period='twelve_months']")
        boss.browser.wait("[data-period='twelve_months'].active")
        boss.shot("dashboard")
        boss.browser.run("document.querySelector('.o_content').scrollTo(0, 700)")
        boss.shot("dashboard-2")
        boss.browser.click(".jx_tile[data-box='cost']")
        boss.browser.wait(".o_pivot")
        boss.shot("dashboard-cost")
        boss.go("/odoo/appraisal", ".o_pivot")
        boss.shot("appraisal")
        boss.go("/odoo/monthly-reports/new", ".o_form_view")
        boss.browser.click(".o_field_widget[name=month] :is(button, input)")
        boss.browser.click(".o_datetime_picker .o_next")
        boss.browser.click(".o_datetime_picker .o_date_item_cell.o_today")
        boss.save()
        boss.browser.wait("button[name=action_print]:not([disabled])")
        boss.shot("month")
        number = boss.browser.run("location.pathname").rsplit("/", 1)[1]
        content = boss.fetch(f"/report/pdf/jinxing_complaint.report_monthly/{number}")
        if not content.startswith(b"%PDF"):
            raise BrowserError(f"the monthly report is no PDF: {content[:200]!r}")
        (settings.VAR / "monthly-report.pdf").write_bytes(content)


def follow_up(base: str) -> None:
    """M27, O20. The call list with its questionnaire, and the public form on a phone."""
    with Person(base, "clerk") as clerk:
        clerk.go("/odoo/call-list", ".o_list_view, .o_view_nocontent")
        clerk.browser.run(
            "document.querySelector('.o_searchview_facet .o_facet_remove')?.click()"
        )
        clerk.browser.wait(".o_data_row")
        clerk.shot("call-list")
        clerk.browser.click(".o_data_row .o_data_cell[name=partner_id]")
        clerk.browser.wait(".o_form_view")
        number = clerk.browser.run("location.pathname").rsplit("/", 1)[1]
        # The button opens a tab, which this browser does not follow; so ask what it opens.
        url = clerk.call("jinxing.follow.up", "action_call", int(number)).get("url", "")
        if not url:
            raise BrowserError("the call opened no questionnaire")
        path = re.sub(r"^https?://[^/]+", "", url)
        clerk.go(path, "form")
        clerk.shot("survey")
        clerk.browser.click("button[type=submit]")
        clerk.browser.wait(".o_survey_form .js_question-wrapper, .js_question-wrapper")
        clerk.shot("survey-questions", whole=True)
    with Browser(**PHONE) as phone:
        phone.go(base + "/service/contact", "form")
        phone.shot(walk.SHOTS / "complaint-contact-form-phone.png", whole=True)


def main() -> int:
    """Make a database, walk, and drop it unless told to keep it."""
    parser = argparse.ArgumentParser(prog="python -m tools.walk_complaint")
    parser.add_argument("--keep", action="store_true", help="keep the database")
    parser.add_argument("--on", help="walk on this database instead of a fresh one")
    options = parser.parse_args()
    settings.VAR.mkdir(exist_ok=True)
    walk.SHOTS.mkdir(parents=True, exist_ok=True)
    name = options.on or NAME
    try:
        with dev.CLUSTER.hold(keep=True):
            if not options.on:
                print("Making a database with the demo company", flush=True)
                dev.install(name, "jinxing_complaint", True)
            with walk.served(dev.CLUSTER, name) as base:
                path = take(base)
                decide(base, path)
                consent(base, path.rsplit("/", 1)[1])
                finish(base, path)
                figures(base)
                follow_up(base)
            if not (options.keep or options.on):
                dev.CLUSTER.drop(name)
    except (SetupError, BrowserError) as error:
        print(f"\nwalk stopped: {error}", file=sys.stderr)
        return 1
    print(f"Pictures: {walk.SHOTS.relative_to(settings.ROOT)}/complaint-*.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
