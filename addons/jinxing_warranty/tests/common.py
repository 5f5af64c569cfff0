import base64
import io
import itertools
from contextlib import contextmanager

from dateutil.relativedelta import relativedelta
from PIL import Image
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, TransactionCase, new_test_user
from odoo.tools import mute_logger

from odoo.addons.jinxing_base.tests.common import DAY, BaseData

from ..models.service_day import service_day

__all__ = ["DAY", "WarrantyCase", "WarrantyData", "WarrantyWeb", "photo"]


def photo(kind="JPEG", size=(40, 30), colour="white"):
    """The bytes of a small picture."""
    output = io.BytesIO()
    Image.new("RGB", size, colour).save(output, kind)
    return output.getvalue()


class WarrantyData(BaseData):
    """A model, two dealers with portal users, an owner, and short ways to make machines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = service_day(cls.env)
        cls.numbers = itertools.count(1)
        cls.users["finance"] = new_test_user(
            cls.env, "b_finance", groups="base.group_user,account.group_account_invoice"
        )
        products = cls.env["product.product"]
        cls.category = cls.env["product.category"].create({"name": "Test combines"})
        machine = {
            "categ_id": cls.category.id,
            "is_storable": True,
            "tracking": "serial",
            "is_machine": True,
        }
        cls.model, cls.other_model = products.create(
            [
                {"name": "Combine A", "default_code": "T-A", **machine},
                {"name": "Combine B", "default_code": "T-B", **machine},
            ]
        )
        cls.dealer = cls.partner("Dealer A", is_dealer=True)
        cls.rival = cls.partner("Dealer B", is_dealer=True)
        for name, company in (("dealer", cls.dealer), ("rival", cls.rival)):
            cls.users[name] = new_test_user(
                cls.env, f"b_{name}", groups="base.group_portal", parent_id=company.id
            )
        cls.owner = cls.env["res.partner"].create({"name": "张德福", "phone": "139 8012 3456"})
        cls.buyer = cls.env["res.partner"].create({"name": "李国全", "phone": "13881110099"})

    @classmethod
    def machine(cls, **values):
        """A machine of the test model with numbers of its own."""
        number = next(cls.numbers)
        return cls.env["stock.lot"].create(
            {
                "name": f"TEST{number:05d}",
                "product_id": cls.model.id,
                "engine_number": f"ENG{number:05d}",
                **values,
            }
        )

    @classmethod
    def draft(cls, machine=None, **values):
        """A draft in order, sold a month ago."""
        return cls.env["jinxing.warranty.card"].create(
            {
                "lot_id": (machine or cls.machine()).id,
                "owner_id": cls.owner.id,
                "dealer_id": cls.dealer.id,
                "invoice_number": f"{next(cls.numbers):08d}",
                "invoice_date": cls.today - relativedelta(months=1),
                **values,
            }
        )

    @classmethod
    def card(cls, machine=None, **values):
        """An active card."""
        card = cls.draft(machine, **values)
        card.action_activate()
        return card

    @classmethod
    def switch(cls, code, on):
        """Switch a fact of the law."""
        cls.env["jinxing.clause"]._by_codes([code]).enabled = on

    @classmethod
    def decide_fault(cls, machine, component=None, day=None, **exclusions):
        """Decide on one fault."""
        grounds = {code.replace("_", "."): text for code, text in exclusions.items()}
        request = {
            "key": 1,
            "lot": machine,
            "component": component or cls.env["jinxing.component"],
            "fault_date": fields.Date.to_date(day or cls.today),
            "exclusions": grounds,
        }
        return machine._decide_cover([request])[1]

    @contextmanager
    def refused(self, words, error=UserError):
        """What is done inside is refused with these words, and leaves nothing behind."""
        with self.assertRaisesRegex(error, words), self.cr.savepoint():
            yield

    @contextmanager
    def forbidden(self):
        """What is done inside is refused by a constraint of the database."""
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            yield

    @classmethod
    def picture(cls):
        """A photo as the database keeps it."""
        return base64.b64encode(photo())


class WarrantyWeb(WarrantyData, HttpCase):
    """For tests of pages: everybody reads Chinese there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chinese()
        for user in cls.users.values():
            user.lang = "zh_CN"


class WarrantyCase(WarrantyData, TransactionCase):
    """For tests of models."""
