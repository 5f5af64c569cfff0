from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

#: What only taking a machine back and giving it out again set.
SYSTEM = frozenset(
    {
        "name", "state", "order_id", "taken_at", "taken_by", "taken_signature", "returned_at",
        "returned_by", "returned_to", "returned_signature", "reclaimed", "lost_id_number",
        "picking_in_id", "picking_out_id", "lot_id", "partner_id",
    }
)


class JinxingRepairReceipt(models.Model):
    """The receipt (收据) a customer gets for his machine, and gives back with it (S8.6)."""

    _name = "jinxing.repair.receipt"
    _description = "Receipt for a Machine"
    _inherit = ["mail.thread"]
    _order = "taken_at desc, id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, index="trigram")
    order_id = fields.Many2one(
        "repair.order", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Machine", required=True, readonly=True, index=True)
    product_id = fields.Many2one(related="lot_id.product_id", string="Model")
    partner_id = fields.Many2one("res.partner", "Customer", required=True, readonly=True)
    state = fields.Selection(
        [("taken", "With us"), ("returned", "Given back")],
        required=True,
        readonly=True,
        default="taken",
        index=True,
    )
    taken_at = fields.Datetime("Taken back", required=True, readonly=True)
    taken_by = fields.Many2one("res.users", "Taken by", required=True, readonly=True)
    handed_over_by = fields.Char("Handed over by", required=True)
    taken_signature = fields.Binary("Signature at handing over", readonly=True, attachment=True)
    accessories = fields.Text("What came along", help="Header, tools, keys, papers ...")
    condition = fields.Text("Condition and damage", required=True)
    engine_hours = fields.Float(digits=(10, 1))
    returned_at = fields.Datetime("Given back on", readonly=True)
    returned_by = fields.Many2one("res.users", "Given out by", readonly=True)
    returned_to = fields.Char("Given back to", readonly=True)
    returned_signature = fields.Binary("Signature on return", readonly=True, attachment=True)
    reclaimed = fields.Boolean("Receipt reclaimed", readonly=True)
    lost_id_number = fields.Char(
        "Receipt lost, identity card", readonly=True, groups="jinxing_base.group_clerk"
    )
    picking_in_id = fields.Many2one("stock.picking", "Received with", readonly=True)
    picking_out_id = fields.Many2one("stock.picking", "Given out with", readonly=True)

    _one_open = models.UniqueIndex(
        "(lot_id) WHERE state = 'taken'", "This machine is with us already."
    )
    _return_complete = models.Constraint(
        "CHECK(state = 'taken' OR (returned_at IS NOT NULL AND returned_to IS NOT NULL"
        " AND (reclaimed OR lost_id_number IS NOT NULL)))",
        "A machine is given back against the receipt, or its loss with an identity card (S8.6).",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("A receipt is made by taking a machine back."))
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            vals["name"] = sequence.next_by_code("jinxing.repair.receipt")
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and (
            SYSTEM & set(vals) or self.filtered(lambda r: r.state == "returned")
        ):
            raise UserError(self.env._("What a receipt states is not changed any more."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Receipts are kept."))

    @api.constrains("condition", "handed_over_by")
    def _check_filled(self):
        for receipt in self:
            if not (receipt.condition or "").strip() or not (receipt.handed_over_by or "").strip():
                raise ValidationError(
                    self.env._("Note the machine's condition and who handed it over (S8.6).")
                )

    def _move_machine(self, source, destination, picking_type):
        """Book the machine, which stays the customer's, from one place to another.

        :return: the done transfer
        """
        self.ensure_one()
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "partner_id": self.partner_id.id,
                "owner_id": self.partner_id.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "origin": f"{self.order_id.name} {self.name}",
                "company_id": self.company_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product_id.id,
                            "product_uom_qty": 1,
                            "product_uom": self.product_id.uom_id.id,
                            "location_id": source.id,
                            "location_dest_id": destination.id,
                            "receipt_id": self.id,
                            "company_id": self.company_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        move = picking.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": self.product_id.id,
                    "lot_id": self.lot_id.id,
                    "quantity": 1,
                    "owner_id": self.partner_id.id,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "picking_id": picking.id,
                    "company_id": self.company_id.id,
                }
            )
        ]
        move.picked = True
        picking._action_done()
        return picking


class StockLocation(models.Model):
    _inherit = "stock.location"

    is_takeback = fields.Boolean(
        "Customers' machines", help="Where machines stand that were taken back for repair (S8.6)."
    )

    @api.model
    def _takeback_location(self, warehouse):
        """Return where customers' machines stand in ``warehouse``, making it when missing."""
        found = self.search(
            [("is_takeback", "=", True), ("warehouse_id", "=", warehouse.id)], limit=1
        )
        return found or self.create(
            {
                "name": warehouse.company_id._in_own_language().env._("Customers' machines"),
                "usage": "internal",
                "location_id": warehouse.view_location_id.id,
                "company_id": warehouse.company_id.id,
                "is_takeback": True,
            }
        )


class StockMoveReceipt(models.Model):
    _inherit = "stock.move"

    receipt_id = fields.Many2one(
        "jinxing.repair.receipt", index="btree_not_null", copy=False, ondelete="restrict"
    )
    register_direction = fields.Selection(
        [("in", "In"), ("out", "Out")], "In or out", compute="_compute_register_direction"
    )
    register_lot = fields.Char("Serial number", related="receipt_id.lot_id.name")

    @api.depends("receipt_id", "location_dest_id.usage")
    def _compute_register_direction(self):
        for move in self:
            outside = move.location_dest_id.usage == "customer"
            move.register_direction = move.receipt_id and ("out" if outside else "in")


class RepairOrder(models.Model):
    _inherit = "repair.order"

    receipt_ids = fields.One2many("jinxing.repair.receipt", "order_id", "Receipts", readonly=True)
    open_receipt_id = fields.Many2one(
        "jinxing.repair.receipt", "Machine is with us", compute="_compute_open_receipt_id"
    )

    @api.depends("receipt_ids.state")
    def _compute_open_receipt_id(self):
        for order in self:
            order.open_receipt_id = order.receipt_ids.filtered(lambda r: r.state == "taken")[:1]

    def _has_output(self, name):
        if name == "delivered":
            return not self.open_receipt_id
        return super()._has_output(name)

    def action_take_back(
        self, handed_over_by=None, condition=None, accessories=None, signature=None, at=None
    ):
        """Take the machine to the factory against a receipt (S8.6).

        Books it in, as the customer's; the repair time of G2 counts from here.

        :param handed_over_by: who gives the machine away
        :param condition: what it looks like, damage included
        """
        if not self._reason(handed_over_by) or not self._reason(condition):
            self._ensure_role("worker")
            return self._open_receipt_wizard("take")
        signature = self._checked_signature(signature) if signature else signature
        self._begin("worker")
        self._ensure_can("take_back", {order.id: {"receipt"} for order in self})
        for order in self:
            if not order.lot_id or not order.partner_id:
                raise UserError(
                    self.env._("%(order)s: whose machine is it, and which?", order=order.name)
                )
            moment = order._moment(at, after=order.arrived_at)
            # sudo: the receipt and the booking follow the step
            elevated = order.sudo()
            receipt = elevated.receipt_ids.create(
                {
                    "order_id": order.id,
                    "lot_id": order.lot_id.id,
                    "partner_id": order.partner_id.id,
                    "taken_at": moment,
                    "taken_by": self.env.uid,
                    "handed_over_by": handed_over_by.strip(),
                    "condition": condition.strip(),
                    "accessories": accessories,
                    "taken_signature": signature,
                    "engine_hours": order.engine_hours,
                }
            )
            warehouse = elevated.picking_type_id.warehouse_id
            place = elevated.env["stock.location"]._takeback_location(warehouse)
            receipt.picking_in_id = receipt._move_machine(
                self.env.ref("stock.stock_location_customers"), place, warehouse.in_type_id
            )
            order._take_step(
                "take_back",
                {
                    "product_location_src_id": place.id,
                    "product_location_dest_id": place.id,
                    **order._handed_over_vals(moment),
                },
                reason=receipt.name,
                at=moment,
                checked=True,
            )
            visit = order._current_visit()
            visit.write({"left_at": moment, "outcome": "taken_back"})
        return True

    def _handed_over_vals(self, moment):
        """Return what the moment of taking the machine back sets on the order (送修, G2)."""
        return {}

    def action_deliver_back(
        self, returned_to=None, signature=None, reclaimed=False, lost_id_number=None, at=None
    ):
        """Give the repaired machine back against the receipt and a signature (S8.6).

        :param reclaimed: the customer gave the receipt back
        :param lost_id_number: he lost it: the number of his identity card
        """
        self.ensure_one()
        if not signature or not self._reason(returned_to):
            self._ensure_role("worker")
            return self._open_receipt_wizard("return")
        self._begin("worker")
        signature = self._checked_signature(signature) if signature else signature
        receipt = self.open_receipt_id
        if not receipt or self.service_state not in ("taken_back", "repaired"):
            raise UserError(self.env._("%(order)s: no machine is with us.", order=self.name))
        if not reclaimed and not self._reason(lost_id_number):
            raise UserError(
                self.env._(
                    "Take the receipt back, or note the identity card of who lost it (S8.6)."
                )
            )
        moment = self._moment(at, after=receipt.taken_at)
        # sudo: the booking follows the step
        elevated = receipt.sudo()
        warehouse = elevated.order_id.picking_type_id.warehouse_id
        customers = self.env.ref("stock.stock_location_customers")
        picking = elevated._move_machine(
            elevated.picking_in_id.location_dest_id, customers, warehouse.out_type_id
        )
        elevated.write(
            {
                "state": "returned",
                "returned_at": moment,
                "returned_by": self.env.uid,
                "returned_to": returned_to.strip(),
                "returned_signature": signature,
                "reclaimed": reclaimed,
                "lost_id_number": self._reason(lost_id_number),
                "picking_out_id": picking.id,
            }
        )
        # sudo: where the machine stands follows the booking
        self.sudo().write(
            {"product_location_src_id": customers.id, "product_location_dest_id": customers.id}
        )
        return True

    def _open_receipt_wizard(self, mode):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take back") if mode == "take" else self.env._("Give back"),
            "res_model": "jinxing.repair.take.back",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self[:1].id, "default_mode": mode},
        }
