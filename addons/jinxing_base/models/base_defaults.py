from odoo import api, models

_PREFIX = "default_"


class Base(models.AbstractModel):
    """No record begins with what only the system sets, whatever a client's context says."""

    _inherit = "base"

    @api.model
    def default_get(self, fields):
        """Return the defaults, without those that a user gives to what nobody edits.

        A form, an import or an RPC call may send any ``default_…`` along, through every method,
        those that work with all rights too, and users keep defaults of their own. The guards of
        our models look at the values given; here is why they may.
        """
        defaults = super(Base, self._without_guarded_defaults()).default_get(fields)
        kept = () if self._transient else self.env["ir.default"]._get_model_defaults(self._name)
        for name in kept:
            if name in defaults and self._is_guarded(name):
                field = self._fields[name]
                del defaults[name]
                if field.default:
                    defaults[name] = field.default(self)
        return defaults

    @api.model
    def _guarded_defaults(self):
        """Return names of fields, beside our read-only ones, that no context may fill."""
        return frozenset()

    def _without_guarded_defaults(self):
        """Return the records without the guarded defaults of their context."""
        if self._transient:
            return self  # forms of a moment are opened with what they are about
        refused = {
            key
            for key in self.env.context
            if key.startswith(_PREFIX) and self._is_guarded(key.removeprefix(_PREFIX))
        }
        if not refused:
            return self
        context = {key: value for key, value in self.env.context.items() if key not in refused}
        return self.with_env(self.env(context=context))

    def _is_guarded(self, name):
        """Tell whether only the system sets a field: ours that are read-only, and those named."""
        field = self._fields.get(name)
        if not field:
            return False
        ours = field.readonly and field.store and (field._module or "").startswith("jinxing_")
        return bool(ours or name in self._guarded_defaults())
