from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..rules import tool_needs
from ..rules.tool_needs_texts import NEED_TEXTS

_lt = LazyTranslate(__name__)
_TEXTS = {key: _lt(text) for key, text in NEED_TEXTS.items()}


class JinxingToolKind(models.Model):
    """A kind of measuring or repair tool, and the kinds of fault that need it (S8.3, B24)."""

    _name = "jinxing.tool.kind"
    _description = "Kind of Tool"
    _order = "sequence, code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True, index=True)
    name = fields.Char(required=True, translate=True)
    inspected = fields.Boolean(
        "Needs inspection",
        help="A measuring tool: it counts only while its inspection is valid.",
    )
    category_ids = fields.Many2many(
        "jinxing.fault.category",
        "jinxing_fault_category_tool_rel",
        "kind_id",
        "category_id",
        "Needed for",
    )
    equipment_ids = fields.One2many("maintenance.equipment", "tool_kind_id", "Tools")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("unique(code)", "This code of a kind of tool exists already.")

    def _find_for(self, people, company):
        """Return where each of these people finds a tool of each kind (S8.3, B24).

        The number of queries grows neither with the people nor with the kinds.

        :param people: contacts of technicians
        :return: ``{(kind id, person id): tool_needs.Found}``
        """
        if not self or not people:
            return {}
        # sudo: who holds which tool is asked on behalf of the order
        kinds, people = self.sudo(), people.sudo()
        day = kinds.env["jinxing.policy.parameter"]._service_day(company=company)
        tools = kinds.env["maintenance.equipment"].search_fetch(
            [
                ("tool_kind_id", "in", kinds.ids),
                ("scrap_date", "=", False),
                ("company_id", "in", (False, company.id)),
            ],
            ["name", "serial_no", "tool_kind_id", "inspected_until", "store_id"],
            order="inspected_until desc nulls last, id",
        )
        custodies = kinds.env["jinxing.tool.custody"].search_fetch(
            [("equipment_id", "in", tools.ids), ("state", "=", "held")],
            ["equipment_id", "employee_id"],
        )
        holder = {custody.equipment_id: custody.employee_id for custody in custodies}
        employees = kinds.env["hr.employee"].search_fetch(
            [("work_contact_id", "in", people.ids), ("company_id", "in", (False, company.id))],
            ["work_contact_id", "name"],
        )
        staff = defaultdict(employees.browse)
        for employee in employees:
            staff[employee.work_contact_id] |= employee
        own = company.partner_id
        by_kind = tools.grouped("tool_kind_id")
        result = {}
        for person in people:
            stores = list(person._tool_stores(company))
            for kind in kinds:
                held, stored, others = [], [], []
                for tool in by_kind.get(kind, ()):
                    store = tool.store_id or own
                    piece = tool_needs.Piece(
                        key=tool.id,
                        name=tool._piece_name(),
                        valid_until=tool.inspected_until or None,
                        store=store.name or "",
                    )
                    if tool in holder and holder[tool] in staff[person]:
                        held.append(piece)
                    elif tool in holder:
                        others.append(holder[tool].name)
                    elif store in stores:
                        stored.append((stores.index(store), piece))
                result[kind.id, person.id] = tool_needs.find_tool(
                    tool_needs.NeedFacts(
                        person=person.name or "",
                        day=day,
                        inspected=kind.inspected,
                        held=tuple(held),
                        stored=tuple(
                            piece for _rank, piece in sorted(stored, key=lambda pair: pair[0])
                        ),
                        others=tuple(dict.fromkeys(others)),
                    )
                )
        return result


class JinxingFaultCategory(models.Model):
    _inherit = "jinxing.fault.category"

    tool_kind_ids = fields.Many2many(
        "jinxing.tool.kind",
        "jinxing_fault_category_tool_rel",
        "category_id",
        "kind_id",
        "Tools needed",
        help="Proposed to be brought to faults of this kind (S8.3).",
    )


class MaintenanceEquipment(models.Model):
    """A tool: of what kind, where it lies, until when its inspection holds."""

    _inherit = "maintenance.equipment"

    tool_kind_id = fields.Many2one("jinxing.tool.kind", "Kind of tool", index="btree_not_null")
    store_id = fields.Many2one(
        "res.partner",
        "Kept at",
        index="btree_not_null",
        domain="['|', ('is_service_station', '=', True), ('is_parts_centre', '=', True)]",
        help="The station or parts centre whose store it lies in; empty: our factory's.",
    )
    inspected_until = fields.Date(
        "Inspection valid until", help="Of a measuring tool; after that day it does not count."
    )

    def _piece_name(self):
        """Return name and serial number as people call a piece."""
        self.ensure_one()
        return f"{self.name} {self.serial_no}" if self.serial_no else self.name


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _tool_stores(self, company):
        """Return whose stores a technician takes tools from, the nearest first.

        A station's man: his station's. Our own: his centre's, then the factory's.
        """
        self.ensure_one()
        home = self.commercial_partner_id
        if not self._is_own_staff() and (home.is_service_station or home.is_dealer):
            return home
        region = self.region_id or home.region_id
        centre = self.parent_centre_id or home.parent_centre_id or region._centre()
        return centre | company.partner_id


class JinxingDecision(models.Model):
    """The words of the tools a kind of fault needs."""

    _inherit = "jinxing.decision"

    @api.model
    def _texts(self):
        return {**super()._texts(), **_TEXTS}

    @api.model
    def _value_texts(self):
        # sudo: the names of kinds are nobody's secret
        everything = self.sudo().with_context(active_test=False).env
        names = {
            (name, one.code): one.name
            for name, model in (
                ("fault_kind", "jinxing.fault.category"), ("tool_kind", "jinxing.tool.kind"),
            )
            for one in everything[model].search([])
        }
        return {**super()._value_texts(), **names}
