from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.jinxing_base.models.locking import take

from ..rules import tools

#: What only the steps of a custody set.
SYSTEM = frozenset(
    {
        "name", "state", "issued_on", "issued_by_id", "ended_on", "ended_by_id", "event",
        "compensation", "liability_id", "previous_id", "next_id",
    }
)


class JinxingToolCustody(models.Model):
    """A tool in one person's custody, from the issue to its end (B24)."""

    _name = "jinxing.tool.custody"
    _description = "Tool in Custody"
    _inherit = ["mail.thread", "mail.activity.mixin", "jinxing.decision.mixin"]
    _order = "id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    equipment_id = fields.Many2one(
        "maintenance.equipment", "Tool", required=True, index=True, ondelete="restrict"
    )
    employee_id = fields.Many2one(
        "hr.employee", "Held by", required=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("held", "Held"),
            ("returned", "Returned"),
            ("handed_over", "Handed over"),
            ("lost", "Lost"),
            ("damaged", "Damaged"),
            ("worn", "Worn out"),
        ],
        default="held",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    issued_on = fields.Date("Issued on", readonly=True, copy=False)
    issued_by_id = fields.Many2one("res.users", "Issued by", readonly=True, copy=False)
    condition_out = fields.Char("Condition when issued", required=True)
    ended_on = fields.Date("Ended on", readonly=True, copy=False)
    ended_by_id = fields.Many2one("res.users", "Ended by", readonly=True, copy=False)
    condition_in = fields.Char("Condition at the end", copy=False)
    explanation = fields.Text("What happened", copy=False)
    repair_cost = fields.Monetary("Cost of the repair", copy=False)
    repairable = fields.Boolean("Can be repaired", copy=False)
    compensation = fields.Monetary(readonly=True, copy=False)
    liability_id = fields.Many2one(
        "jinxing.liability", readonly=True, copy=False, help="Shown to HR."
    )
    previous_id = fields.Many2one(
        "jinxing.tool.custody", "Taken over from", readonly=True, copy=False,
        index="btree_not_null",
    )
    next_id = fields.Many2one(
        "jinxing.tool.custody", "Handed over to", readonly=True, copy=False,
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _one_holder = models.UniqueIndex(
        "(equipment_id) WHERE state = 'held'", "This tool is in somebody's custody already."
    )
    _ended_has_day = models.Constraint(
        "CHECK((state = 'held') = (ended_on IS NULL))", "A custody that ended has its day."
    )
    _held_index = models.Index("(employee_id) WHERE state = 'held'")

    @api.constrains("equipment_id", "employee_id", "company_id")
    def _check_company(self, fnames=None):
        for custody in self:
            for record in (custody.equipment_id, custody.employee_id):
                if record.company_id and record.company_id != custody.company_id:
                    raise ValidationError(
                        self.env._("%(name)s is another company's.", name=record.display_name)
                    )

    @api.model_create_multi
    def create(self, vals_list):
        policy = self.env["jinxing.policy.parameter"]
        for vals in vals_list:
            if not self.env.su and any(
                vals.get(name) for name in SYSTEM - {"name", "state"}
            ) or vals.get("state", "held") != "held":
                raise UserError(self._system_message())
            if not (vals.get("condition_out") or "").strip():
                raise UserError(self.env._("Write down the condition the tool is issued in."))
            vals["name"] = self.env["ir.sequence"].next_by_code("jinxing.tool.custody")
            vals.setdefault("issued_on", policy._service_day())
            vals["issued_by_id"] = self.env.uid
        custodies = super().create(vals_list)
        custodies._ensure_usable()
        custodies._assign()
        return custodies

    def write(self, vals):
        if not self.env.su:
            if SYSTEM & set(vals):
                raise UserError(self._system_message())
            if {"equipment_id", "employee_id", "condition_out", "company_id"} & set(vals):
                raise UserError(self.env._("An issued tool is returned or handed over."))
            if self.filtered(lambda custody: custody.state != "held"):
                raise UserError(self.env._("What was settled is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env._("The register of tools is not deleted from."))

    def _system_message(self):
        return self.env._("Tools move by their buttons, not by editing.")

    def _ensure_usable(self):
        """Refuse to issue what is lost or worn out, and to who has left."""
        for custody in self:
            if custody.equipment_id.scrap_date or not custody.equipment_id.active:
                raise UserError(
                    self.env._("%(name)s is written off.", name=custody.equipment_id.name)
                )
            # sudo: whether he still works here
            if not custody.employee_id.sudo().active:
                raise UserError(
                    self.env._("%(name)s does not work here any more.",
                               name=custody.employee_id.name)
                )

    def _assign(self):
        """Let the register of equipment name the holder."""
        for custody in self:
            # sudo: the equipment follows the register
            custody.equipment_id.sudo().write(
                {
                    "equipment_assign_to": "employee",
                    "employee_id": custody.employee_id.id,
                    "assign_date": custody.issued_on,
                }
            )

    def _ensure_keeper(self):
        self.check_access("read")
        user = self.env.user
        if not (
            self.env.su
            or user.has_group("jinxing_base.group_parts_keeper")
            or user.has_group("jinxing_base.group_supervisor")
        ):
            raise AccessError(self.env._("Only the keepers of the tools may do this."))

    def _ensure_held(self):
        for custody in self:
            if custody.state != "held":
                raise UserError(
                    self.env._("%(name)s is not held any more.", name=custody.name)
                )

    def _end(self, state, **vals):
        """End custodies of today."""
        # sudo: the end is the step's
        self.sudo().write(
            {
                "state": state,
                "ended_on": self.env["jinxing.policy.parameter"]._service_day(),
                "ended_by_id": self.env.uid,
                **vals,
            }
        )
        # the tool's place in the register is free for the next one
        self.flush_recordset(["state"])
        if state != "handed_over":
            # sudo: the equipment follows the register
            self.sudo().equipment_id.write({"employee_id": False})

    # -- return and handover ---------------------------------------------------------------------

    def action_return(self, condition=None):
        """Take tools back, with the condition they are in (B24)."""
        self._ensure_keeper()
        take(self)
        self._ensure_held()
        for custody in self:
            found = (condition or custody.condition_in or "").strip()
            if not found:
                return custody._open_form("return", self.env._("Return"))
            custody._end("returned", condition_in=found)
        return True

    def action_hand_over(self, employee_id=None, condition=None):
        """Hand tools over to somebody else, who takes them in the condition they are in (B24)."""
        self._ensure_keeper()
        if not employee_id or not (condition or "").strip():
            return self._open_form("hand_over", self.env._("Hand over"))
        take(self)
        self._ensure_held()
        employee = self.env["hr.employee"].browse(employee_id)
        for custody in self:
            if custody.employee_id == employee:
                raise UserError(
                    self.env._("%(name)s holds it already.", name=employee.name)
                )
            custody._end("handed_over", condition_in=condition.strip())
            # sudo: the next custody follows the step
            following = self.sudo().create(
                {
                    "equipment_id": custody.equipment_id.id,
                    "employee_id": employee.id,
                    "condition_out": condition.strip(),
                    "previous_id": custody.id,
                    "company_id": custody.company_id.id,
                }
            )
            custody.sudo().next_id = following  # sudo: as above
        return True

    # -- loss, damage, wear (B24) ----------------------------------------------------------------

    def _compensation_facts(self, event, confirmed=False):
        self.ensure_one()
        tool = self.equipment_id
        policy = self.env["jinxing.policy.parameter"]
        day = policy._service_day(company=self.company_id)
        return tools.CompensationFacts(
            tool=tool.display_name,
            event=event,
            event_date=day,
            cost=tool.cost,
            bought_on=tool.effective_date or self.issued_on,
            life_months=tool.life_months
            or policy._value("tool_life_months", company=self.company_id),
            floor=policy._value("tool_value_floor_percent", company=self.company_id) / 100.0,
            repair_cost=self.repair_cost if self.repairable else None,
            wear_from=policy._value("tool_wear_from_percent", company=self.company_id) / 100.0,
            wear_confirmed=confirmed,
        )

    def action_lost(self, explanation=None):
        """Record a loss: its value is due (B24)."""
        return self._settle("lost", explanation)

    def action_damaged(self, explanation=None):
        """Record a damage: its repair is due, the tool's value at most (B24)."""
        return self._settle("damaged", explanation)

    def action_worn(self, explanation=None):
        """Write a worn tool off; wear too early needs a supervisor's word (B24)."""
        return self._settle("worn", explanation)

    def _settle(self, event, explanation):
        self._ensure_keeper()
        told = (explanation or "").strip()
        if not told:
            return self._open_form(event, dict(self._fields["state"]._description_selection(
                self.env))[event])
        take(self)
        self._ensure_held()
        supervisor = self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")
        for custody in self:
            decision = tools.decide_compensation(
                custody._compensation_facts(event, confirmed=supervisor)
            )
            # sudo: the compensation is the rule's
            custody.sudo()._record_decisions("tool_compensation", {custody.id: decision})
            amount = decision.facts["amount"]
            liability = custody._charge(amount, told) if amount else False
            custody._end(
                event,
                explanation=told,
                compensation=amount,
                liability_id=liability and liability.id,
            )
            if event != "damaged" or not custody.repairable:
                # sudo: the equipment follows the register
                custody.equipment_id.sudo().scrap_date = custody.ended_on
        return True

    def _charge(self, amount, told):
        """Show the holder's compensation to HR, as any liability of our own staff."""
        self.ensure_one()
        # sudo: drafted by the step, decided by a supervisor
        return self.env["jinxing.liability"].sudo().create(
            {
                "origin": "loss",
                "employee_id": self.employee_id.id,
                "amount": amount,
                "evidence": f"{self.name}: {told}",
                "company_id": self.company_id.id,
            }
        )

    def _warn(self, told):
        """Give who issued each tool a task, once, to get it back (B24)."""
        for custody in self:
            if any(activity.summary == told for activity in custody.activity_ids):
                continue
            custody.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=told,
                user_id=(custody.issued_by_id or self.env.user).id,
            )

    def _open_form(self, action, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "jinxing.tool.step",
            "view_mode": "form",
            "target": "new",
            "context": {"default_action": action, "default_custody_ids": self.ids},
        }


class MaintenanceEquipment(models.Model):
    """Tools technicians hold themselves (B24)."""

    _inherit = "maintenance.equipment"

    life_months = fields.Integer(
        "Life (months)", help="Empty: the policy's. Its value goes down evenly over it."
    )
    custody_ids = fields.One2many("jinxing.tool.custody", "equipment_id")
    is_in_custody = fields.Boolean("In custody", compute="_compute_is_in_custody")

    _life_not_negative = models.Constraint(
        "CHECK(life_months IS NULL OR life_months >= 0)", "No life is negative."
    )

    @api.depends("custody_ids.state")
    def _compute_is_in_custody(self):
        for tool in self:
            # sudo: whether somebody holds it is no secret
            custodies = tool.sudo().custody_ids
            tool.is_in_custody = "held" in custodies.mapped("state")

    def write(self, vals):
        """A tool in custody changes hands by the register alone (B24)."""
        if not self.env.su and {"employee_id", "equipment_assign_to"} & set(vals):
            held = self.filtered("is_in_custody")
            if held:
                raise UserError(
                    self.env._(
                        "%(names)s: in custody. Return it or hand it over in the register of "
                        "tools (B24).",
                        names=", ".join(held.mapped("name")),
                    )
                )
        return super().write(vals)
