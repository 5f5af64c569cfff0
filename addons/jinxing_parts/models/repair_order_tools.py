from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jinxing_base.rules.decision import Step
from odoo.addons.jinxing_repair.rules import bring


class JinxingRepairBring(models.Model):
    """Tools to bring: in custody, in a store, or missing (S8.3, B24)."""

    _inherit = "jinxing.repair.bring"

    item_kind = fields.Selection(selection_add=[("tool", "Tool")], ondelete={"tool": "cascade"})
    tool_kind_id = fields.Many2one("jinxing.tool.kind", readonly=True, ondelete="cascade")
    issuable_id = fields.Many2one(
        "maintenance.equipment",
        "To be issued",
        compute="_compute_standing",
        compute_sudo=True,
        help="The piece in a store that the keeper can issue to the technician.",
    )

    _tool_once = models.UniqueIndex(
        "(order_id, tool_kind_id) WHERE tool_kind_id IS NOT NULL",
        "A kind of tool stands once on the list of an order.",
    )
    _has_tool = models.Constraint(
        "CHECK((item_kind = 'tool') = (tool_kind_id IS NOT NULL))",
        "A tool to bring is named by its kind.",
    )

    @api.depends("product_id", "tool_kind_id")
    def _compute_name(self):
        super()._compute_name()

    def _thing(self):
        return self.tool_kind_id or super()._thing()

    def _compute_standing(self):
        found = super()._compute_standing()
        for line in self:
            verdict, _place, piece = found[line.id]
            issuable = piece and verdict.standing == bring.FETCH
            own = issuable and line.order_id.technician_id._is_own_staff()
            line.issuable_id = piece.key if own else False
        return found

    def _verdicts(self):
        verdicts = super()._verdicts()
        for line_id, tool in self._found_tools().items():
            piece, place = tool.piece, ""
            if piece:
                fetched = tool.verdict.standing == bring.FETCH
                place = f"{piece.store} {piece.name}" if fetched else piece.name
            verdicts[line_id] = (tool.verdict, place, piece)
        return verdicts

    def _found_tools(self):
        """Return ``{line id: where its tool is}``."""
        result = {}
        # sudo: who holds which tool is asked on behalf of the order
        for company, lines in self.sudo().filtered("tool_kind_id").grouped("company_id").items():
            found = lines.tool_kind_id._find_for(lines.order_id.technician_id, company)
            for line in lines:
                key = (line.tool_kind_id.id, line.order_id.technician_id.id)
                if key in found:
                    result[line.id] = found[key]
        return result

    def action_issue_tool(self):
        """Issue the tools that lie in a store to the orders' technicians (S8.3, B24).

        :raises AccessError: the user keeps no tools
        :raises UserError: there is none to be issued any more
        """
        custodies = self.env["jinxing.tool.custody"]
        custodies._ensure_keeper()
        self.check_access("read")
        self.invalidate_recordset(["issuable_id"])
        vals_list, issued = [], self.env["maintenance.equipment"]
        for line in self:
            tool = line.issuable_id
            if not tool or tool in issued:
                raise UserError(
                    self.env._(
                        "%(tool)s: none lies in a store to be issued any more.", tool=line.name
                    )
                )
            issued |= tool
            # sudo: whom the technician is employed as
            employee = line.order_id.technician_id.sudo().employee_ids.filtered(
                lambda e, company=line.company_id: e.company_id in (company, company.browse())
            )[:1]
            vals_list.append(
                {
                    "equipment_id": tool.id,
                    "employee_id": employee.id,
                    "condition_out": tool.custody_ids[:1].condition_in
                    or self.env._("As kept in the store"),
                    "company_id": line.company_id.id,
                }
            )
        custodies.create(vals_list)
        self.invalidate_recordset(["standing", "place", "why", "issuable_id"])
        return True


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def _bring_wanted(self):
        """Propose tools beside the parts: those each kind of fault needs (S8.3)."""
        wanted = super()._bring_wanted()
        for order in self:
            categories = order._bring_categories()
            for index, kind in enumerate(categories.tool_kind_ids.sorted()):
                needing = categories.filtered(lambda c, kind=kind: kind in c.tool_kind_ids)
                wanted[order]["tool", kind.id] = {
                    "tool_kind_id": kind.id,
                    "sequence": index,
                    "because": [["need_for", {"fault_kind": sorted(needing.mapped("code"))}]],
                }
        return wanted

    @api.model
    def _may_bring(self, part, model, there):
        """A superseded part is brought only where some is left; its successor has its own line."""
        left = there > 0 or not part.product_tmpl_id.superseded_by_id
        return left and super()._may_bring(part, model, there)

    def _candidates(self, technicians, categories_list):
        """Say of each technician which tools he lacks; that is no refusal (S8.3)."""
        result = super()._candidates(technicians, categories_list)
        company = self.company_id[:1] or self.env.company
        # sudo: the ranking asks the register of tools
        every = self.env["jinxing.fault.category"].sudo().union(*categories_list)
        kinds = every.tool_kind_ids
        found = kinds._find_for(technicians, company)
        lacking = {key for key, one in found.items() if one.verdict.standing == bring.MISSING}
        if not lacking:
            return result
        told = {}
        for categories, candidates in result.items():
            needed = categories.sudo().tool_kind_ids  # sudo: as above
            told[categories] = [
                replace(
                    candidate,
                    remarks=(
                        *candidate.remarks, Step.of("technician_lacks", tool_kind=lacks),
                    ),
                )
                if (
                    lacks := tuple(
                        sorted(kind.code for kind in needed if (kind.id, candidate.key) in lacking)
                    )
                )
                else candidate
                for candidate in candidates
            ]
        return told
