from datetime import UTC
from functools import cache
from math import isfinite
from zoneinfo import ZoneInfo, available_timezones

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..rules.times import parse_times

_TRUE = {"1", "true", "yes"}
_FALSE = {"0", "false", "no"}
#: Fields of a value that old cases are judged by.
_JUDGED_BY = {"parameter_id", "date_from", "value", "company_id"}


@cache
def _timezones():
    """Return the names of the time zones there are: reading them all from disk takes 15 ms."""
    return frozenset(available_timezones())


class JinxingPolicyParameter(models.Model):
    """A number or choice of the handbook that the company may set: 10 minutes, 24 hours, ...

    Values have a date from which they hold, so that an old case is judged by the value of its
    day. A company's own value goes before the general one.
    """

    _name = "jinxing.policy.parameter"
    _description = "Policy Parameter"
    _order = "key"
    _rec_names_search = ["key", "name"]

    key = fields.Char(required=True, index=True, help="The name rules ask for it by.")
    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    unit = fields.Char(translate=True)
    value_type = fields.Selection(
        [
            ("integer", "Whole number"),
            ("float", "Decimal number"),
            ("boolean", "Yes or no"),
            ("char", "Text"),
            ("times", "Times of the day"),
            ("timezone", "Time zone"),
        ],
        required=True,
        default="integer",
    )
    choices = fields.Char(help="Comma-separated allowed texts; empty: any.")
    minimum = fields.Float(help="Lowest number allowed.")
    clause_id = fields.Many2one("jinxing.clause", index="btree_not_null")
    value_ids = fields.One2many("jinxing.policy.value", "parameter_id", string="Values")
    current_value = fields.Char("In force today", compute="_compute_current_value")

    _key_unique = models.Constraint("unique(key)", "This key exists already.")

    @api.depends("value_ids.value", "value_ids.date_from", "value_ids.company_id")
    @api.depends_context("company")
    def _compute_current_value(self):
        today = fields.Date.context_today(self)
        for parameter in self:
            found = parameter._values_by_key(self.env.company.id).get(parameter.key, ())
            parameter.current_value = next(
                (value for start, value in found if start <= today), False
            )

    @api.constrains("value_type", "choices", "minimum")
    def _check_values(self):
        self.value_ids._check_value()

    @api.model_create_multi
    def create(self, vals_list):
        parameters = super().create(vals_list)
        self.env.registry.clear_cache()
        return parameters

    def write(self, vals):
        if not self.env.su and {"key", "value_type"} & set(vals):
            raise UserError(self.env._("The key and the type of a policy stay as they are."))
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("company_id")
    def _values_by_key(self, company_id):
        """Return ``{key: ((from, value), ...)}``, the value to take first, per company."""
        # sudo: policies hold for everybody, whoever asks
        policies = self.env["jinxing.policy.value"].sudo()
        values = policies.search([("company_id", "in", [company_id, False])])
        ordered = values.sorted(lambda v: (bool(v.company_id), v.date_from), reverse=True)
        result = {}
        for value in ordered:
            result.setdefault(value.parameter_id.key, []).append((value.date_from, value.value))
        return {key: tuple(found) for key, found in result.items()}

    @api.model
    @tools.ormcache()
    def _types_by_key(self):
        """Return ``{key: value type}``."""
        # sudo: as above
        return {p.key: p.value_type for p in self.sudo().search([])}

    @api.model
    def _value(self, key, on=None, company=None):
        """Return the value of ``key`` in force on the day ``on`` (today), typed.

        :raises UserError: no value is set for that day; the message names key and day
        """
        day = on or fields.Date.context_today(self)
        company = company or self.env.company
        for start, value in self._values_by_key(company.id).get(key, ()):
            if start <= day:
                return self._parse(self._types_by_key()[key], value)
        raise UserError(
            self.env._(
                "The policy %(key)s has no value for %(day)s. Set one under Policies.",
                key=key,
                day=day,
            )
        )

    @api.model
    def _parse(self, value_type, text):
        """Return ``text`` as the type says.

        :raises ValueError: it is no such value
        """
        text = (text or "").strip()
        if value_type == "integer":
            return int(text)
        if value_type == "float":
            number = float(text)
            if not isfinite(number):
                raise ValueError(text)
            return number
        if value_type == "boolean":
            if text.lower() not in _TRUE | _FALSE:
                raise ValueError(text)
            return text.lower() in _TRUE
        if value_type == "times":
            return parse_times(text)
        if not text or (value_type == "timezone" and text not in _timezones()):
            raise ValueError(text)
        return text

    @api.model
    def _service_tz(self, company=None):
        """Return the time zone in whose calendar days the handbook's days are counted.

        Not the reader's: a farmer abroad and a nightly job must count the same days.
        """
        return self._value("service_timezone", company=company)

    @api.model
    def _service_day(self, moment=None, company=None):
        """Return the calendar day of a naive UTC moment (now) where the service is given."""
        moment = moment or fields.Datetime.now()
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self._service_tz(company))).date()


class JinxingPolicyValue(models.Model):
    """What a policy parameter is worth from a day on."""

    _name = "jinxing.policy.value"
    _description = "Policy Value"
    _order = "parameter_id, date_from desc, id"
    _rec_name = "value"

    parameter_id = fields.Many2one(
        "jinxing.policy.parameter", required=True, ondelete="cascade", index=True
    )
    date_from = fields.Date("Holds from", required=True, default=fields.Date.context_today)
    value = fields.Char(required=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    note = fields.Char("Reason")

    _one_per_day = models.UniqueIndex(
        "(parameter_id, date_from, COALESCE(company_id, 0))",
        "There is a value for this day already.",
    )

    @api.constrains("value", "parameter_id")
    def _check_value(self):
        for record in self:
            parameter = record.parameter_id
            try:
                value = parameter._parse(parameter.value_type, record.value)
            except ValueError:
                value = None
            allowed = [c.strip() for c in (parameter.choices or "").split(",") if c.strip()]
            number = parameter.value_type in ("integer", "float")
            if (
                value is None
                or (allowed and value not in allowed)
                or (number and value < parameter.minimum)
            ):
                raise ValidationError(
                    self.env._(
                        "“%(value)s” is no value for %(name)s (%(type)s).",
                        value=record.value,
                        name=parameter.name,
                        type=", ".join(allowed)
                        or dict(parameter._fields["value_type"]._description_selection(self.env))[
                            parameter.value_type
                        ],
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        values = super().create(vals_list)
        self.env.registry.clear_cache()
        return values

    def write(self, vals):
        if not self.env.su and _JUDGED_BY & set(vals):
            self._ensure_not_used()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._ensure_not_used()

    def _ensure_not_used(self):
        """Refuse to touch values that were in force before today."""
        today = fields.Date.context_today(self)
        if self.filtered(lambda v: v.date_from < today):
            raise UserError(
                self.env._(
                    "A value that has been in force stays, old cases are judged by it. "
                    "Add a new value with a later date."
                )
            )
