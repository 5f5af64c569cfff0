from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import PartsCase


@tagged("post_install", "-at_install")
class TestFitting(PartsCase):
    """Parts approved per model, and their successors (G1.2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.part("Belt A", cls.belt, 100)
        cls.middle = cls.part("Belt B", cls.belt, 110)
        cls.new = cls.part("Belt C", cls.belt, 120)
        cls.old.product_tmpl_id.superseded_by_id = cls.middle.product_tmpl_id
        cls.middle.product_tmpl_id.superseded_by_id = cls.new.product_tmpl_id
        cls.dispatch = cls.on_site()
        cls.fault = cls.env["jinxing.repair.fault"].create(
            {"order_id": cls.dispatch.id, "component_id": cls.belt.id, "symptom": "Torn"}
        )

    def fit(self, part, **values):
        return self.env["stock.move"].with_user(self.users["clerk"]).create(
            {
                "repair_id": self.dispatch.id,
                "repair_line_type": "add",
                "fault_id": self.fault.id,
                "product_id": part.id,
                "product_uom_qty": 1,
                **values,
            }
        )

    def test_g1_2_a_superseded_part_that_is_gone_proposes_its_successor(self):
        with self.assertRaisesRegex(ValidationError, "Belt C is approved"), self.cr.savepoint():
            self.fit(self.old)
        self.stock(self.new, self.van, 1)
        self.assertEqual(self.fit(self.new).state, "assigned")

    def test_g1_2_what_is_left_of_a_superseded_part_is_used_up(self):
        self.stock(self.old, self.van, 1)
        move = self.fit(self.old)
        self.assertEqual(move.quantity, 1)
        move.unapproved_reason = False

    def test_g1_2_a_part_recalled_is_not_used_up(self):
        self.stock(self.old, self.van, 1)
        self.old.product_tmpl_id.use_up = False
        with self.assertRaisesRegex(ValidationError, "no longer fitted"):
            self.fit(self.old)

    def test_g1_2_a_successor_for_another_model_is_not_proposed(self):
        self.new.approved_model_ids = self.other_model.product_tmpl_id
        with self.assertRaisesRegex(ValidationError, "Belt C is not approved"):
            self.fit(self.old)

    def test_g1_2_a_supervisor_may_override_with_a_reason(self):
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.fit(self.part_foreign)
        self.part_foreign.product_tmpl_id.superseded_by_id = self.new.product_tmpl_id
        with self.assertRaisesRegex(ValidationError, "fit it instead"), self.cr.savepoint():
            self.fit(self.part_foreign)
        move = self.env["stock.move"].with_user(self.users["supervisor"]).create(
            {
                "repair_id": self.dispatch.id,
                "repair_line_type": "add",
                "fault_id": self.fault.id,
                "product_id": self.part_foreign.id,
                "product_uom_qty": 1,
                "unapproved_reason": "Nothing else in harvest",
            }
        )
        self.assertTrue(move)

    def test_g1_2_chains_end_and_do_not_come_back(self):
        self.assertEqual(self.old.product_tmpl_id.current_part_id, self.new.product_tmpl_id)
        self.assertEqual(self.new.product_tmpl_id.current_part_id, self.new.product_tmpl_id)
        with self.assertRaises(ValidationError):
            self.new.product_tmpl_id.superseded_by_id = self.old.product_tmpl_id
        with self.assertRaises(ValidationError):
            self.new.product_tmpl_id.superseded_by_id = self.model.product_tmpl_id

    def test_query_count_of_chains(self):
        """G1.2: the current parts of fifty cost a query a link, not a part."""
        parts = self.env["product.template"].create(
            [{"name": f"P{number}", "is_spare_part": True} for number in range(50)]
        )
        parts.superseded_by_id = self.old.product_tmpl_id
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            current = parts._current_parts()
        self.assertEqual(set(current.values()), {self.new.product_tmpl_id.id})
