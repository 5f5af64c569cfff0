"""Close what the base's routes give away: slips of others, foreign sale lines."""

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.rma.controllers.main import PortalRma
from odoo.addons.rma_sale.controllers.sale_portal import CustomerPortal


class ReturnPortal(PortalRma):
    def _picking_check_access(self, rma_id, picking_id, access_token=None):
        """Let a token open the slips of its own return only, not any slip there is."""
        picking_sudo = super()._picking_check_access(
            rma_id, picking_id, access_token=access_token
        )
        # sudo: the link is checked, nothing is shown
        rma = request.env["rma"].browse(rma_id).sudo().exists()
        moves = rma.reception_move_id | rma.delivery_move_ids
        if picking_sudo not in moves.picking_id:
            raise AccessError(request.env._("This delivery slip is not of this return."))
        return picking_sudo


class ReturnSalePortal(CustomerPortal):
    @http.route()
    def request_rma(self, order_id, access_token=None, **post):
        """Refuse a request that names lines or moves of another order."""
        # sudo: which order a line is of is checked, nothing is shown
        lines = request.env["sale.order.line"].sudo()
        # sudo: as above
        moves = request.env["stock.move"].sudo()
        for name, value in post.items():
            field = name.split("-", 1)[-1]
            if field not in ("sale_line_id", "move_id", "picking_id") or not value:
                continue
            if not str(value).isdigit():
                return request.redirect("/my")
            number = int(value)
            if field == "sale_line_id":
                found = lines.browse(number).exists().order_id.id
            elif field == "move_id":
                found = moves.browse(number).exists().sale_line_id.order_id.id
            else:
                # sudo: as above
                picking = request.env["stock.picking"].sudo().browse(number).exists()
                found = picking.sale_id.id
            if found != order_id:
                return request.redirect("/my")
        return super().request_rma(order_id, access_token=access_token, **post)
