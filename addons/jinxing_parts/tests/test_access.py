from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_plan import PlanCase

#: model -> role -> what it may do: (r)ead, (w)rite, (c)reate, (u)nlink. Roles not named: nothing.
MATRIX = {
    "jinxing.parts.requisition": {
        "technician": "r", "clerk": "r", "parts_keeper": "rwc", "supervisor": "rwcu",
        "manager": "rwcu", "station": "r",
    },
    "jinxing.parts.requisition.line": {
        "technician": "r", "clerk": "r", "parts_keeper": "rwcu", "supervisor": "rwcu",
        "manager": "rwcu", "station": "r",
    },
    "jinxing.parts.difference": {
        "technician": "r", "clerk": "r", "parts_keeper": "r", "supervisor": "r", "manager": "r",
        "station": "r",
    },
    "jinxing.old.part": {
        "technician": "r", "clerk": "r", "parts_keeper": "rwc", "supervisor": "rwc",
        "manager": "rwc", "station": "r", "finance": "r",
    },
    "jinxing.supplier.approval": {
        "parts_keeper": "rwc", "supervisor": "rwcu", "manager": "rwcu", "buyer": "r",
    },
    "jinxing.supplier.paper": {
        "parts_keeper": "rwc", "supervisor": "rwcu", "manager": "rwcu", "buyer": "r",
    },
    "jinxing.supplier.paper.kind": {
        **dict.fromkeys(
            ("nobody", "technician", "clerk", "parts_keeper", "supervisor", "station", "finance",
             "buyer", "sales"), "r",
        ),
        "manager": "rwcu",
    },
    "jinxing.station.purchase": {
        "clerk": "r", "parts_keeper": "rwc", "supervisor": "rwc", "manager": "rwc",
        "station": "r",
    },
    "jinxing.parts.audit": {
        "parts_keeper": "rwc", "supervisor": "rwcu", "manager": "rwcu", "finance": "r",
        "station": "r",
    },
    "jinxing.parts.audit.line": {
        "parts_keeper": "rwc", "supervisor": "rwcu", "manager": "rwcu", "finance": "r",
        "station": "r",
    },
    "jinxing.part.class": {"parts_keeper": "r", "supervisor": "r", "manager": "rwcu"},
    **{
        model: {"parts_keeper": "r", "supervisor": "r", "manager": "r", "buyer": "r"}
        for model in (
            "jinxing.part.stock", "jinxing.parts.forecast",
            "jinxing.parts.forecast.run", "jinxing.parts.outlook", "jinxing.parts.service.level",
        )
    },
    "jinxing.parts.demand": {
        "parts_keeper": "r", "supervisor": "r", "manager": "rwcu", "buyer": "r",
    },
    "jinxing.sales.information": {
        "sales": "rwc", "parts_keeper": "r", "supervisor": "rwcu", "manager": "rwcu",
    },
    "jinxing.parts.plan": {
        "technician": "r", "parts_keeper": "rwcu", "supervisor": "rwcu", "manager": "rwcu",
        "buyer": "r", "station": "r",
    },
    "jinxing.parts.plan.line": {
        "technician": "r", "parts_keeper": "rwcu", "supervisor": "rwcu", "manager": "rwcu",
        "buyer": "r", "station": "r",
    },
    "jinxing.tool.kind": {
        **dict.fromkeys(
            ("nobody", "technician", "clerk", "finance", "buyer", "sales"), "r"
        ),
        "parts_keeper": "rwc", "supervisor": "rwc", "manager": "rwcu",
    },
    "jinxing.tool.custody": {
        "technician": "r", "parts_keeper": "rwc", "supervisor": "rwc", "manager": "rwc",
    },
}
ROLES = (
    "nobody", "technician", "clerk", "parts_keeper", "supervisor", "manager", "finance", "station",
    "buyer", "sales",
)
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(PlanCase):
    """Who may do what, for every model of the addon and every role."""

    def test_matrix_is_complete(self):
        """Every model of this addon that holds data is in the table."""
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "jinxing_parts"
            and not model._abstract
            and not model._transient
        }
        self.assertEqual(models, set(MATRIX))

    def test_matrix(self):
        """B22, B24, A2-A4: each role has the rights of the table, no more and no less."""
        for model, roles in MATRIX.items():
            for role in ROLES:
                records = self.env[model].with_user(self.users[role])
                may = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if records.has_access(operation)
                )
                self.assertEqual(may, roles.get(role, ""), (model, role))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_another_companys_records(self):
        """B22: a company's records are its own."""
        other = self.env["res.company"].create({"name": "Other factory"})
        mine = self.requisition()
        plan = self.plan()
        debt = self.env["jinxing.old.part"].create(
            {"holder_id": self.station.id, "product_id": self.part_belt.id, "reason": "x"}
        )
        audit = self.env["jinxing.parts.audit"].create(
            {"partner_id": self.station.id, "date_from": self.day, "date_to": self.day}
        )
        approval = self.approve(self.part_battery)
        self.env["jinxing.part.stock"]._classify(self.company)
        part = self.at_warehouse(self.part_belt)
        manager = self.users["manager"]
        manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for record in (mine, plan, debt, audit, approval, part):
            foreign = record.with_user(manager).with_context(allowed_company_ids=other.ids)
            self.assertFalse(foreign.search([("id", "=", record.id)]), record)
            with self.assertRaises(AccessError):
                foreign.read(["id", "company_id"])

    def test_wizards_are_their_makers(self):
        """Each form that asks for a reason is open to who may take the step."""
        for role in ("parts_keeper", "supervisor", "manager"):
            for model in ("jinxing.parts.reason", "jinxing.tool.step"):
                self.assertTrue(self.env[model].with_user(self.users[role]).has_access("create"))
        for role in ("nobody", "technician", "clerk", "station"):
            for model in ("jinxing.parts.reason", "jinxing.tool.step"):
                self.assertFalse(self.env[model].with_user(self.users[role]).has_access("create"))

    def test_every_screen_opens_for_its_roles(self):
        """Every action of the menus loads with its views for who sees the menu."""
        menus = self.env["ir.ui.menu"].search([("name", "!=", False)]).filtered(
            lambda menu: (menu.get_external_id()[menu.id] or "").startswith("jinxing_parts.")
            and menu.action
        )
        self.assertGreater(len(menus), 15)
        for role in ("parts_keeper", "supervisor", "manager"):
            user = self.users[role]
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for menu in menus.filtered(lambda m, seen=visible: m.id in seen):
                action = menu.action
                records = self.env[action.res_model].with_user(user)
                views = [(view_id, kind) for view_id, kind in action.views]
                records.get_views([*views, (False, "search")])
                records.search([], limit=1)
