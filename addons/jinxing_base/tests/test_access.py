from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BaseCase

#: model -> role -> what it may do: (r)ead, (w)rite, (c)reate, (u)nlink. Roles not named: nothing.
READ = dict.fromkeys(
    ("nobody", "technician", "parts_keeper", "clerk", "supervisor", "manager", "foreign"), "r"
)
MATRIX = {
    "jinxing.clause": {**READ, "manager": "rwcu", "foreign": "rwcu"},
    "jinxing.decision": READ,
    "jinxing.policy.parameter": {**READ, "manager": "rw", "foreign": "rw"},
    "jinxing.policy.value": {**READ, "manager": "rwcu", "foreign": "rwcu"},
    "jinxing.region": {**READ, "manager": "rwcu", "foreign": "rwcu"},
    "jinxing.bulletin": {
        **READ,
        "supervisor": "rwc",
        "manager": "rwcu",
        "foreign": "rwcu",
        "portal": "r",
    },
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(BaseCase):
    """Who may do what, for every model of the addon and every role."""

    def test_matrix_is_complete(self):
        """Every model of this addon that holds data is in the table."""
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "jinxing_base" and model._auto and not model._abstract
        }
        self.assertEqual(models, set(MATRIX))

    def test_matrix(self):
        """G1.1, G3.3: each role has the rights of the table, no more and no less."""
        for model, roles in MATRIX.items():
            for role, user in self.users.items():
                may = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if self.env[model].with_user(user).has_access(operation)
                )
                self.assertEqual(may, roles.get(role, ""), (model, role))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_no_search_without_access(self):
        """Portal and public users get an error, not an empty list."""
        for model, roles in MATRIX.items():
            for role in ("portal", "public"):
                if role not in roles:
                    with self.assertRaises(AccessError):
                        self.env[model].with_user(self.users[role]).search([])

    def test_roles_stand_on_each_other(self):
        """A manager is supervisor and parts keeper, a supervisor is clerk, none a technician."""
        groups = {
            role: self.users[role].all_group_ids.get_external_id().values()
            for role in ("clerk", "supervisor", "manager", "technician", "parts_keeper")
        }
        held = {
            role: {name.removeprefix("jinxing_base.group_") for name in names}
            & {"clerk", "supervisor", "manager", "technician", "parts_keeper"}
            for role, names in groups.items()
        }
        self.assertEqual(held["technician"], {"technician"})
        self.assertEqual(held["parts_keeper"], {"parts_keeper"})
        self.assertEqual(held["clerk"], {"clerk"})
        self.assertEqual(held["supervisor"], {"supervisor", "clerk"})
        self.assertEqual(held["manager"], {"manager", "supervisor", "clerk", "parts_keeper"})

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_policy_values_of_another_company(self):
        """R9: a company's own values are read and changed by its people only."""
        parameter = self.env["jinxing.policy.parameter"].create({"key": "b_x", "name": "x"})
        theirs = self.env["jinxing.policy.value"].create(
            {"parameter_id": parameter.id, "value": "1", "company_id": self.other_company.id}
        )
        ours = theirs.with_user(self.users["manager"])
        self.assertFalse(ours.search([("parameter_id", "=", parameter.id)]))
        for refused in (lambda: ours.read(["value"]), lambda: ours.write({"value": "2"})):
            with self.assertRaises(AccessError):
                refused()
        theirs.with_user(self.users["foreign"]).value = "3"
        self.assertEqual(theirs.value, "3")

    def test_menu_for_the_service_only(self):
        """The menu shows to the service's roles, configuration to supervisors."""
        root = self.env.ref("jinxing_base.menu_root")
        config = self.env.ref("jinxing_base.menu_config")
        for role in ("technician", "parts_keeper", "clerk", "supervisor", "manager"):
            visible = self.env["ir.ui.menu"].with_user(self.users[role])._visible_menu_ids()
            self.assertIn(root.id, visible, role)
            self.assertEqual(config.id in visible, role in ("supervisor", "manager"), role)
        visible = self.env["ir.ui.menu"].with_user(self.users["nobody"])._visible_menu_ids()
        self.assertNotIn(root.id, visible)
