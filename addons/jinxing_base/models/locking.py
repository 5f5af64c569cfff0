"""One of two people at once wins; the other is told so in his language."""

from odoo.exceptions import UserError
from odoo.tools import SQL, Query


class _LockingQuery(Query):
    """A query that takes the rows it reads; rows somebody else has are left out."""

    def select(self, *args):
        return SQL(
            "%s FOR NO KEY UPDATE OF %s SKIP LOCKED",
            super().select(*args),
            SQL.identifier(self.table),
        )


def take(records, *stale):
    """Take records for this transaction before a step is judged by what they are.

    One query takes and reads them: what is asked of them afterwards costs none.

    :param stale: fields that may have changed while somebody else had them; read anew
    :raises UserError: somebody else has one of them at this moment; names them all
    """
    if stale:
        records.invalidate_recordset(stale)
    ids = {id_ for id_ in records._ids if id_}
    if not ids:
        return
    query = _LockingQuery(records.env, records._table, records._table_sql)
    query.add_where(SQL("%s IN %s", SQL.identifier(records._table, "id"), tuple(ids)))
    # sudo: as locking does, this asks for no right; each step asks for its own
    elevated = records.sudo()
    taken = elevated._fetch_query(query, elevated._determine_fields_to_fetch())
    if len(taken) != len(ids):
        raise UserError(
            records.env._(
                "Somebody else is working on %(names)s at this moment. Look again, then decide.",
                names=", ".join(records.mapped("display_name")),
            )
        )
