import base64

from odoo import api, models
from odoo.exceptions import AccessError, UserError


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def _ensure_printable(self):
        """Refuse to print the orders to who has no need of the paper.

        Our people print what they may read; outside, only who does the work: the technician and
        the provider. Owner and dealer follow the order on their page.

        :raises AccessError: the orders are not the reader's
        :raises UserError: one is no dispatch order
        """
        self.check_access("read")
        plain = self.filtered(lambda order: not order.service_kind)
        if plain:
            raise UserError(
                self.env._(
                    "%(names)s: no dispatch order.", names=", ".join(plain.mapped("name"))
                )
            )
        user = self.env.user
        if self.env.su or user._is_internal():
            return
        if not all(order._is_worker(user) for order in self):
            raise AccessError(
                self.env._("A dispatch order is printed by who does the work, or by the factory.")
            )

    def action_print(self):
        """Print the dispatch orders (S8.1)."""
        self._ensure_printable()
        return self.env.ref("jinxing_repair.action_report_dispatch_order").report_action(self)

    def _print_address(self):
        """Return what the code on the paper leads to: the order on the technician's phone."""
        self.ensure_one()
        return f"{self.get_base_url()}/my/jobs/{self.id}"

    def _print_qr(self):
        """Return the code for the technician's phone as an image that stands in the page."""
        return self.env["stock.lot"]._qr_image(self._print_address())

    @api.model
    def _print_barcode(self, number):
        """Return a number as a bar code that stands in the page, to be scanned at the desk."""
        image = self.env["ir.actions.report"].barcode("Code128", number, width=520, height=70)
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"

    def _print_steps(self):
        """Return ``{action: step}``, the last time each step was taken."""
        self.ensure_one()
        return {step.action: step for step in self.step_ids}

    def _print_lines(self):
        """Return parts, labour and travel in the order of their faults, with what is to be paid.

        ``amount`` is empty where it is free. What was quoted counts as quoted, with tax; before
        that it is the fee card's and the list's price.
        """
        self.ensure_one()
        numbers = {fault: index for index, fault in enumerate(self.fault_ids, 1)}
        lines = []
        for move in self.move_ids.filtered(
            lambda m: m.repair_line_type == "add" and m.state != "cancel"
        ):
            used = move.quantity if move.picked or move.state == "done" else move.product_uom_qty
            lines.append(
                {
                    "fault": numbers.get(move.fault_id, ""),
                    "name": move.product_id.name,
                    "code": move.product_id.default_code or "",
                    "serial": ", ".join(move.lot_ids.mapped("name")),
                    "quantity": used,
                    "unit": move.product_uom.name,
                    "price": move.sale_line_id.price_unit or move.product_id.lst_price,
                    "free": move.fault_id.cover == "free",
                    "sale_line": move.sale_line_id,
                }
            )
        for service in self.repair_service_ids:
            lines.append(
                {
                    "fault": numbers.get(service.fault_id, ""),
                    "name": service.fee_item_id.name or service.product_id.name,
                    "code": service.fee_item_id.code or "",
                    "serial": "",
                    "quantity": service.product_uom_qty,
                    "unit": service.product_uom.name,
                    "price": service.price_unit,
                    "free": not service.is_chargeable,
                    "sale_line": service.sale_line_id,
                }
            )
        for line in lines:
            sale_line = line.pop("sale_line")
            line["amount"] = (
                False
                if line["free"]
                else sale_line.price_total or line["price"] * line["quantity"]
            )
        return sorted(lines, key=lambda line: line["fault"] or 0)

    def _print_total(self):
        """Return what the customer is to pay: as quoted, else as far as it is known."""
        self.ensure_one()
        return self.quote_amount or sum(line["amount"] or 0.0 for line in self._print_lines())
