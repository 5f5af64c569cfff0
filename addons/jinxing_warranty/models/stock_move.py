from odoo import models

from ..rules import phone
from .service_day import service_day


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Draft a warranty card for each machine delivered on a sale order."""
        done = super()._action_done(cancel_backorder=cancel_backorder)
        moves = done.filtered(
            lambda m: m.state == "done" and m.sale_line_id and m.product_id.is_machine
        )
        moves._take_back_machines()
        moves._register_sold_machines()
        return done

    def _register_sold_machines(self):
        """Note the sale on the machines of these moves and draft their cards (G5.3)."""
        vals_list = []
        for move in self.filtered(lambda m: m.location_dest_id.usage == "customer"):
            order = move.sale_line_id.order_id
            buyer = order.partner_id.commercial_partner_id
            day = service_day(move.env, move.date)
            for lot in move.move_line_ids.lot_id:
                # sudo: the warehouse delivers, it has no rights on cards
                machine = lot.sudo()
                if machine.card_ids.filtered(lambda c: c.state in ("draft", "active")):
                    continue
                machine.write(
                    {"sold_date": day, "dealer_id": buyer.id if buyer.is_dealer else False}
                )
                if buyer.is_dealer:
                    continue  # the dealer registers his own sale to the farmer
                number = order.partner_id.phone
                vals_list.append(
                    {
                        "source": "sale",
                        "lot_id": lot.id,
                        "owner_id": order.partner_id.id,
                        # a bad number must not stop a delivery: it is asked for at activation
                        "owner_phone": number if phone.is_valid(number) else False,
                        "sale_line_id": move.sale_line_id.id,
                        "company_id": order.company_id.id,
                    }
                )
        # sudo: as above
        cards = self.env["jinxing.warranty.card"].sudo().create(vals_list)
        cards._fill_in_invoices()

    def _take_back_machines(self):
        """Void drafts of machines that come back, and forget the sale."""
        moves = self.filtered(lambda m: m.location_id.usage == "customer")
        # sudo: as in _register_sold_machines
        machines = moves.move_line_ids.lot_id.sudo().filtered(lambda lot: not lot.card_id)
        drafts = machines.card_ids.filtered(lambda c: c.state == "draft" and c.sale_line_id)
        if drafts:
            drafts.action_void(self.env._("The machine came back to us."))
        machines._forget_card()


class StockLot(models.Model):
    _inherit = "stock.lot"

    def _own_sale_days(self):
        """Return ``{id: day}`` of machines we delivered ourselves and that did not come back."""
        lines = self.env["stock.move.line"].search_fetch(
            [
                ("lot_id", "in", self.ids),
                ("state", "=", "done"),
                ("move_id.sale_line_id", "!=", False),
            ],
            ["lot_id", "date", "location_dest_id"],
            order="date, id",
        )
        days = {}
        for line in lines:
            there = line.location_dest_id.usage == "customer"
            day = service_day(line.env, line.date)
            days[line.lot_id.id] = day if there else False
        return days
