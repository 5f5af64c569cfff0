import hashlib
import json
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
#: How long an answer can be asked for again: longer than any phone stays without network.
_KEPT_DAYS = 180


class JinxingOnsiteRequest(models.Model):
    """A change sent from a technician's phone, applied once (S8.9).

    The phone numbers each change. Where the network fails it sends the change again, and the
    answer of the first time is given again. The row is made in the transaction that applies
    the change, so there is a row exactly when the change is applied.
    """

    _name = "jinxing.onsite.request"
    _description = "Change Sent from a Phone"
    _order = "id desc"
    _rec_name = "request_id"

    request_id = fields.Char("Number given by the phone", required=True, readonly=True)
    order_id = fields.Many2one(
        "repair.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Who", required=True, readonly=True)
    operation = fields.Char(required=True, readonly=True)
    digest = fields.Char(
        readonly=True, help="Of what the change says: one number never stands for two changes."
    )
    happened_at = fields.Datetime(
        "Happened", readonly=True, help="What the phone says; it may be sent much later."
    )
    answer = fields.Json(readonly=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True)

    _request_unique = models.Constraint(
        "unique(request_id)", "This change has been received already."
    )

    @api.model
    def _digest(self, values):
        """Return the digest of what a change says."""
        said = json.dumps(values, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(said.encode()).hexdigest()

    @api.model
    def _claim(self, request_id, order, operation, values, happened_at=None):
        """Return the row of this change, and whether it is new.

        Of two transactions with the same number the second waits here, then starts anew
        (Odoo repeats a transaction that cannot be serialised) and finds the first one's row.

        :raises UserError: the number is no UUID, or stands for another change
        """
        if not isinstance(request_id, str) or not _UUID.match(request_id):
            raise UserError(self.env._("The change has no valid number."))
        # The second of two at once fails here and is repeated: nothing to log.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO jinxing_onsite_request (
                    request_id, order_id, user_id, operation, digest, happened_at, company_id,
                    create_uid, create_date, write_uid, write_date)
                VALUES (%(request)s, %(order)s, %(user)s, %(operation)s, %(digest)s, %(at)s,
                        %(company)s,
                        %(user)s, %(now)s, %(user)s, %(now)s)
                ON CONFLICT (request_id) DO NOTHING RETURNING id
                """,
                request=request_id,
                order=order.id,
                user=self.env.uid,
                operation=operation,
                digest=self._digest(values),
                at=happened_at or None,
                company=order.company_id.id,
                now=self.env.cr.now(),
            ),
            log_exceptions=False,
        )
        rows = self.env.cr.fetchall()
        # sudo: the register of changes is the system's
        register = self.sudo()
        if rows:
            return register.browse(rows[0][0]), True
        found = register.search([("request_id", "=", request_id)])
        if (found.user_id, found.order_id, found.operation) != (
            self.env.user, order, operation,
        ):
            raise UserError(self._stands_for_another())
        found._ensure_same(values)
        return found, False

    @api.model
    def _stands_for_another(self):
        return self.env._("The number of this change stands for another one.")

    def _ensure_same(self, values):
        """Refuse a number that has come with other values before: nothing is lost in silence.

        :raises UserError: the values differ from those applied
        """
        self.ensure_one()
        if self.digest and self.digest != self._digest(values):
            raise UserError(self._stands_for_another())

    @api.model
    def _answered(self, request_id, order_id, operation, values):
        """Return the answer the user was given to this change, None when it is new.

        :raises UserError: the number came with other values before
        """
        if not isinstance(request_id, str) or type(order_id) is not int:
            return None
        # sudo: as above; only the user's own changes count
        found = self.sudo().search(
            [
                ("request_id", "=", request_id),
                ("order_id", "=", order_id),
                ("user_id", "=", self.env.uid),
                ("operation", "=", operation),
            ]
        )
        if not found:
            return None
        found._ensure_same(values)
        return found.answer or {}

    @api.model
    def _created_by(self, request_id, order):
        """Return the id of the record that an earlier change of the user made on the order."""
        # sudo: as above; only the user's own changes count
        found = self.sudo().search(
            [
                ("request_id", "=", request_id),
                ("order_id", "=", order.id),
                ("user_id", "=", self.env.uid),
            ]
        )
        return (found.answer or {}).get("id")

    @api.autovacuum
    def _gc_old(self):
        limit = fields.Datetime.now() - timedelta(days=_KEPT_DAYS)
        self.search([("create_date", "<", limit)], limit=5000).unlink()
