from collections import defaultdict

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Domain


class Lines(fields.One2many):
    """The lines of a record, read with what stands on them: one query instead of two.

    For lines that are few and of which more is asked than whether there are any.
    """

    def read(self, records):  # pylint: disable=method-required-super
        comodel = records.env[self.comodel_name].with_context(
            **{"active_test": False, **self.context}
        )
        domain = self.get_comodel_domain(records) & Domain(self.inverse_name, "in", records.ids)
        try:
            lines = comodel.search_fetch(domain)
        except AccessError as error:
            raise AccessError(
                records.env._("Failed to read field %(field)s: %(why)s", field=self, why=error)
            ) from error
        groups = defaultdict(list)
        for line in lines:
            groups[line[self.inverse_name].id].append(line.id)
        self._insert_cache(records, [tuple(groups[id_]) for id_ in records._ids])
