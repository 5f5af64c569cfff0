from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """Note number and day of the invoice on the cards of machines we sold ourselves."""
        posted = super()._post(soft=soft)
        lines = posted.filtered(lambda m: m.move_type == "out_invoice").invoice_line_ids
        if lines.sale_line_ids:
            # sudo: finance posts invoices, it has no rights on cards
            cards = self.env["jinxing.warranty.card"].sudo()
            cards.search(
                [("sale_line_id", "in", lines.sale_line_ids.ids), ("state", "=", "draft")]
            )._fill_in_invoices()
        return posted


class JinxingWarrantyCard(models.Model):
    _inherit = "jinxing.warranty.card"

    def _fill_in_invoices(self):
        """Take number and day from the posted invoice of the sale, where the card has none."""
        for card in self.filtered(lambda c: c.sale_line_id and not c.invoice_date):
            invoice = card.sale_line_id.invoice_lines.move_id.filtered(
                lambda m: m.state == "posted" and m.move_type == "out_invoice"
            )[:1]
            if invoice:
                card.write(
                    {
                        "invoice_number": invoice.fapiao or invoice.name,
                        "invoice_date": invoice.invoice_date,
                    }
                )
