import base64
import hashlib
import io
import logging

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfReader, PdfWriter

_logger = logging.getLogger(__name__)

REPORT = "jinxing_complaint.action_report_complaint_file"
#: A page of the archive in points, and the margin around a picture.
_A4 = (595, 842)
_MARGIN = 36


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _archive_attachments(self):
        """Return every file that belongs to the complaint, oldest first, each once (C18)."""
        self.ensure_one()
        posted = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", False),
            ]
        )
        # sudo: the files of evidence the reader may read
        return (posted.sudo() | self.evidence_ids._files()).sorted("id")

    def _archive_parts(self):
        """Return ``(attachment, PDF or None)``: what can be shown as pages, and what cannot."""
        parts = []
        for attachment in self._archive_attachments():
            try:
                parts.append((attachment, self._as_pdf(attachment)))
            except Exception:  # a broken file is evidence too: it is listed, not lost
                _logger.info("Attachment %s cannot be shown as pages", attachment.id)
                parts.append((attachment, None))
        return parts

    def _as_pdf(self, attachment):
        """Return a file as PDF, None if it has no pages (sound, video, tables)."""
        kind = attachment.mimetype or ""
        if kind == "application/pdf":
            PdfReader(io.BytesIO(attachment.raw), strict=False).pages[0]
            return attachment.raw
        if kind.startswith("image/") and kind != "image/svg+xml":
            return self._picture_page(attachment)
        return None

    @staticmethod
    def _picture_page(attachment):
        """Return a page with one picture on it, as large as it fits."""
        with Image.open(io.BytesIO(attachment.raw)) as source:
            picture = source.convert("RGB")
        width, height = _A4[0] - 2 * _MARGIN, _A4[1] - 3 * _MARGIN
        scale = min(width / picture.width, height / picture.height)
        shown = (picture.width * scale, picture.height * scale)
        data, page = io.BytesIO(), io.BytesIO()
        picture.thumbnail((1600, 1600))
        picture.save(data, "JPEG", quality=85)
        pdf = canvas.Canvas(page, pagesize=_A4)
        pdf.drawImage(ImageReader(data), _MARGIN, _A4[1] - _MARGIN - shown[1], *shown)
        pdf.showPage()
        pdf.save()
        return page.getvalue()

    def _make_archive(self):
        """Keep one PDF of the whole case with all its evidence, and its fingerprint (C18, C19.9).

        :raises UserError: the file cannot be printed
        """
        self.ensure_one()
        parts = self._archive_parts()
        # sudo: the file tells everything about the case, whoever closes it
        report = self.env["ir.actions.report"].sudo()
        content, kind = report._render_qweb_pdf(
            REPORT, self.ids, data={"listed": [(a.id, bool(pdf)) for a, pdf in parts]}
        )
        if kind == "pdf":
            writer = PdfWriter()
            for pages in (content, *(pdf for _attachment, pdf in parts if pdf)):
                for page in PdfReader(io.BytesIO(pages), strict=False).pages:
                    writer.add_page(page)
            merged = io.BytesIO()
            writer.write(merged)
            content = merged.getvalue()
        elif not content:
            raise UserError(self.env._("The archive file could not be printed."))
        # sudo: the file is nobody's to edit
        self.sudo()._store_step(
            {
                "archive_file": base64.b64encode(content),
                "archive_name": f"{self.number}.{'pdf' if kind == 'pdf' else 'html'}",
                "archive_digest": hashlib.sha256(content).hexdigest(),
            }
        )

    def action_download_archive(self):
        """Download the archive file (C18)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/archive_file/{self.archive_name}"
            "?download=1",
            "target": "download",
        }
