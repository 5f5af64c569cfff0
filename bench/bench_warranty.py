"""Machines, warranty cards, cover

The paper archive of 10,000 rows comes in by the clerk's form; a thousand cards are registered and
activated at once; a machine is looked for while typing; ten thousand faults are decided.
"""

# ruff: noqa: F821
import base64
import io
import resource
from datetime import date, timedelta

import openpyxl

LIST = 10_000
clerk_env = env(
    user=env["res.users"]
    .create(
        {
            "name": "Bench clerk",
            "login": "bench_clerk",
            "group_ids": [(6, 0, env.ref("jinxing_base.group_clerk").ids)],
        }
    )
    .id,
    su=False,
    context=user_env.context,
)
Card, Lot = clerk_env["jinxing.warranty.card"], clerk_env["stock.lot"]
model = env["product.product"].search([("default_code", "=", "BENCH-4LZ-0")])
dealer = env["res.partner"].search([("name", "=", "测试经销商 0")])
sold = env["stock.lot"].search([("name", "=like", "JYB%"), ("card_id", "!=", False)], limit=LIST)


def memory():
    """Return the most memory this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sheet(bad=0):
    """Return a list of sold machines, the first ``bad`` rows without a usable telephone number."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    page.append(
        "出厂编号 型号 发动机号 三包凭证号 发票号 发票日期 机主 电话 地址 经销商 出厂日期".split()
    )
    for number in range(LIST):
        page.append(
            [
                f"IMP{number:06d}",
                "BENCH-4LZ-0",
                f"IME{number:06d}",
                None if number % 2 else f"IMC{number:06d}",
                f"{number:08d}",
                date(2024, 5, 4) + timedelta(days=number % 300),
                f"机主{number}",
                "12" if number < bad else f"137{number:08d}",
                f"绵阳市三台县芦溪镇 {number} 号",
                dealer.name,
                date(2024, 4, 1),
            ]
        )
    output = io.BytesIO()
    book.save(output)
    return base64.b64encode(output.getvalue())


def wizard(data):
    """Return the clerk's import of a list."""
    return clerk_env["jinxing.card.import"].create({"file": data, "filename": "list.xlsx"})


def measure_import():
    """The archive: dry run, a list in which every row is bad, and the import itself."""
    good, bad = sheet(), sheet(bad=LIST)
    measure(f"import of {LIST:,} rows: dry run, each",
            lambda w: w.action_check(), setup=lambda: wizard(good), per=LIST, runs=1, warmup=0)
    measure(f"import of {LIST:,} rows: report of {LIST:,} bad ones, each",
            lambda w: w.action_check(), setup=lambda: wizard(bad), per=LIST, runs=1, warmup=0)
    before, began = memory(), time.perf_counter()
    measure(f"import of {LIST:,} rows: import, each",
            lambda w: w.action_import(), setup=lambda: wizard(good), per=LIST, runs=1, warmup=0)
    show(f"import of {LIST:,} rows: rate", f"{LIST / (time.perf_counter() - began):.0f}", "rows/s")
    show(f"import of {LIST:,} rows: peak memory above the idle process",
         f"{memory() - before:.0f}", "MB")


def machines(count):
    """Return new machines."""
    return env["stock.lot"].create(
        [
            {"name": f"NEW{n:06d}", "product_id": model.id, "engine_number": f"NEWE{n:06d}"}
            for n in range(count)
        ]
    )


def drafts(lots):
    """Return what makes their cards."""
    owner = sold[0].owner_id.id
    return [
        {
            "lot_id": lot.id,
            "owner_id": owner,
            "dealer_id": dealer.id,
            "invoice_number": "12345678",
            "invoice_date": date(2025, 5, 4),
        }
        for lot in lots
    ]


def measure_cards():
    """A card by hand, and a thousand at once."""
    for count, name in ((1, "card: {}"), (1000, "1,000 cards at once: {}, each")):
        runs = 7 if count == 1 else 3
        measure(name.format("create"), Card.create, setup=lambda n=count: drafts(machines(n)),
                per=count, runs=runs)
        measure(name.format("activate"), lambda cards: cards.action_activate(),
                setup=lambda n=count: Card.create(drafts(machines(n))), per=count, runs=runs)


def measure_search():
    """A machine found by what a caller says, from the first characters on."""
    one = sold[min(len(sold) - 1, 4711)]
    for what, text in (
        ("serial number", one.name),
        ("first 3 characters of every serial number", "JYB"),
        ("part of a serial number", one.name[3:9]),
        ("engine number", one.engine_number),
        ("card number", one.card_id.name),
        ("owner's name", one.owner_id.name),
        ("owner's surname", one.owner_id.name[0]),
        ("two characters of a name", one.owner_id.name[1:]),
        ("phone", one.owner_phone),
        ("last 4 digits of a phone", one.owner_phone[-4:]),
        ("name and part of the phone", f"{one.owner_id.name} {one.owner_phone[:6]}"),
        ("nothing that is there", "没有这个人"),
    ):
        measure(f"machine search at {ROWS:,}: {what}",
                lambda t=text: Lot._search_machines(t).mapped("name"), runs=9)
    typing = Lot.with_context(jinxing_machine=True)
    measure(f"machine search at {ROWS:,}: while typing, 8 names with owner and model",
            lambda: typing.name_search(one.owner_id.name), runs=9)


def measure_lists():
    """First pages."""
    measure_list("jinxing.warranty.card")
    measure_list("stock.lot", [("is_machine", "=", True)], " of machines")
    measure_form("jinxing.warranty.card", sold[0].card_id.id)


def measure_decisions():
    """Ten thousand faults of as many machines, in thousands as a nightly job would ask."""
    components = env["jinxing.component"].search([])
    day = date(2025, 9, 1)
    requests = [
        {
            "key": number,
            "lot": Lot.browse(sold[number % len(sold)].id),
            "component": components[number % len(components)],
            "fault_date": day,
            "exclusions": {"G5.1": "照片"} if number % 50 == 0 else {},
        }
        for number in range(LIST)
    ]

    def decide():
        for start in range(0, LIST, 1000):
            Lot._decide_cover(requests[start : start + 1000])

    measure(f"{LIST:,} cover decisions, a thousand at a time, all", decide, runs=3)
    measure(f"{LIST:,} cover decisions, a thousand at a time, each", decide, per=LIST, runs=3)
    measure("1 cover decision", lambda: Lot._decide_cover(requests[:1]))


measure_decisions()
measure_search()
measure_cards()
measure_lists()
measure_import()
