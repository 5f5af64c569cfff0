
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import DAY, WarrantyCase


@tagged("post_install", "-at_install")
class TestPolicy(WarrantyCase):
    """G4, L24b: how long which class is covered, and never below the law."""

    def policy(self, role="manager", lines=None, **values):
        months = {"machine": 12, "main": 24} if lines is None else lines
        return self.env["jinxing.warranty.policy"].with_user(self.users[role]).create(
            {
                "name": "Policy",
                "product_tmpl_id": self.model.product_tmpl_id.id,
                "date_from": self.today,
                "line_ids": [
                    (0, 0, {"cover_class": cover_class, "months": number})
                    for cover_class, number in months.items()
                ],
                **values,
            }
        )

    def test_handbook(self):
        """G4.1 G4.2 G4.3: twelve, twenty-four and three months."""
        lines = self.env.ref("jinxing_warranty.policy_handbook").line_ids
        self.assertEqual(
            {line.cover_class: (line.months, line.clause_id.code) for line in lines},
            {"machine": (12, "G4.1"), "main": (24, "G4.2"), "electrical": (3, "G4.3")},
        )

    def test_below_the_floor_is_refused(self):
        """L24b: when saved, naming the fact; when a line is changed, too."""
        for lines in (
            {"machine": 11, "main": 24},
            {"machine": 12, "main": 23},
            {"machine": 12},
            {"main": 24},
            {},
        ):
            with self.refused("L24b", ValidationError):
                self.policy(lines=lines)
        policy = self.policy()
        with self.refused("L24b", ValidationError):
            policy.line_ids[0].months = 11
        with self.refused("L24b", ValidationError):
            policy.line_ids[1].unlink()

    def test_shorter_for_others(self):
        """L24b: wear and electrical parts may have shorter periods."""
        lines = {"machine": 12, "main": 24, "electrical": 1, "wear": 1}
        self.assertEqual(len(self.policy(lines=lines).line_ids), 4)

    def test_floor_switched_off(self):
        """L24b: while a manager has switched the fact off it does not bind."""
        self.switch("L24b", False)
        self.assertTrue(self.policy(lines={"machine": 6}))

    def test_which_one_holds(self):
        """G4: the model's own, then its category's, then the general one; by the day."""
        company = self.company
        general = self.env.ref("jinxing_warranty.policy_handbook")
        parent = self.policy(
            product_tmpl_id=False, categ_id=self.category.id, date_from=self.today - DAY
        )
        nearest = self.env["product.category"].create(
            {"name": "Rape", "parent_id": self.category.id}
        )
        near = self.policy(product_tmpl_id=False, categ_id=nearest.id)
        own = self.policy(date_to=self.today + DAY)
        policies = self.env["jinxing.warranty.policy"]._candidates(company)
        self.assertEqual(policies._pick(self.model, self.today), own)
        self.assertEqual(policies._pick(self.model, self.today + 2 * DAY), parent)
        self.assertEqual(policies._pick(self.model, self.today - 2 * DAY), general)
        self.assertEqual(policies._pick(self.other_model, self.today), parent)
        self.other_model.categ_id = nearest
        self.assertEqual(policies._pick(self.other_model, self.today), near)
        self.assertFalse(policies._pick(self.model, self.today.replace(year=1980)))

    def test_other_companys_policy(self):
        """G4: does not hold for us."""
        theirs = self.policy(role="foreign", company_id=self.other_company.id, lines=None)
        self.assertNotIn(theirs, self.env["jinxing.warranty.policy"]._candidates(self.company))

    def test_two_for_the_same_day(self):
        """G4: one answer for each day."""
        self.policy(date_to=self.today + 10 * DAY)
        with self.refused("same days", ValidationError):
            self.policy(date_from=self.today + 10 * DAY)
        self.policy(date_from=self.today + 11 * DAY)

    def test_sql(self):
        """G4: dates in order, one target, one line a class, at least a month."""
        policy = self.policy()
        for values in (
            {"date_to": self.today - 10 * DAY, "date_from": self.today},
            {"categ_id": self.category.id},
            {"line_ids": [(0, 0, {"cover_class": "main", "months": 30})]},
            {"line_ids": [(0, 0, {"cover_class": "wear", "months": 0})]},
        ):
            with self.forbidden():
                policy.sudo().write(values)

    def test_what_old_faults_are_judged_by_stays(self):
        """R9: a policy that was in force is ended, not edited."""
        policy = self.policy(date_from=self.today - 30 * DAY)
        for values in (
            {"line_ids": [(1, policy.line_ids[0].id, {"months": 18})]},
            {"date_from": self.today},
            {"no_proof_reading": "either"},
            {"product_tmpl_id": False},
            {"active": False},
            {"date_to": self.today - 10 * DAY},
        ):
            with self.assertRaises(UserError):
                policy.write(values)
        for change in (
            lambda: policy.line_ids[0].write({"months": 18}),
            lambda: policy.line_ids[0].unlink(),
            lambda: policy.line_ids.create(
                {"policy_id": policy.id, "cover_class": "wear", "months": 1}
            ),
            policy.unlink,
        ):
            with self.refused("has been in force"):
                change()
        policy.name = "May be renamed"
        policy.date_to = self.today - DAY
        self.policy(lines={"machine": 18, "main": 36})

    def test_who_may(self):
        """R9: the manager sets policies, the others read them."""
        policy = self.policy()
        for role in ("technician", "parts_keeper", "clerk", "supervisor"):
            self.assertTrue(policy.with_user(self.users[role]).read(["name"]))
            with self.assertRaises(AccessError):
                policy.with_user(self.users[role]).name = "x"
            with self.assertRaises(AccessError):
                policy.line_ids.with_user(self.users[role]).write({"months": 30})
        with self.assertRaises(AccessError):
            policy.with_user(self.users["portal"]).read(["name"])
