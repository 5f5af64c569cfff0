import base64

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jinxing_base.models.locking import take

from ..rules import old_parts

#: What the rules and the steps set.
SYSTEM = frozenset(
    {
        "name", "state", "order_id", "fault_id", "move_id", "right_id", "issued_on", "due_on",
        "qty_returned", "received_at", "received_by_id", "fate", "inspected_at",
        "inspected_by_id", "sent_at", "waive_reason", "refurbish_move_id", "claim_id",
    }
)


class JinxingOldPart(models.Model):
    """An old part that is owed for a new one, until it is back and inspected (G1.3, G3.4)."""

    _name = "jinxing.old.part"
    _description = "Old Part"
    _inherit = ["mail.thread", "jinxing.decision.mixin"]
    _order = "due_on, id"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    holder_id = fields.Many2one(
        "res.partner", "Owed by", required=True, index=True, help="Provider or own technician."
    )
    holder_company_id = fields.Many2one(
        "res.partner",
        "Provider",
        compute="_compute_holder_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    product_id = fields.Many2one("product.product", "Part", required=True, index=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    lot_id = fields.Many2one("stock.lot", "Lot of the new part")
    qty = fields.Float("Owed", digits="Product Unit", required=True, default=1.0)
    qty_returned = fields.Float("Returned", digits="Product Unit", readonly=True, copy=False)
    qty_open = fields.Float(
        "Still owed", digits="Product Unit", compute="_compute_qty_open", store=True
    )
    order_id = fields.Many2one(
        "repair.order", "Dispatch order", readonly=True, index="btree_not_null"
    )
    fault_id = fields.Many2one(
        "jinxing.repair.fault", readonly=True, index="btree_not_null"
    )
    move_id = fields.Many2one("stock.move", readonly=True, index="btree_not_null")
    right_id = fields.Many2one(
        "jinxing.exchange.right",
        "Right to the new part",
        readonly=True,
        index="btree_not_null",
        help="The new part was granted only against this one (G3.4).",
    )
    machine_id = fields.Many2one(related="order_id.lot_id", string="Machine")
    reason = fields.Char(
        "Why it is owed", help="Of a part handed out over the counter against the old one."
    )
    issued_on = fields.Date("Issued on", readonly=True)
    due_on = fields.Date("Due on", readonly=True, index=True)
    overdue_days = fields.Integer("Days overdue", compute="_compute_overdue_days")
    sent_at = fields.Datetime("Sent on", readonly=True, copy=False)
    waybill_number = fields.Char("Waybill number", copy=False)
    received_at = fields.Datetime("Received on", readonly=True, copy=False)
    received_by_id = fields.Many2one("res.users", "Received by", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("owed", "Owed"),
            ("sent", "Sent"),
            ("received", "To be inspected"),
            ("closed", "Inspected"),
            ("waived", "Waived"),
        ],
        default="owed",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    condition = fields.Text("Condition found")
    usable = fields.Boolean("Good enough to be refurbished")
    supplier_fault = fields.Boolean("Failed by the supplier's fault")
    supplier_id = fields.Many2one(
        "res.partner",
        compute="_compute_supplier_id",
        store=True,
        readonly=False,
    )
    fate = fields.Selection(
        [
            ("scrap", "Scrapped"),
            ("supplier_recovery", "Claimed from the supplier"),
            ("refurbish", "Refurbished"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
    )
    inspected_at = fields.Datetime("Inspected on", readonly=True, copy=False)
    inspected_by_id = fields.Many2one("res.users", "Inspected by", readonly=True, copy=False)
    refurbish_move_id = fields.Many2one("stock.move", "Back in stock", readonly=True, copy=False)
    claim_id = fields.Many2one(
        "jinxing.recovery.claim",
        "Recovery claim",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="jinxing_base.group_clerk,jinxing_base.group_parts_keeper,"
        "account.group_account_invoice",
    )
    charged_amount = fields.Monetary(
        "Charged", compute="_compute_charged", help="Taken off a settlement (G1.3)."
    )
    waive_reason = fields.Char("Why waived", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _sane = models.Constraint(
        "CHECK(qty > 0 AND qty_returned >= 0 AND qty_returned <= qty)",
        "Not more comes back than is owed.",
    )
    _one_per_move = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL", "The debt of this part is open already."
    )
    _fate_when_closed = models.Constraint(
        "CHECK((state = 'closed') = (fate IS NOT NULL))", "An inspected part has its fate."
    )
    _open_index = models.Index("(holder_company_id, due_on) WHERE state IN ('owed', 'sent')")

    @api.depends("holder_id")
    def _compute_holder_company_id(self):
        for debt in self:
            # sudo: whose debt it is, whoever reads it
            debt.holder_company_id = debt.holder_id.sudo().commercial_partner_id

    @api.depends("qty", "qty_returned", "state")
    def _compute_qty_open(self):
        for debt in self:
            debt.qty_open = (
                debt.qty - debt.qty_returned if debt.state in ("owed", "sent") else 0.0
            )

    @api.depends("due_on", "state")
    def _compute_overdue_days(self):
        today = self.env["jinxing.policy.parameter"]._service_day()
        for debt in self:
            late = debt.state in ("owed", "sent") and debt.due_on and debt.due_on < today
            debt.overdue_days = (today - debt.due_on).days if late else 0

    @api.depends("product_id")
    def _compute_supplier_id(self):
        for debt in self:
            lot_supplier = debt.lot_id.part_supplier_ids[:1]
            debt.supplier_id = lot_supplier or debt.product_id.seller_ids[:1].partner_id

    # -- opening ---------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
            vals.get(name) for vals in vals_list for name in SYSTEM - {"name", "state"}
        ):
            raise UserError(self._system_message())
        policy = self.env["jinxing.policy.parameter"]
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            if vals.get("state", "owed") != "owed":
                raise UserError(self._system_message())
            if not vals.get("order_id") and not (vals.get("reason") or "").strip():
                raise UserError(
                    self.env._("A debt opened by hand says why the old part is owed.")
                )
            company = self.env["res.company"].browse(
                vals.get("company_id") or self.env.company.id
            )
            issued = fields.Date.to_date(vals.get("issued_on")) or policy._service_day(
                company=company
            )
            vals["issued_on"] = issued
            vals.setdefault(
                "due_on",
                old_parts.due_date(
                    issued, policy._value("old_part_return_days", issued, company)
                ),
            )
            vals["name"] = sequence.with_company(company).next_by_code("jinxing.old.part")
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if SYSTEM & set(vals):
                raise UserError(self._system_message())
            done = self.filtered(lambda debt: debt.state in ("closed", "waived"))
            if done and {"holder_id", "product_id", "qty", "condition", "usable",
                         "supplier_fault"} & set(vals):
                raise UserError(self.env._("What was inspected is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env._("A debt is waived with a reason, not deleted."))

    def _system_message(self):
        return self.env._("Old parts move by their buttons, not by editing.")

    def _ensure_role(self, role):
        self.check_access("read")
        user = self.env.user
        if self.env.su or user.has_group("jinxing_base.group_supervisor"):
            return
        if role == "keeper" and user.has_group("jinxing_base.group_parts_keeper"):
            return
        raise AccessError(
            self.env._("Only the keepers of the parts may do this.")
            if role == "keeper"
            else self.env._("Only a supervisor may do this.")
        )

    def _ensure_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for debt in self:
            if debt.state not in states:
                raise UserError(
                    self.env._(
                        "%(name)s is “%(state)s”: this is not possible.",
                        name=debt.name,
                        state=labels[debt.state],
                    )
                )

    # -- coming back -----------------------------------------------------------------------------

    def _announce(self, waybill=None):
        """Note that the holder has sent old parts (portal)."""
        self._ensure_state("owed", "sent")
        self.write(
            {
                "state": "sent",
                "sent_at": fields.Datetime.now(),
                "waybill_number": (waybill or "").strip() or False,
            }
        )

    def action_receive(self, qty=None):
        """Take old parts in; what is still owed stays owed (G1.3).

        :param qty: how many came of each; all that is owed when it is not said
        :raises UserError: it came already, or more comes than is owed
        """
        self._ensure_role("keeper")
        take(self)
        self._ensure_state("owed", "sent")
        for debt in self:
            came = debt.qty_open if qty is None else qty
            if came <= 0 or debt.uom_id.compare(came, debt.qty_open) > 0:
                raise UserError(
                    self.env._(
                        "%(name)s: %(open)s are owed, %(came)s cannot come back.",
                        name=debt.name,
                        open=debt.qty_open,
                        came=came,
                    )
                )
            # sudo: what came back is nobody's to edit
            debt.sudo()._note_back(self.env.user, fields.Datetime.now(), came)
        return True

    def _note_back(self, user, moment, came=None):
        """Note what came back, all that is owed unless it is said; release the right (G3.4)."""
        for debt in self:
            qty = debt.qty_open if came is None else came
            complete = not debt.uom_id.compare(qty, debt.qty_open)
            debt.write(
                {
                    "qty_returned": debt.qty_returned + qty,
                    "state": "received" if complete else "owed",
                    "received_at": moment,
                    "received_by_id": user.id,
                }
            )
        released = self.right_id.filtered(
            lambda right: right.state in ("open", "claimed")
            and not right.old_part_back_at
            and not right.old_part_ids.filtered("qty_open")
        )
        if released:
            released.with_user(user)._take_old_part()

    def _fate_decision(self):
        self.ensure_one()
        today = self.env["jinxing.policy.parameter"]._service_day(company=self.company_id)
        months = self.env["jinxing.policy.parameter"]._value(
            "supplier_guarantee_months", self.issued_on, self.company_id
        )
        return old_parts.decide_fate(
            old_parts.FateFacts(
                part=self.product_id.display_name,
                today=today,
                supplier=self.supplier_id.display_name or "",
                supplier_fault=self.supplier_fault,
                supplier_until=self.issued_on + relativedelta(months=months),
                refurbishable=self.product_id.is_refurbishable,
                usable=self.usable,
            )
        )

    def action_inspect(self):
        """Close debts by their inspection; the rule says what becomes of the parts (G1.3).

        :raises UserError: the condition found is not written down
        """
        self._ensure_role("keeper")
        take(self)
        self._ensure_state("received")
        for debt in self:
            if not (debt.condition or "").strip():
                raise UserError(
                    self.env._("%(name)s: write down the condition found.", name=debt.name)
                )
            decision = debt._fate_decision()
            # sudo: the fate is the rule's
            owned = debt.sudo()
            owned._record_decisions("old_part_fate", {debt.id: decision})
            owned.write(
                {
                    "state": "closed",
                    "fate": decision.outcome,
                    "inspected_at": fields.Datetime.now(),
                    "inspected_by_id": self.env.uid,
                }
            )
            if decision.outcome == old_parts.RECOVERY:
                owned._draft_claim()
        return True

    def action_waive(self, reason=None):
        """Let a debt go, with a reason; supervisors only."""
        self._ensure_role("supervisor")
        if not (reason or "").strip():
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Waive"),
                "res_model": "jinxing.parts.reason",
                "view_mode": "form",
                "target": "new",
                "context": {"default_action": "waive", "default_old_part_ids": self.ids},
            }
        take(self)
        self._ensure_state("owed", "sent")
        # sudo: the state is nobody's to edit
        self.sudo().write({"state": "waived", "waive_reason": reason.strip()})
        return True

    def action_refurbished(self):
        """Put refurbished parts back into stock, valued as what they are: nothing was bought."""
        self._ensure_role("keeper")
        take(self)
        for debt in self:
            if debt.fate != old_parts.REFURBISH or debt.refurbish_move_id:
                raise UserError(
                    self.env._("%(name)s is not waiting to be refurbished.", name=debt.name)
                )
            # sudo: stock follows the keeper's work
            debt.sudo()._put_back()
        return True

    def _put_back(self):
        self.ensure_one()
        warehouse = self.company_id._parts_headquarters()
        product = self.product_id.with_company(self.company_id)
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": self.qty,
                "product_uom": product.uom_id.id,
                "location_id": product.property_stock_production.id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "company_id": self.company_id.id,
                "origin": self.name,
                "price_unit": 0.0,
            }
        )
        move._action_confirm(merge=False)
        move.quantity = self.qty
        if product.tracking != "none":
            lot = self.env["stock.lot"].create(
                {
                    "name": self.name,
                    "product_id": product.id,
                    "company_id": self.company_id.id,
                }
            )
            move.move_line_ids.lot_id = lot
        move.picked = True
        move._action_done()
        self.refurbish_move_id = move

    def _draft_claim(self):
        """Draft the claim on the supplier, or find the one his fault has already (追偿)."""
        self.ensure_one()
        claim = self.fault_id.recovery_line_ids.claim_id[:1]
        if not claim:
            lines = self.fault_id._prepare_recovery_lines() if self.fault_id else [
                {
                    "kind": "part",
                    "name": f"{self.name} {self.product_id.display_name}",
                    "product_id": self.product_id.id,
                    "amount": self._unit_price() * self.qty,
                }
            ]
            claim = claim.create(
                {
                    "partner_id": self.supplier_id.id,
                    "company_id": self.company_id.id,
                    "line_ids": [Command.create(vals) for vals in lines],
                }
            )
        self.claim_id = claim

    def _barcode_image(self):
        """Return the barcode of the number as an image within the page: labels load nothing."""
        self.ensure_one()
        image = self.env["ir.actions.report"].barcode("Code128", self.name, width=600, height=110)
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"

    # -- charging (G1.3) -------------------------------------------------------------------------

    def _unit_price(self):
        """Return what a piece is worth to us: what it cost."""
        self.ensure_one()
        # sudo: the cost is asked on behalf of the rule
        product = self.sudo().product_id.with_company(self.company_id)
        return product.standard_price or product.lst_price

    def _compute_charged(self):
        # sudo: what a settlement took off, whoever may read the debt
        lines = self.env["jinxing.settlement.line"].sudo().search_fetch(
            [
                ("kind", "=", "unaccounted"),
                ("reference", "in", [debt._reference() for debt in self]),
                ("cancelled", "=", False),
                ("state", "!=", "refused"),
            ],
            ["reference", "amount"],
        )
        charged = {line.reference: -line.amount for line in lines}
        for debt in self:
            debt.charged_amount = charged.get(debt._reference(), 0.0)

    def _reference(self):
        """Return what stands for the debt on a settlement, so that it is taken off once."""
        return f"{self._name},{self.id or 0}"

    @api.model
    def _charges(self, partners, company, settled_on):
        """Return ``{debt: decision}`` of the old parts settlements are charged for (G1.3).

        :param partners: these providers only; ``None`` for all
        """
        domain = [
            ("company_id", "=", company.id),
            ("state", "in", ("owed", "sent")),
            ("due_on", "<", settled_on),
            "|",
            ("holder_company_id.is_dealer", "=", True),
            ("holder_company_id.is_service_station", "=", True),
        ]
        if partners:
            domain.append(("holder_company_id", "in", partners.commercial_partner_id.ids))
        debts = self.search(domain)
        taken = set(
            self.env["jinxing.settlement.line"].search(
                [
                    ("kind", "=", "unaccounted"),
                    ("reference", "in", [debt._reference() for debt in debts]),
                    ("cancelled", "=", False),
                ]
            ).mapped("reference")
        )
        grace = self.env["jinxing.policy.parameter"]._value(
            "old_part_grace_days", settled_on, company
        )
        decisions = {
            debt: old_parts.decide_charge(
                old_parts.ChargeFacts(
                    part=debt.product_id.display_name,
                    owed=debt.qty_open,
                    due_on=debt.due_on,
                    settled_on=settled_on,
                    grace_days=grace,
                    price=debt._unit_price(),
                )
            )
            for debt in debts
            if debt._reference() not in taken
        }
        charged = {
            debt: decision
            for debt, decision in decisions.items()
            if decision.outcome == old_parts.CHARGED
        }
        self._record_decisions(
            "old_part_charge", {debt.id: decision for debt, decision in charged.items()}
        )
        return charged
