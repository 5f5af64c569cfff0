from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import ReturnData


@tagged("post_install", "-at_install")
class TestPortal(ReturnData, HttpCase):
    """The holes of the base's routes are closed (R10)."""

    def test_slips_of_others(self):
        """R10: the token of one's own return opens its own slips, not another customer's."""
        mine = self.sale(self.rope)
        other = self.sale(self.rope, partner=self.other_farmer)
        rma = self.request(mine, condition="good")
        rma.action_confirm()
        token = rma.sudo()._portal_ensure_token()
        slip = other.picking_ids
        url = f"/my/rma/picking/pdf/{rma.id}/{slip.id}?access_token={token}"
        answer = self.url_open(url, allow_redirects=False)
        self.assertNotEqual(answer.headers.get("Content-Type"), "application/pdf")
        self.assertEqual(answer.status_code, 303)
        own = rma.sudo().reception_move_id.picking_id
        url = f"/my/rma/picking/pdf/{rma.id}/{own.id}?access_token={token}"
        self.assertEqual(self.url_open(url).status_code, 200)
        answer = self.url_open(
            f"/my/rma/picking/pdf/{rma.id}/{own.id}?access_token=wrong", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)

    def test_foreign_sale_line(self):
        """R10: a customer cannot ask for the return of what another bought."""
        mine = self.sale(self.rope)
        other = self.sale(self.rope, partner=self.other_farmer)
        self.authenticate("r_farmer", "r_farmer")

        def post(line, move, csrf=True):
            data = {
                "0-sale_line_id": line.id,
                "0-product_id": self.rope.id,
                "0-quantity": 1,
                "0-uom_id": self.rope.uom_id.id,
                "0-operation_id": self.refund_operation.id,
                "0-picking_id": move.picking_id.id,
            }
            if csrf:
                data["csrf_token"] = Request.csrf_token(self)
            return self.url_open(
                f"/my/orders/{mine.id}/requestrma", data=data, allow_redirects=False
            )

        before = self.env["rma"].search_count([])
        post(other.order_line, other.picking_ids.move_ids)
        self.assertEqual(self.env["rma"].search_count([]), before)
        post(mine.order_line, other.picking_ids.move_ids)
        self.assertEqual(self.env["rma"].search_count([]), before)
        with mute_logger("odoo.http"):
            forged = post(mine.order_line, mine.picking_ids.move_ids, csrf=False)
        self.assertEqual(forged.status_code, 400)
        post(mine.order_line, mine.picking_ids.move_ids)
        made = self.env["rma"].search([], limit=1, order="id desc")
        self.assertEqual(self.env["rma"].search_count([]), before + 1)
        self.assertEqual(made.partner_id, self.farmer)
