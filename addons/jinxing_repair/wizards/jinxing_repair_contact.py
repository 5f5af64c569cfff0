from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.jinxing_fault_clue import severities, ways


class JinxingRepairContact(models.TransientModel):
    """The call to the customer and the preliminary assessment, noted in one go (S8.2)."""

    _name = "jinxing.repair.contact"
    _description = "Call and Preliminary Assessment"

    order_id = fields.Many2one(
        "repair.order", "Dispatch order", required=True, readonly=True, ondelete="cascade"
    )
    service_state = fields.Selection(related="order_id.service_state")
    customer = fields.Char("Customer", related="order_id.partner_id.name", related_sudo=True)
    phone = fields.Char(compute="_compute_phone", compute_sudo=True)
    machine = fields.Char("Machine", related="order_id.lot_id.name", related_sudo=True)
    model_id = fields.Many2one(
        "product.template",
        "Model",
        related="order_id.product_id.product_tmpl_id",
        related_sudo=True,
    )
    fault_description = fields.Text(related="order_id.fault_description")
    contacted_at = fields.Datetime(related="order_id.contacted_at")
    contact_deadline = fields.Datetime(related="order_id.contact_deadline")
    preliminary_at = fields.Datetime(related="order_id.preliminary_at")
    preliminary_deadline = fields.Datetime(related="order_id.preliminary_deadline")
    reached = fields.Boolean("Customer reached")
    note = fields.Char("Agreed with the customer")
    assess = fields.Boolean("Assess the fault", default=True)
    category_id = fields.Many2one("jinxing.fault.category", "Likely kind of fault")
    component_id = fields.Many2one("jinxing.component", "Likely component")
    severity = fields.Selection(selection=severities(), string="How bad is it?")
    way = fields.Selection(selection=ways(), string="Served by")
    hours = fields.Float("Expected hours", digits=(6, 2))
    cover = fields.Selection(
        [("free", "Free"), ("chargeable", "Chargeable")],
        "Probably",
        compute="_compute_cover",
        help="By the cover rule for the likely component; decided fault by fault at the machine.",
    )
    advice = fields.Text(
        "To tell the customer",
        compute="_compute_advice",
        store=True,
        readonly=False,
        precompute=True,
    )
    visit_at = fields.Datetime("Visit agreed for")
    solved = fields.Boolean("Advice solved it, nobody need go there")
    part_ids = fields.One2many("jinxing.repair.contact.part", "wizard_id", "To bring")
    why = fields.Text("Why?", readonly=True)

    @api.depends("order_id")
    def _compute_phone(self):
        for wizard in self:
            order = wizard.order_id
            wizard.phone = order.partner_id.phone or order.caller_phone

    @api.depends("order_id", "component_id")
    def _compute_cover(self):
        for wizard in self:
            order, component = wizard.order_id, wizard.component_id
            found = {}
            if order and component:
                # sudo: what the cover rule says of a component, whoever assesses
                found = order._expected_covers({order: component.sudo()})
            wizard.cover = found.get(order) or False

    @api.depends("category_id")
    def _compute_advice(self):
        guides = self.env["jinxing.fault.guide"]._by_category()
        for wizard in self:
            guide = guides.get(wizard.category_id)
            wizard.advice = guide.advice if guide else False

    @api.onchange("category_id")
    def _onchange_category_id(self):
        guide = self.env["jinxing.fault.guide"]._by_category().get(self.category_id)
        if guide and self.way not in (False, guide.way):
            self.way = guide.way

    @api.model
    def _open_for(self, order):
        """Open the form of one order, filled in with what is proposed or was assessed last."""
        last = order.preliminary_id
        proposals = order._preliminary_proposals()
        order._store_proposals(proposals)
        lines = self.env["jinxing.decision"]._paragraphs(
            {order: proposals[order].decision.steps}
        )
        if last:
            values = {
                **{
                    name: last[name]
                    for name in ("severity", "way", "hours", "visit_at", "note", "solved")
                },
                "category_id": last.category_id.id,
                "component_id": last.component_id.id,
                "part_ids": [(p.product_id.id, p.quantity) for p in last.part_ids],
                "advice": last.advice,
            }
        else:
            values = order._proposed_records(proposals)[order]
            values.pop("cover")
        values["part_ids"] = [
            Command.create({"product_id": part, "quantity": quantity})
            for part, quantity in values["part_ids"]
        ]
        wizard = self.create(
            {
                **values,
                "order_id": order.id,
                "reached": not order.contacted_at,
                "assess": not last,
                "why": lines[order],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Call and preliminary assessment"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "large"},
        }

    def action_confirm(self):
        """Note the call, the assessment, or both."""
        self.ensure_one()
        order = self.order_id
        call = self.reached and not order.contacted_at
        if not call and not self.assess:
            raise UserError(self.env._("Neither a call nor an assessment is noted."))
        if call:
            order.action_contact(note=self.note or None)
        if self.assess:
            order.action_assess_preliminary(
                {
                    "category_id": self.category_id.id,
                    "component_id": self.component_id.id,
                    "severity": self.severity,
                    "way": self.way,
                    "hours": self.hours,
                    "advice": self.advice or "",
                    "visit_at": self.visit_at or False,
                    "note": self.note or "",
                    "solved": self.solved,
                    "parts": [[line.product_id.id, line.quantity] for line in self.part_ids],
                }
            )
        return {"type": "ir.actions.act_window_close"}


class JinxingRepairContactPart(models.TransientModel):
    """A part likely needed, while it is being chosen."""

    _name = "jinxing.repair.contact.part"
    _description = "Part to Bring"

    wizard_id = fields.Many2one(
        "jinxing.repair.contact", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", "Part", required=True)
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
