import hashlib
from datetime import timedelta

from odoo import api, fields, models


class JinxingPublicTry(models.Model):
    """One try to open a machine's repair history from the public page (G1.5).

    Holds no token and no address, only a hash of both. In the database, so that the limit
    holds over all nodes.
    """

    _name = "jinxing.public.try"
    _description = "Try on the Public Page"
    _log_access = False

    digest = fields.Char(required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)

    _digest_index = models.Index("(digest, date)")

    @api.model
    def _allow(self, token, address):
        """Count a try; tell whether it is still within the hour's number (policy)."""
        secret = self.env["ir.config_parameter"].get_param("database.secret")
        digest = hashlib.sha256(f"{secret}|{token}|{address}".encode()).hexdigest()
        since = fields.Datetime.now() - timedelta(hours=1)
        limit = self.env["jinxing.policy.parameter"]._value("public_page_tries")
        # One at a time per machine and address: two tries at once count as two.
        self.env.cr.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [digest])
        made = self.search_count([("digest", "=", digest), ("date", ">", since)])
        if made >= limit:
            return False
        self.create({"digest": digest})
        return True

    @api.autovacuum
    def _gc_tries(self):
        """Forget tries older than a day."""
        self.search([("date", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()
