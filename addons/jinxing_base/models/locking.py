"""One of two people at once wins; the other is told so in his language."""

from odoo.exceptions import LockError, UserError


def take(records, *stale):
    """Take records for this transaction before a step is judged by what they are.

    :param stale: fields that may have changed while somebody else had them; read anew
    :raises UserError: somebody else has one of them at this moment; names them all
    """
    try:
        records.lock_for_update(allow_referencing=True)
    except LockError as error:
        raise UserError(
            records.env._(
                "Somebody else is working on %(names)s at this moment. Look again, then decide.",
                names=", ".join(records.mapped("display_name")),
            )
        ) from error
    if stale:
        records.invalidate_recordset(stale)
