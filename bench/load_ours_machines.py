"""Fed to ``odoo shell``: ROWS sold machines with owners and active cards, four models, 20 dealers.

Serial numbers ``JYB00000001``..., cards ``SBB00000001``..., telephone numbers ``139`` and eight
digits; names as they are in Sichuan, so that searching finds many Zhangs.
"""

# ruff: noqa: F821
from datetime import date

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
GIVEN = (
    "德福国全秀英永强建军志明桂芳玉兰海波文华小红春梅光荣天成家富万里长江学友开明正大世昌"
    "金龙银凤和平胜利东升西平南山北海云飞雨生雪松霜林风雷电光火石木水土中立新民向前进步"
)

admin = env.ref("base.user_admin")
company = env.company
products = env["product.product"].create(
    [
        {
            "name": f"金阳 4LZ-{number}.0 联合收割机",
            "default_code": f"BENCH-4LZ-{number}",
            "is_storable": True,
            "tracking": "serial",
            "is_machine": True,
        }
        for number in range(4)
    ]
)
dealers = env["res.partner"].create(
    [
        {"name": f"测试经销商 {number}", "is_company": True, "is_dealer": True}
        for number in range(20)
    ]
)
owners = env["res.partner"].create(
    [{"name": f"张三{number}", "phone": f"1380000{number:04d}"} for number in range(4)]
)
lots = env["stock.lot"].create(
    [
        {"name": f"JYBT{number}", "product_id": product.id, "engine_number": f"CCBT{number}"}
        for number, product in enumerate(products)
    ]
)
cards = env["jinxing.warranty.card"].create(
    [
        {
            "name": f"SBBT{number}",
            "lot_id": lot.id,
            "owner_id": owners[number].id,
            "dealer_id": dealers[number].id,
            "invoice_number": "12345678",
            "invoice_date": date(2024, 5, 4),
        }
        for number, lot in enumerate(lots)
    ]
)
cards.action_activate()
keep()


def name(g):
    """SQL of the Chinese name of number ``g``."""
    return (
        f"substr('{SURNAMES}', 1 + ({g} * 7 %% {len(SURNAMES)})::int, 1)"
        f" || substr('{GIVEN}', 1 + ({g} * 13 %% {len(GIVEN)})::int, 1)"
        f" || substr('{GIVEN}', 1 + ({g} * 29 %% {len(GIVEN)})::int, 1)"
    )


serial, engine = "'JYB' || lpad(g::text, 8, '0')", "'CCB' || lpad(g::text, 8, '0')"
number = "'SBB' || lpad(g::text, 8, '0')"
phone = "'139' || lpad((g * 7919 %% 99999989)::text, 8, '0')"
dealer = f"{dealers[0].id} + g %% 20"
clone(
    "res_partner",
    owners.ids,
    ROWS,
    name=name("g"),
    complete_name=name("g"),
    phone=phone,
    ref="'bench' || g",
)
env.cr.execute("update res_partner set commercial_partner_id = id where ref like 'bench%'")
clone(
    "stock_lot",
    lots.ids,
    ROWS,
    name=serial,
    engine_number=engine,
    owner_id="(select id from res_partner where ref = 'bench' || g)",
    owner_phone=phone,
    dealer_id=dealer,
    qr_token="substr(md5(g::text) || md5((g + 1)::text), 1, 24)",
    search_text=(
        f"' ' || {serial} || ' ' || {engine} || ' ' || {phone} || ' ' || ({name('g')})"
        f" || ' ' || substr({name('g')}, 2) || ' ' || substr({name('g')}, 3) || ' ' || {number}"
    ),
)
keep()
machine = f"(select %s from stock_lot where is_machine is true and name = {serial})"
clone(
    "jinxing_warranty_card",
    cards.ids,
    ROWS,
    name=number,
    serial=serial,
    engine_number=engine,
    lot_id=machine.replace("%s", "id"),
    owner_id=machine.replace("%s", "owner_id"),
    owner_phone=phone,
    dealer_id=dealer,
    invoice_number="lpad(g::text, 8, '0')",
    access_token="null",
)
keep()
env.cr.execute(
    "update stock_lot l set card_id = c.id from jinxing_warranty_card c where c.lot_id = l.id"
)
for table, templates in (
    ("jinxing_warranty_card_line", cards[0].line_ids),
    ("jinxing_warranty_card_owner", cards[0].owner_history_ids),
):
    per = len(templates)
    card = (
        "(select id from jinxing_warranty_card where company_id = %d and name != '/' and name = %s)"
    )
    which = f"'SBB' || lpad(((g - 1) / {per} + 1)::text, 8, '0')"
    clone(table, templates.ids, per * ROWS, card_id=card % (company.id, which))
env.cr.execute(
    "update jinxing_warranty_card_owner o set partner_id = c.owner_id, phone = c.owner_phone"
    "  from jinxing_warranty_card c where c.id = o.card_id"
)
keep()
