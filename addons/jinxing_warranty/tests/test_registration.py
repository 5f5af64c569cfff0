import base64
import io
from datetime import timedelta

from PIL import Image

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers import photo as photo_module
from .common import WarrantyWeb, photo


@tagged("post_install", "-at_install")
class TestRegistration(WarrantyWeb):
    """G4: a dealer registers the sale of a machine that was delivered to him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.machine(dealer_id=cls.dealer.id)
        cls.foreign = cls.machine(dealer_id=cls.rival.id)

    def values(self, **changes):
        return {
            "serial": self.lot.name,
            "model": str(self.model.id),
            "engine": self.lot.engine_number,
            "invoice": "25117308",
            "invoice_date": str(self.today - timedelta(days=3)),
            "owner": "王秀英",
            "phone": "159-8321-0987",
            "address": "阆中市江南镇",
            **changes,
        }

    def register(self, role="dealer", data=None, name="invoice.jpg", token=True, **changes):
        self.authenticate(f"b_{role}", f"b_{role}")
        values = self.values(**changes)
        if token:
            page = self.url_open("/my/machines/register").text
            values["csrf_token"] = page.split('name="csrf_token" value="')[1].split('"')[0]
        data = photo() if data is None else data
        files = {"photo": (name, data, "image/jpeg")} if data else None
        return self.url_open("/my/machines/register", data=values, files=files)

    def cards(self):
        return self.env["jinxing.warranty.card"].search([("source", "=", "portal")])

    def test_registers(self):
        """G4: a draft with all that was said, and the photo; the machine is not changed yet."""
        answer = self.register()
        self.assertIn(f"/my/machines/{self.lot.id}", answer.url)
        card = self.cards()
        self.assertEqual((card.state, card.lot_id), ("draft", self.lot))
        self.assertEqual(card.dealer_id, self.dealer)
        self.assertEqual((card.owner_id.name, card.owner_phone), ("王秀英", "15983210987"))
        self.assertEqual(card.owner_id.street, "阆中市江南镇")
        self.assertEqual(card.invoice_number, "25117308")
        self.assertTrue(card.invoice_scan)
        self.assertFalse(self.lot.owner_id)
        self.assertIn("25117308", answer.text)
        card.action_activate()
        self.assertEqual(self.lot.owner_id, card.owner_id)

    def test_known_owner_is_not_made_twice(self):
        """S8.1: the same name and phone is the same man."""
        owner = self.env["res.partner"].create({"name": "王秀英", "phone": "15983210987"})
        self.register()
        self.assertEqual(self.cards().owner_id, owner)

    def test_errors_stand_beside_their_fields(self):
        """G4: every field that is wrong, and what was entered is still there."""
        answer = self.register(
            serial="",
            model="",
            engine="发动机",
            invoice="发票",
            invoice_date=str(self.today + timedelta(days=1)),
            owner="",
            phone="12",
            address="芦溪镇 <b>8</b> 号",
        )
        self.assertEqual(answer.status_code, 200)
        for field in ("serial", "model", "engine", "invoice", "invoice_date", "owner", "phone"):
            self.assertIn(f'id="{field}_error"', answer.text)
        self.assertNotIn('id="address_error"', answer.text)
        self.assertIn('id="photo_error"', answer.text)
        self.assertIn('value="芦溪镇 &lt;b&gt;8&lt;/b&gt; 号"', answer.text)
        self.assertIn('value="12"', answer.text)
        self.assertFalse(self.cards())

    def error(self, field, answer):
        """What stands beside a field."""
        self.assertIn(f'id="{field}_error"', answer.text)
        return answer.text.split(f'id="{field}_error"')[1].split(">", 1)[1].split("<")[0]

    def test_machine_of_another_dealer(self):
        """G4: as unknown as one that does not exist, or one that nobody has."""
        nobodys = self.machine()
        said = {
            self.error("serial", self.register(serial=serial, engine=engine))
            for serial, engine in (
                (self.foreign.name, "E1"),
                ("NO-SUCH-1", "E1"),
                (nobodys.name, "E1"),
            )
        }
        self.assertEqual(len(said), 1)
        self.assertIn("没有找到发给贵公司的该编号机器", said.pop())
        self.assertFalse(self.cards())
        self.assertEqual(self.foreign.dealer_id, self.rival)

    def test_model_engine_and_dates_are_the_machines(self):
        """G5.4: the card must say what the machine is."""
        self.lot.manufacture_date = self.today - timedelta(days=2)
        for field, changes in (
            ("model", {"model": str(self.other_model.id)}),
            ("engine", {"engine": "OTHER"}),
            ("engine", {"engine": self.foreign.engine_number}),
            ("invoice_date", {"invoice_date": str(self.today - timedelta(days=3))}),
        ):
            changes.setdefault("invoice_date", str(self.today))
            self.error(field, self.register(**changes))
        self.assertFalse(self.cards())

    def test_registered_already(self):
        """G4: one card a machine, also while it waits for activation."""
        self.register()
        self.assertIn("已有三包凭证", self.error("serial", self.register()))
        self.assertEqual(len(self.cards()), 1)

    def test_rejected_and_registered_again(self):
        """G4: the dealer reads why and corrects it."""
        self.register()
        self.cards().action_void("The photo shows another invoice")
        answer = self.url_open(f"/my/machines/{self.lot.id}")
        self.assertIn("The photo shows another invoice", answer.text)
        self.register(invoice="25117309")
        self.assertEqual(self.cards()[0].invoice_number, "25117309")
        self.assertEqual(self.cards()[0].state, "draft")

    # -- the photo -----------------------------------------------------------------------------

    def test_photo_is_needed(self):
        """G5.3: the invoice is the proof."""
        said = self.error("photo", self.register(data=b""))
        self.assertIn("请上传发票照片", said)

    def test_only_photos(self):
        """G4: what the file is decides, not what it calls itself."""
        for data in (b"%PDF-1.4", b"<svg xmlns='x'/>", b"GIF89a", b"MZ", b"PK\x03\x04"):
            self.assertIn("只接受照片", self.error("photo", self.register(data=data)))
        for data in (b"\xff\xd8\xff broken", b"\x89PNG\r\n\x1a\n broken"):
            self.assertIn("照片无法读取", self.error("photo", self.register(data=data)))
        self.assertFalse(self.cards())

    def test_size_of_the_photo(self):
        """G4: in bytes and in pixels."""
        self.patch(photo_module, "MAX_BYTES", 1024**2)
        data = photo() + b"\0" * 1024**2
        self.assertIn("照片大于 1 MB", self.error("photo", self.register(data=data)))
        self.patch(photo_module, "MAX_PIXELS", 100)
        self.assertIn("尺寸过大", self.error("photo", self.register()))

    def test_photo_is_drawn_anew(self):
        """G4: nothing but the picture is kept: no place, no text behind it."""
        picture = Image.new("RGBA", (3000, 100), "red")
        output = io.BytesIO()
        picture.save(output, "PNG")
        self.register(data=output.getvalue() + b"<script>alert(1)</script>", name="x.png")
        kept = base64.b64decode(self.cards().invoice_scan)
        self.assertNotIn(b"script", kept)
        self.assertTrue(kept.startswith(b"\xff\xd8\xff"))
        self.assertEqual(Image.open(io.BytesIO(kept)).width, photo_module.LONGEST_SIDE)

    # -- who -----------------------------------------------------------------------------------

    def test_only_dealers_register(self):
        """G4: an owner, staff, nobody at all: no form, no card."""
        self.authenticate("b_portal", "b_portal")
        for role in ("portal", "clerk"):
            self.authenticate(f"b_{role}", f"b_{role}")
            answer = self.url_open("/my/machines/register")
            self.assertNotIn("jx_register_form", answer.text)
        self.authenticate(None, None)
        answer = self.url_open("/my/machines/register")
        self.assertIn("/web/login", answer.url)

    @mute_logger("odoo.http")
    def test_forged_post(self):
        """G4: without the page's own token nothing is registered."""
        answer = self.register(token=False)
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.cards())

    def test_rival_cannot_register_mine(self):
        """G4: the same form, another dealer's user."""
        self.register(role="rival")
        self.assertFalse(self.cards())
