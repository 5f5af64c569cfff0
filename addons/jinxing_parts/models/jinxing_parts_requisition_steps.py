from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jinxing_base.models.locking import take

from ..rules import routing


class JinxingPartsRequisition(models.Model):
    _inherit = "jinxing.parts.requisition"

    # -- who may -------------------------------------------------------------------------------

    def _ensure_role(self, role):
        """Refuse who may not do it: ``keeper``, ``supervisor``, or ``requester`` (his own).

        :raises AccessError: the requisitions are not his, or his role does not do this
        """
        self.check_access("read")
        user = self.env.user
        if self.env.su or user.has_group("jinxing_base.group_supervisor"):
            return
        if role != "supervisor" and user.has_group("jinxing_base.group_parts_keeper"):
            return
        if role == "requester" and all(r._is_requester(user) for r in self):
            return
        raise AccessError(
            self.env._("Only a supervisor may do this.")
            if role == "supervisor"
            else self.env._("Only the keepers of the parts may do this.")
            if role == "keeper"
            else self.env._("Only who asks for the parts may do this.")
        )

    def _is_requester(self, user):
        """Tell whether ``user`` asks for himself, or acts for the company that asks."""
        self.ensure_one()
        # sudo: whom it is for is asked before the reader's rights count
        partner = self.sudo().partner_id
        if user._is_portal():
            return partner.commercial_partner_id == user.partner_id._jinxing_portal_partner()
        return partner == user.partner_id

    def _lock(self):
        """Take the requisitions for this transaction, so that one of two at once wins."""
        take(self, "state")

    def _ensure_state(self, *states):
        """Refuse a step that is not the requisitions' turn.

        :raises UserError: names them and what they are
        """
        wrong = self.filtered(lambda r: r.state not in states)
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(name)s is “%(state)s”: this is not possible.",
                        name=requisition.name,
                        state=labels[requisition.state],
                    )
                    for requisition in wrong
                )
            )

    # -- handing in (A3) -------------------------------------------------------------------------

    def action_submit(self):
        """Hand requisitions in; who supplies and on what terms is decided now (A3).

        :raises UserError: nothing is asked for, or a part has no way to the requester
        """
        self._ensure_role("requester")
        self._lock()
        self._ensure_state("draft")
        for requisition in self:
            if not requisition.line_ids:
                raise UserError(
                    self.env._("%(name)s asks for nothing.", name=requisition.name)
                )
            # sudo: the rule's outcome is nobody's to edit
            requisition.sudo()._submit()
        return True

    def _submit(self):
        self.ensure_one()
        decision = self.partner_id._supply_decision()
        self._record_decisions("parts_supply", {self.id: decision})
        destination = self.partner_id._parts_destination()
        self.write(
            {
                "state": "submitted",
                "submitted_at": fields.Datetime.now(),
                "supply_warehouse_id": self.partner_id._supply_warehouse(
                    decision, self.company_id
                ).id,
                "location_id": destination.id,
            }
        )
        # the cart's place is free for the next one
        self.flush_recordset(["state"])
        if self.kind == "return":
            self._start_return()
            return
        self.line_ids._decide_terms()
        moving = self.line_ids.filtered(lambda line: line.terms != "sale")
        if moving and not destination:
            raise UserError(
                self.env._(
                    "%(name)s has no store the parts could go to. A keeper gives one under "
                    "Contacts.",
                    name=self.partner_id.display_name,
                )
            )

    def action_reroute(self, warehouse_id=None, reason=None):
        """Have another warehouse supply, with a reason (A3)."""
        self._ensure_role("keeper")
        if not warehouse_id or not (reason or "").strip():
            return self._open_reason("reroute", self.env._("Supply from another warehouse"))
        self._lock()
        self._ensure_state("submitted")
        warehouse = self.env["stock.warehouse"].browse(warehouse_id)
        for requisition in self:
            if warehouse.company_id != requisition.company_id or not warehouse.parts_role:
                raise UserError(
                    self.env._(
                        "%(name)s is no service-parts warehouse of the company (B22).",
                        name=warehouse.display_name,
                    )
                )
            decision = routing.reroute(
                requisition.partner_id._supply_decision(),
                warehouse.name,
                warehouse.partner_id.id if warehouse.parts_role == "centre" else None,
                self.env.user.name,
                reason,
            )
            # sudo: the outcome is nobody's to edit
            requisition.sudo()._record_decisions("parts_supply", {requisition.id: decision})
            requisition.sudo().supply_warehouse_id = warehouse  # sudo: as above
        return True

    def _open_reason(self, action, title):
        """Open the form that asks for what a step needs."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "jinxing.parts.reason",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_action": action,
                "default_requisition_ids": self.ids,
            },
        }

    # -- approving and refusing ------------------------------------------------------------------

    def action_approve(self, reason=None):
        """Approve requisitions: our stock starts moving, a sale is confirmed (A3).

        :param reason: why a supervisor lets an order exceed the station's credit
        :raises UserError: nothing is approved, or an order exceeds the credit
        """
        self._ensure_role("keeper")
        self._lock()
        self._ensure_state("submitted")
        for requisition in self:
            if not any(line.qty_approved > 0 for line in requisition.line_ids):
                raise UserError(
                    self.env._(
                        "%(name)s: nothing is approved. Refuse it with a reason instead.",
                        name=requisition.name,
                    )
                )
            if not requisition._credit_allows(reason):
                return requisition._open_reason("approve", self.env._("Beyond the credit"))
            # sudo: stock and sales follow the approved requisition
            requisition.sudo()._fulfil()
        return True

    def _credit_allows(self, reason):
        """Store whether the order keeps within the credit; tell whether it may go on (A3).

        Beyond it only a supervisor may let it pass, with a reason. A keeper's try is stored too.
        """
        self.ensure_one()
        sold = self.line_ids.filtered(lambda line: line.terms == "sale")
        amount = sum(sold.mapped("amount"))
        if not amount:
            return True
        decision = self.partner_id._credit_decision(amount, self.company_id)
        self._record_decisions("parts_credit", {self.id: decision})
        if decision.outcome == routing.WITHIN:
            return True
        supervisor = self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")
        if not supervisor:
            if reason:
                raise AccessError(
                    self.env._("Only a supervisor may let an order exceed the credit (A3).")
                )
            return False
        if not (reason or "").strip():
            return False
        self.message_post(
            body=self.env._("Approved beyond the credit: %(reason)s", reason=reason.strip())
        )
        return True

    def action_refuse(self, reason=None):
        """Refuse requisitions, with the reason the station reads (A3)."""
        self._ensure_role("keeper")
        if not (reason or "").strip():
            return self._open_reason("refuse", self.env._("Refuse"))
        self._lock()
        self._ensure_state("submitted")
        # sudo: the state is nobody's to edit
        self.sudo().write({"state": "refused", "refusal": reason.strip()})
        return True

    def action_cancel(self):
        """Give a requisition up: before it is approved the requester may, then a keeper.

        After the approval only what has not been shipped is given up.
        """
        self._ensure_role("requester")
        self._lock()
        self._ensure_state("draft", "submitted", "approved")
        running = self.filtered(lambda r: r.state == "approved")
        if running:
            running._ensure_role("keeper")
        # sudo: the state and the stock behind it are nobody's to edit
        (self - running).sudo().write({"state": "cancelled"})
        for requisition in running.sudo():  # sudo: as above
            requisition._give_up_open()
            requisition._close_finished()
        return True

    # -- fulfilment --------------------------------------------------------------------------------

    def _fulfil(self):
        """Start what was approved: stock requests for our stock, a sale order for the rest."""
        self.ensure_one()
        self = self.with_company(self.company_id)
        self.write(
            {
                "state": "approved",
                "approved_at": fields.Datetime.now(),
                "approved_by_id": self.env.uid,
            }
        )
        lines = self.line_ids.filtered(lambda line: line.qty_approved > 0)
        moving = lines.filtered(lambda line: line.terms != "sale")
        if moving:
            self._make_stock_requests(moving)
        if lines - moving:
            self._make_sale_order(lines - moving)

    def _needed_at(self):
        """Return until when the parts should be there."""
        self.ensure_one()
        now = fields.Datetime.now()
        if not self.date_needed:
            return now
        return max(fields.Datetime.to_datetime(self.date_needed), now)

    def _make_stock_requests(self, lines):
        self.ensure_one()
        route = self.supply_warehouse_id._supply_route(self.location_id)
        reference = self.env["stock.reference"].create({"name": self.name})
        common = {
            "warehouse_id": (self.location_id.warehouse_id or self.supply_warehouse_id).id,
            "location_id": self.location_id.id,
            "company_id": self.company_id.id,
            "expected_date": self._needed_at(),
            "requested_by": self.user_id.id,
            "picking_policy": "direct",
            "reference_ids": [Command.set(reference.ids)],
        }
        order = self.env["stock.request.order"].create(common)
        requests = self.env["stock.request"].create(
            [
                {
                    **common,
                    "order_id": order.id,
                    "product_id": line.product_id.id,
                    "product_uom_id": line.product_id.uom_id.id,
                    "product_uom_qty": line.qty_approved,
                    "route_id": route.id,
                }
                for line in lines
            ]
        )
        for line, request in zip(lines, requests, strict=True):
            line.stock_request_id = request
        self.request_order_id = order
        order.action_confirm()

    def _make_sale_order(self, lines):
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company_id.id,
                "warehouse_id": self.supply_warehouse_id.id,
                "origin": self.name,
                "client_order_ref": self.name,
                "commitment_date": self._needed_at(),
                "picking_policy": "direct",
                "order_line": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_uom_qty": line.qty_approved,
                            "price_unit": line.price_unit,
                        }
                    )
                    for line in lines
                ],
            }
        )
        for line, sold in zip(lines, order.order_line, strict=True):
            line.sale_line_id = sold
        self.sale_order_id = order
        order.action_confirm()

    def _start_return(self):
        """Announce unused parts that come back; they leave the store when they arrive."""
        self.ensure_one()
        if not self.location_id.parts_kind:
            raise UserError(
                self.env._(
                    "%(name)s has no store parts could come back from.",
                    name=self.partner_id.display_name,
                )
            )
        warehouse = self.supply_warehouse_id
        warehouse.int_type_id.active = True
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "partner_id": self.partner_id.id,
                "location_id": self.location_id.id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "origin": self.name,
                "company_id": self.company_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_uom_qty": line.qty,
                            "product_uom": line.product_id.uom_id.id,
                            "location_id": self.location_id.id,
                            "location_dest_id": warehouse.lot_stock_id.id,
                            "requisition_line_id": line.id,
                        }
                    )
                    for line in self.line_ids
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        self.write(
            {
                "return_picking_id": picking.id,
                "state": "approved",
                "approved_at": fields.Datetime.now(),
            }
        )

    def _price_of(self, product, quantity):
        """Return what a piece costs the requester, by his price list."""
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        pricelist = partner.with_company(self.company_id).property_product_pricelist
        if not pricelist:
            return product.with_company(self.company_id).lst_price
        return pricelist._get_product_price(
            product, quantity or 1.0, currency=self.currency_id, partner=partner
        )

    def _receivable_pickings(self):
        """Return the shipments the requester can receive now: arrived in transit, or sold."""
        pickings = self.line_ids.move_ids.picking_id
        return pickings.filtered(
            lambda p: not p.parts_received_at
            and (
                (p.is_parts_sale and p.state == "done")
                or (
                    p.location_id.usage == "transit"
                    and p.state in ("confirmed", "assigned", "waiting")
                    and any(move.quantity for move in p.move_ids)
                )
            )
        )

    # -- giving up, closing ------------------------------------------------------------------------

    def _give_up_open(self):
        """Cancel what has not left the warehouse; what is on its way still arrives."""
        for requisition in self:
            lines = requisition.line_ids
            open_moves = lines.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
            leaving = open_moves.filtered(lambda m: m.location_id.usage == "internal")
            for line in lines:
                line.qty_cancelled += sum(
                    (leaving & line.move_ids).mapped("product_qty")
                )
            leaving._action_cancel()
            for line in lines:
                line._fit_receipts()
                sold = line.sale_line_id
                if sold and sold.product_uom_qty > sold.qty_delivered:
                    sold.product_uom_qty = sold.qty_delivered

    def _close_finished(self):
        """Close the requisitions of which nothing is to come any more."""
        finished = self.filtered(
            lambda r: r.state == "approved"
            and all(
                not line.qty_open
                and line.product_id.uom_id.compare(line.qty_in_transit, 0) <= 0
                for line in r.line_ids
            )
        )
        if not finished:
            return
        empty = finished.filtered(
            lambda r: not any(line.qty_shipped for line in r.line_ids)
        )
        now = fields.Datetime.now()
        empty.write({"state": "cancelled", "closed_at": now})
        (finished - empty).write({"state": "done", "closed_at": now})
        requests = finished.line_ids.stock_request_id.filtered(
            lambda request: request.state not in ("done", "cancel")
        )
        requests.write({"state": "done"})

    @api.model
    def _cart_of(self, partner, kind="supply", create=True):
        """Return the user's open cart for ``partner``, a new one when there is none."""
        # sudo: the cart of the person who asks; portal users have no rights of their own on it
        carts = self.sudo()
        domain = [
            ("partner_id", "=", partner.id),
            ("user_id", "=", self.env.uid),
            ("company_id", "=", self.env.company.id),
            ("state", "=", "draft"),
            ("kind", "=", kind),
        ]
        cart = carts.search(domain, limit=1)
        if not cart and create:
            cart = carts.create(
                {
                    "partner_id": partner.id,
                    "user_id": self.env.uid,
                    "company_id": self.env.company.id,
                    "kind": kind,
                }
            )
        return cart
