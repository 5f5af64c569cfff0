from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import BaseCase as OdooCase
from odoo.tests.common import get_db_name

from ..models.locking import take


@tagged("post_install", "-at_install")
class TestLocking(OdooCase):
    """Real transactions: of two people on one record one is told to look again."""

    def test_the_second_is_told_whose_it_is(self):
        """S8.2: the name of the record stands in the message; the first one's lock goes on."""
        registry = Registry(get_db_name())
        with registry.cursor() as first, registry.cursor() as second:
            mine, theirs = (
                api.Environment(cursor, SUPERUSER_ID, {"lang": "en_US"})["res.partner"].search(
                    [], order="id", limit=1
                )
                for cursor in (first, second)
            )
            take(mine, "name")
            with self.assertRaisesRegex(UserError, "Somebody else is working on .+"):
                take(theirs, "name")
            first.rollback()
            take(theirs)
            second.rollback()
