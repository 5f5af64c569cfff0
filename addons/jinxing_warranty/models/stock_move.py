from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Draft a warranty card for each machine delivered on a sale order."""
        done = super()._action_done(cancel_backorder=cancel_backorder)
        done._register_sold_machines()
        return done

    def _register_sold_machines(self):
        """Note the sale on the machines of these moves and draft their cards (G5.3)."""
        vals_list = []
        moves = self.filtered(
            lambda m: m.state == "done"
            and m.sale_line_id
            and m.product_id.is_machine
            and m.location_dest_id.usage == "customer"
        )
        for move in moves:
            order = move.sale_line_id.order_id
            buyer = order.partner_id.commercial_partner_id
            day = move.date.date()
            for lot in move.move_line_ids.lot_id:
                # sudo: the warehouse delivers, it has no rights on cards
                machine = lot.sudo()
                if machine.card_ids:
                    continue
                machine.write(
                    {"sold_date": day, "dealer_id": buyer.id if buyer.is_dealer else False}
                )
                if buyer.is_dealer:
                    continue  # the dealer registers his own sale to the farmer
                vals_list.append(
                    {
                        "lot_id": lot.id,
                        "product_id": lot.product_id.id,
                        "owner_id": order.partner_id.id,
                        "owner_phone": order.partner_id.phone,
                        "sale_line_id": move.sale_line_id.id,
                        "company_id": order.company_id.id,
                    }
                )
        # sudo: as above
        self.env["jinxing.warranty.card"].sudo().create(vals_list)
