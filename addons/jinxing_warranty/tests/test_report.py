import io
from unittest.mock import patch

from pypdf import PdfReader

from odoo.tests import tagged

from .common import WarrantyWeb


@tagged("post_install", "-at_install")
class TestReport(WarrantyWeb):
    """G4.3, L24b: the printed card states the shorter periods, so that they hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "zh_CN"
        cls.company.phone = "0838-2901234"

    def html(self, report, records):
        return self.env["ir.actions.report"]._render_qweb_html(report, records.ids)[0].decode()

    def pdf(self, report, records):
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())
        content, kind = reports._render_qweb_pdf(report, records.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content))

    def test_card_says_what_is_covered_and_what_is_not(self):
        """G4.1 G4.2 G4.3 G5.1 G5.2 G5.3 G5.4 G5.5: in Chinese, with the hotline and the QR."""
        card = self.card()
        page = self.html("jinxing_warranty.report_card", card)
        for words in (
            card.name,
            card.serial,
            card.engine_number,
            "张德福",
            "13980123456",
            card.invoice_number,
            "Dealer A",
            "电瓶",
            "变速箱壳体",
            "0838-2901234",
            "data:image/png;base64,",
            "G5.1",
            "G5.2",
            "G5.3",
            "G5.4",
            "G5.5",
            "不可抗拒力",
        ):
            self.assertIn(words, page)
        for line in card.line_ids:
            self.assertIn(str(line.months), page)
        for english in ("Warranty Card", "Serial number", "whole machine", "Invoice"):
            self.assertNotIn(english, page)

    def test_card_is_one_page_of_a5(self):
        """G4: 148 by 210 mm; two cards are two pages."""
        cards = self.card() | self.card()
        reader = self.pdf("jinxing_warranty.report_card", cards)
        self.assertEqual(len(reader.pages), 2)
        box = reader.pages[0].mediabox
        self.assertAlmostEqual(float(box.width) / 72 * 25.4, 148, delta=1)
        self.assertAlmostEqual(float(box.height) / 72 * 25.4, 210, delta=1)

    def test_label(self):
        """G1.5: a label for each machine that opens its page; spare parts have none."""
        machines = self.card().lot_id | self.machine()
        lots = self.env.registry["stock.lot"]
        with patch.object(lots, "_qr_image", lambda _self, url: f"QR:{url}"):
            page = self.html("jinxing_warranty.report_machine_label", machines)
        for machine in machines:
            self.assertIn(machine.name, page)
            self.assertIn(f"QR:{machine.public_url}", page)
            self.assertTrue(machine.public_url.endswith(f"/w/{machine.qr_token}"))
        reader = self.pdf("jinxing_warranty.report_machine_label", machines)
        self.assertEqual(len(reader.pages), 2)
        box = reader.pages[0].mediabox
        self.assertAlmostEqual(float(box.width) / 72 * 25.4, 70, delta=1)
