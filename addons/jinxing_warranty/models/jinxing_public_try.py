import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class JinxingPublicTry(models.Model):
    """Tries to open a machine's repair history from the public page (G1.5).

    Holds no token and no address, only a hash of both. In the database, so that the limit
    holds over all nodes.
    """

    _name = "jinxing.public.try"
    _description = "Tries on the Public Page"
    _log_access = False

    digest = fields.Char(required=True)
    moments = fields.Json(help="When the allowed tries of the last hour were, as seconds.")
    allowed = fields.Boolean("Last try allowed")
    date = fields.Datetime("Last try", required=True, index=True)

    _digest_unique = models.UniqueIndex("(digest)")

    @api.model
    def _allow(self, token, address, what="history", policy="public_page_tries"):
        """Count a try; tell whether it is still within the hour's number, a ``policy``."""
        secret = self.env["ir.config_parameter"].get_param("database.secret")
        digest = hashlib.sha256(f"{secret}|{what}|{token}|{address}".encode()).hexdigest()
        limit = self.env["jinxing.policy.parameter"]._value(policy)
        now = fields.Datetime.now()
        since = (now - timedelta(hours=1)).timestamp()
        # One row for each machine and address, whose new value follows from the old one: of two
        # tries at once the second waits, fails to serialise, and Odoo runs it again.
        recent = SQL(
            """(
                SELECT COALESCE(jsonb_agg(moment), '[]')
                  FROM jsonb_array_elements(t.moments) moment
                 WHERE moment::float > %s
            )""",
            since,
        )
        [(allowed,)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO jinxing_public_try AS t (digest, date, moments, allowed)
                     VALUES (%(digest)s, %(now)s, jsonb_build_array(%(moment)s), TRUE)
                ON CONFLICT (digest) DO UPDATE
                        SET date = EXCLUDED.date,
                            allowed = jsonb_array_length(%(recent)s) < %(limit)s,
                            moments = CASE
                                WHEN jsonb_array_length(%(recent)s) < %(limit)s
                                THEN %(recent)s || EXCLUDED.moments
                                ELSE %(recent)s
                            END
                  RETURNING t.allowed
                """,
                digest=digest,
                now=now,
                moment=now.timestamp(),
                recent=recent,
                limit=limit,
            )
        )
        return allowed

    @api.autovacuum
    def _gc_tries(self):
        """Forget tries older than a day."""
        self.search([("date", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()
