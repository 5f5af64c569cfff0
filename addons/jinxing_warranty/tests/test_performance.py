from odoo.tests import tagged
from odoo.tests.common import warmup

from .common import WarrantyCase


@tagged("post_install", "-at_install")
class TestPerformance(WarrantyCase):
    """Costs that must not grow with the number of cards, faults or rows."""

    def setUp(self):
        super().setUp()
        self.env.registry.clear_cache()
        self.clerk = self.env(user=self.users["clerk"], context={"lang": "en_US"})

    def queries(self, action):
        """Run ``action`` with a cold cache and count its queries."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def vals(self, machines):
        return [
            {
                "lot_id": machine.id,
                "owner_id": self.owner.id,
                "dealer_id": self.dealer.id,
                "invoice_number": f"{machine.id:08d}",
                "invoice_date": self.today,
            }
            for machine in machines
        ]

    @warmup
    def test_create_cards(self):
        """G4: a draft in a bounded number of queries, fifty in hardly more."""
        cards = self.clerk["jinxing.warranty.card"]
        machines = self.machine().concat(*[self.machine() for _i in range(50)])
        cards.create(self.vals(machines[:1])).unlink()  # what is asked once
        one, fifty = self.vals(machines[:1]), self.vals(machines[1:])
        self.assertLessEqual(self.queries(lambda: cards.create(one)), 25)
        self.assertLessEqual(self.queries(lambda: cards.create(fifty)), 30)

    @warmup
    def test_activate_cards(self):
        """G4: cover, owners, machines, decisions and numbers of fifty cards at once."""
        cards = self.clerk["jinxing.warranty.card"]
        made = cards.create(
            self.vals(self.machine().concat(*[self.machine() for _i in range(51)]))
        )
        made[0].action_activate()
        one = self.queries(made[1].action_activate)
        fifty = self.queries(made[2:].action_activate)
        self.assertLessEqual(one, 55)
        self.assertLessEqual(fifty, one + 10)

    def requests(self, machines, count):
        components = self.env["jinxing.component"].search([])
        return [
            {
                "key": number,
                "lot": machines[number % len(machines)],
                "component": components[number % len(components)],
                "fault_date": self.today,
                "exclusions": {},
            }
            for number in range(count)
        ]

    @warmup
    def test_decide_cover(self):
        """G4: a thousand faults of fifty machines cost the queries of one."""
        drafts = self.env["jinxing.warranty.card"].create(
            self.vals(self.machine().concat(*[self.machine() for _i in range(49)]))
        )
        drafts.action_activate()
        lots = self.clerk["stock.lot"].browse(drafts.lot_id.ids)
        few, many = self.requests(lots, 1), self.requests(lots, 1000)
        lots._decide_cover(few)
        one = self.queries(lambda: lots._decide_cover(few))
        thousand = self.queries(lambda: lots._decide_cover(many))
        self.assertLessEqual(one, 14)
        self.assertEqual(thousand, one)

    @warmup
    def test_search_machines(self):
        """S8.1: one query to find them."""
        self.card()
        lots = self.clerk["stock.lot"]
        lots._search_machines("139801")
        self.assertLessEqual(self.queries(lambda: lots._search_machines("张德福 TEST")), 2)

    @warmup
    def test_import(self):
        """G4: fifty rows cost few queries more than five."""
        wizard = self.clerk["jinxing.card.import"].create({})

        def rows(first, count):
            from ..rules.card_import import Row

            return [
                Row(n, f"P{n}", "T-A", f"PE{n}", "", f"{n:08d}", self.today, f"机主{n}",
                    "13980123456", "x", "Dealer A")
                for n in range(first, first + count)
            ]

        wizard._create_cards(rows(1, 2))
        five = self.queries(lambda: wizard._create_cards(rows(100, 5)))
        fifty = self.queries(lambda: wizard._create_cards(rows(200, 50)))
        self.assertLessEqual(fifty, five + 12)

    @warmup
    def test_lists(self):
        """G4: a page of the two lists: no query a row."""
        for _i in range(3):
            self.card()
        cards, lots = self.clerk["jinxing.warranty.card"], self.clerk["stock.lot"]
        for model, view in ((cards, None), (lots, "jinxing_warranty.machine_view_list")):
            view_id = self.env.ref(view).id if view else False
            arch = model.get_view(view_id, "list")
            names = list(arch["models"][model._name])
            spec = {
                name: {"fields": {"display_name": {}}} if model._fields[name].relational else {}
                for name in names
                if model._fields[name].type not in ("one2many", "many2many")
            }

            def read(model=model, spec=spec):
                model.web_search_read([("is_machine", "=", True)] if model is lots else [], spec,
                                      limit=80)

            read()
            few = self.queries(read)
            drafts = self.env["jinxing.warranty.card"].create(
                self.vals(self.machine().concat(*[self.machine() for _i in range(40)]))
            )
            drafts.action_activate()
            self.assertLessEqual(few, 10)
            self.assertLessEqual(self.queries(read), few + 1)
