from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.http import request, route

from .portal_parts import PartsPortal, number

MAX_FILE = 8 * 1024 * 1024
#: first bytes of a scan -> the file's ending
FILE_KINDS = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n": "png", b"%PDF-": "pdf"}


class ReturnsPortal(PartsPortal):
    """Old parts a station owes, and what it bought itself (G1.3, A2)."""

    @route("/my/old-parts", type="http", auth="user", website=True, readonly=True)
    def portal_old_parts(self, **kw):
        """List the old parts one owes, the oldest first."""
        self._ensure_requester()
        debts = request.env["jinxing.old.part"].search(
            [("state", "!=", "waived")], limit=200, order="state, due_on, id"
        )
        return request.render(
            "jinxing_parts.portal_old_parts",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "old_parts",
                # sudo: the user's own, read with his rights above
                "debts": debts.sudo(),
            },
        )

    @route(
        "/my/old-parts/<int:debt_id>/sent",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_old_part_sent(self, debt_id, **post):
        """Say that an old part is on its way back (G1.3)."""
        debt = self._own("jinxing.old.part", debt_id)
        if debt.state in ("owed", "sent"):
            debt._announce((post.get("waybill") or "")[:100])
        return request.redirect("/my/old-parts")

    @route("/my/parts-purchases", type="http", auth="user", website=True, methods=["GET"])
    def portal_parts_purchases(self, **kw):
        """List what one bought oneself, with the form to report more (A2)."""
        return self._render_purchases()

    def _render_purchases(self, error="", values=None):
        requester = self._ensure_requester()
        # sudo: one's own reports, chosen by the requester
        purchases = request.env["jinxing.station.purchase"].sudo().search(
            [("partner_id", "=", requester.id)], limit=60
        )
        # sudo: the parts a station may have bought are those of the catalogue
        parts = request.env["product.product"].sudo().search([("is_spare_part", "=", True)])
        return request.render(
            "jinxing_parts.portal_parts_purchases",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "parts_purchases",
                "purchases": purchases,
                "products": parts,
                "error": error,
                "values": values or {},
                "today": fields.Date.context_today(request.env.user),
            },
        )

    @route("/my/parts-purchases", type="http", auth="user", website=True, methods=["POST"])
    def portal_parts_purchase_report(self, **post):
        """Report a purchase of one's own; the rule says whether the channel was proper (A2)."""
        requester = self._ensure_requester()
        try:
            scan = self._read_scan(post.get("scan"))
            supplier = self._known_supplier(post.get("supplier"))
            vals = {
                "partner_id": requester.id,
                "supplier_name": (post.get("supplier") or "").strip()[:200],
                "supplier_id": supplier.id,
                "product_id": self._number_of(post.get("product_id")),
                "qty": number(post.get("qty")),
                "price_unit": number(post.get("price")),
                "date": post.get("date") or False,
                "invoice_number": (post.get("invoice") or "").strip()[:100],
            }
            if not all(vals[name] for name in ("supplier_name", "product_id", "qty", "date",
                                               "invoice_number")):
                raise UserError(request.env._("Fill in all that is asked for."))
            with request.env.cr.savepoint():
                # sudo: the requester reports for himself
                made = request.env["jinxing.station.purchase"].sudo().create(vals)
                if scan:
                    # sudo: as above
                    attachment = request.env["ir.attachment"].sudo().create(
                        {**scan, "res_model": made._name, "res_id": made.id}
                    )
                    made.attachment_ids = [Command.link(attachment.id)]
        except (UserError, ValidationError, ValueError) as error:
            request.env.invalidate_all()
            return self._render_purchases(str(error.args[0]), post)
        return request.redirect("/my/parts-purchases")

    @staticmethod
    def _known_supplier(name):
        """Return the approved supplier of exactly this name, if there is one."""
        name = (name or "").strip()
        # sudo: only whether the name is that of an approved supplier
        approvals = request.env["jinxing.supplier.approval"].sudo()
        found = approvals.search([("partner_id.name", "=ilike", name)], limit=1) if name else None
        return found.partner_id if found else request.env["res.partner"]

    @staticmethod
    def _read_scan(file):
        """Return name and content of an uploaded scan.

        :raises UserError: it is too big, or neither picture nor PDF
        """
        if not file or not getattr(file, "filename", ""):
            return None
        content = file.read(MAX_FILE + 1)
        ending = next(
            (kind for head, kind in FILE_KINDS.items() if content.startswith(head)), None
        )
        if len(content) > MAX_FILE or not ending:
            raise UserError(
                request.env._("The scan is a picture or a PDF of 8 MB at most.")
            )
        return {"name": f"invoice.{ending}", "raw": content}
