from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..rules import order_flow
from .repair_order_steps import CLOCK_SKEW

#: A technician may look for faults and plan parts from here on.
DIAGNOSING = (
    order_flow.ACCEPTED, order_flow.CONTACTED, order_flow.ON_SITE, order_flow.TAKEN_BACK,
)
AT_THE_MACHINE = (order_flow.ON_SITE, order_flow.TAKEN_BACK, order_flow.REPAIRED)
#: operation -> method; the only things a phone can ask for.
OPERATIONS = {
    "accept": "_onsite_accept",
    "decline": "_onsite_decline",
    "contact": "_onsite_contact",
    "assess": "_onsite_assess",
    "depart": "_onsite_depart",
    "arrive": "_onsite_arrive",
    "quote": "_onsite_quote",
    "accept_quotation": "_onsite_accept_quotation",
    "refuse_quotation": "_onsite_refuse_quotation",
    "finish": "_onsite_finish",
    "resume": "_onsite_resume",
    "sign": "_onsite_sign",
    "leave": "_onsite_leave",
    "hand_in": "_onsite_hand_in",
    "escalate": "_onsite_escalate",
    "request_help": "_onsite_request_help",
    "give_notice": "_onsite_give_notice",
    "take_back": "_onsite_take_back",
    "deliver_back": "_onsite_deliver_back",
    "collect": "_onsite_collect",
    "machine": "_onsite_machine",
    "tick": "_onsite_tick",
    "bring": "_onsite_bring",
    "note": "_onsite_note",
    "fault_add": "_onsite_fault_add",
    "fault_write": "_onsite_fault_write",
    "fault_remove": "_onsite_fault_remove",
    "photo_add": "_onsite_photo_add",
    "photo_remove": "_onsite_photo_remove",
    "assembly_request": "_onsite_assembly_request",
    "part_add": "_onsite_part_add",
    "part_write": "_onsite_part_write",
    "part_use": "_onsite_part_use",
    "part_remove": "_onsite_part_remove",
    "labour_add": "_onsite_labour_add",
    "labour_write": "_onsite_labour_write",
    "labour_remove": "_onsite_labour_remove",
}


class OnsiteConflict(Exception):
    """Somebody else changed meanwhile what the phone wants to change.

    :param differing: one dictionary a field: name, label, yours, theirs, who, when
    """

    def __init__(self, differing):
        super().__init__(", ".join(item["name"] for item in differing))
        self.differing = differing


class RepairOrder(models.Model):
    """What the technician's phone may do to his orders, each change once (S8.2-S8.9)."""

    _inherit = "repair.order"

    # -- one door --------------------------------------------------------------------------------

    @api.model
    def _onsite_mine(self, order_id):
        """Return the order if it is the user's own as a technician; record rules hold.

        :raises AccessError: it is not, or not any more
        """
        order = self.browse()
        if type(order_id) is int and self.has_access("read"):
            order = self.search(self._onsite_domain() + [("id", "=", order_id)])
        if not order:
            raise AccessError(self.env._("This order is not yours, or not any more."))
        return order

    @api.model
    def _onsite_domain(self):
        """Return the orders the user works on as their technician."""
        return [
            ("service_kind", "!=", False),
            ("technician_id", "=", self.env.user.partner_id.id),
        ]

    @api.model
    def _onsite_change(self, order_id, request_id, operation, values=None, base=None, at=None):
        """Apply one change sent from the technician's phone, once.

        :param request_id: the phone's number (UUID) of the change; sent again, the change is
            not applied again and the first answer is given
        :param base: what the phone showed of the fields that ``values`` change; a field that
            holds something else by now is a conflict and nothing is applied
        :param at: when it happened by the phone's clock (UTC), if not now
        :return: ``{"status": "done", "answer": …}``, ``{"status": "conflict", "fields": […]}``
            or ``{"status": "refused", "message": …}``
        :raises AccessError: the order is not the user's
        """
        method = OPERATIONS.get(operation) if isinstance(operation, str) else None
        if method is None:
            raise UserError(self.env._("The phone asks for something unknown. Load the page anew."))
        register = self.env["jinxing.onsite.request"]
        try:
            known = register._answered(request_id, order_id, operation, values)
        except UserError as error:
            return {"status": "refused", "message": str(error)}
        if known is not None:
            return {"status": "done", "answer": known, "repeated": True}
        order = self._onsite_mine(order_id)
        try:
            with self.env.cr.savepoint():
                happened = order._onsite_time(at)
                claim, new = register._claim(request_id, order, operation, values, happened)
                if new:
                    order._onsite_wait_for_lock()
                    # sudo: the order is the technician's own, as checked above; a station's
                    # man has no rights on faults and parts but through these methods
                    worked = order.sudo().with_company(order.company_id)
                    answer = getattr(worked, method)(
                        values if isinstance(values, dict) else {},
                        base if isinstance(base, dict) else {},
                        happened,
                    )
                    claim.answer = answer or {}
                    worked._onsite_tell_late(operation, happened)
                    self.env.flush_all()
                return {"status": "done", "answer": claim.answer, "repeated": not new}
        except OnsiteConflict as conflict:
            return {"status": "conflict", "fields": conflict.differing}
        except UserError as error:
            return {"status": "refused", "message": str(error)}
        except IntegrityError as error:
            return {"status": "refused", "message": self._onsite_constraint_text(error)}

    @api.model
    def _onsite_constraint_text(self, error):
        """Return what the database's constraint says, in the reader's language."""
        for model in self.env.values():
            if model._table == error.diag.table_name and not model._abstract:
                return model._sql_error_to_message(error)
        return self.env._("These values do not fit together.")

    def _onsite_wait_for_lock(self):
        """Wait for the row, so that two changes at once follow each other.

        Where the other one changed the order, Odoo repeats this transaction with what it left.
        """
        self.env.cr.execute(
            SQL("SELECT id FROM repair_order WHERE id = %s FOR NO KEY UPDATE", self.id),
            log_exceptions=False,
        )
        self.invalidate_recordset()

    # -- time ------------------------------------------------------------------------------------

    @api.model
    def _onsite_time(self, at):
        """Return the moment the phone names, None when it names none."""
        if not at:
            return None
        try:
            moment = fields.Datetime.to_datetime(str(at).replace("T", " ").rstrip("Z"))
        except ValueError as error:
            raise UserError(self.env._("The phone sends a time that is none.")) from error
        return moment.replace(microsecond=0)

    @api.model
    def _onsite_at(self, moment, *after):
        """Return ``moment``, moved to what it must follow when only the clocks differ."""
        floor = max((time for time in after if time), default=None)
        if moment and floor and floor - CLOCK_SKEW <= moment < floor:
            return floor
        return moment

    def _onsite_tell_late(self, operation, happened):
        """Note on the order what reached us long after it happened, beside its steps."""
        names = {
            "depart": self.env._("Depart"),
            "leave": self.env._("Leave"),
            "deliver_back": self.env._("Give back"),
            "collect": self.env._("Money collected"),
        }
        if operation in names and self.exists():
            self._tell_late(names[operation], happened)

    # -- conflicts -------------------------------------------------------------------------------

    @api.model
    def _onsite_shown(self, record, name):
        """Return a field's value as the phone gets it."""
        value = record[name]
        kind = record._fields[name].type
        if kind == "many2one":
            return value.id or False
        if kind in ("many2many", "one2many"):
            return sorted(value.ids)
        if kind == "boolean":
            return bool(value)
        if kind in ("float", "monetary", "integer"):
            return round(value or 0.0, 6)
        return value or False

    @api.model
    def _onsite_same(self, one, other):
        if isinstance(one, list) and isinstance(other, list):
            return sorted(one) == sorted(other)
        if isinstance(one, int | float) and isinstance(other, int | float):
            return abs(one - other) < 1e-6
        if isinstance(one, str) and isinstance(other, str):
            return one.strip() == other.strip()  # blanks around are dropped when it is stored
        return (one or False) == (other or False)

    def _onsite_ensure_unchanged(self, record, values, base):
        """Refuse to overwrite what somebody else changed since the phone looked.

        The values themselves are compared, field by field: the time of the last change of two
        transactions that overlap says nothing of which one the phone had seen.

        :raises OnsiteConflict: a field holds neither what the phone saw nor what it sends
        :raises UserError: the phone does not say what it saw
        """
        differing = []
        for name, new in values.items():
            if name not in base:
                raise UserError(self.env._("The phone does not say what it showed before."))
            now = self._onsite_shown(record, name)
            if self._onsite_same(now, base[name]) or self._onsite_same(now, new):
                continue
            differing.append(
                {
                    "name": name,
                    "label": record._fields[name]._description_string(self.env),
                    "yours": self._onsite_words(record, name, new),
                    "theirs": self._onsite_words(record, name, now),
                    "theirs_value": now,
                    "who": record.write_uid.name,
                    "when": fields.Datetime.to_string(record.write_date.replace(microsecond=0)),
                }
            )
        if differing:
            raise OnsiteConflict(differing)

    @api.model
    def _onsite_words(self, record, name, value):
        """Return a value as a person reads it."""
        field = record._fields[name]
        if field.type in ("many2one", "many2many"):
            ids = value if isinstance(value, list) else [value]
            others = self.env[field.comodel_name].browse([i for i in ids if i]).exists()
            return ", ".join(others.mapped("display_name")) or self.env._("nothing")
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, self.env._("nothing"))
        return str(value) if value not in (False, None, "") else self.env._("nothing")

    # -- steps -----------------------------------------------------------------------------------

    def _onsite_accept(self, values, base, at):
        self.action_accept(at=self._onsite_at(at, self.assigned_at))

    def _onsite_decline(self, values, base, at):
        self.action_decline(reason=self._onsite_reason(values))

    def _onsite_contact(self, values, base, at):
        self.action_contact(
            note=self._onsite_text(values.get("note")) or None,
            at=self._onsite_at(at, self.approved_at),
        )

    def _onsite_depart(self, values, base, at):
        self.action_depart(at=self._onsite_at(at, self.accepted_at))

    def _onsite_arrive(self, values, base, at):
        visit = self.visit_ids.filtered(lambda v: not v.left_at)[-1:]
        self.action_arrive(
            latitude=self._onsite_number(values.get("latitude") or 0, -90, 90),
            longitude=self._onsite_number(values.get("longitude") or 0, -180, 180),
            at=self._onsite_at(at, self.accepted_at, visit.departed_at),
        )

    def _onsite_quote(self, values, base, at):
        self.action_quote()

    def _onsite_accept_quotation(self, values, base, at):
        if "total" in values:
            # The customer signs the price he was shown, not one that has changed since.
            total = self._onsite_number(values["total"], 0, 10**9)
            if self.currency_id.compare_amounts(total, self.quote_amount):
                raise OnsiteConflict(
                    [
                        {
                            "name": "quote_amount",
                            "label": self.env._("To pay"),
                            "yours": self.currency_id.format(total),
                            "theirs": self.currency_id.format(self.quote_amount),
                            "theirs_value": self.quote_amount,
                            "who": self.sale_order_id.write_uid.name,
                            "when": fields.Datetime.to_string(
                                self.sale_order_id.write_date.replace(microsecond=0)
                            ),
                        }
                    ]
                )
        self.action_accept_quotation(
            signature=self._onsite_signature(values),
            name=self._onsite_text(values.get("name"), 100),
            at=self._onsite_at(at, self.accepted_at),
        )

    def _onsite_refuse_quotation(self, values, base, at):
        self.action_refuse_quotation(reason=self._onsite_reason(values))

    def _onsite_finish(self, values, base, at):
        self.action_finish(at=self._onsite_at(at, self.arrived_at))

    def _onsite_resume(self, values, base, at):
        self.action_resume(reason=self._onsite_reason(values))

    def _onsite_sign(self, values, base, at):
        visit = self.visit_ids.filtered(lambda v: not v.left_at)[-1:]
        self.action_sign(
            signature=self._onsite_signature(values),
            signed_by=self._onsite_text(values.get("name"), 100),
            at=self._onsite_at(at, self.repaired_at, visit.arrived_at),
        )

    def _onsite_leave(self, values, base, at):
        visit = self.visit_ids.filtered(lambda v: not v.left_at)[-1:]
        outcomes = dict(visit._fields["outcome"].selection)
        if values.get("outcome") not in outcomes:
            raise UserError(self.env._("Say how the visit ended."))
        promise = self._onsite_time(values.get("promise_at"))
        distance = values.get("distance_km")
        self.action_leave(
            values["outcome"],
            explanation=self._onsite_text(values.get("explanation")),
            next_step=self._onsite_text(values.get("next_step"), 200),
            promise_at=promise,
            distance_km=None if distance in (None, "") else self._onsite_number(distance, 0, 5000),
            at=self._onsite_at(at, visit.departed_at, visit.arrived_at),
        )

    def _onsite_hand_in(self, values, base, at):
        self.action_hand_in()

    def _onsite_escalate(self, values, base, at):
        self.action_escalate(reason=self._onsite_reason(values))

    def _onsite_request_help(self, values, base, at):
        self.action_request_help(reason=self._onsite_reason(values))

    def _onsite_give_notice(self, values, base, at):
        self.action_give_notice(reason=self._onsite_reason(values))

    def _onsite_take_back(self, values, base, at):
        names = ("handed_over_by", "condition", "accessories")
        said = {name: self._onsite_text(values.get(name), 1000) for name in names}
        if not said["handed_over_by"] or not said["condition"]:
            raise UserError(self.env._("Note who hands the machine over and what it looks like."))
        signed = {"signature": values.get("signature"), "name": said["handed_over_by"]}
        self.action_take_back(
            **said,
            signature=self._onsite_signature(signed),
            at=self._onsite_at(at, self.arrived_at),
        )

    def _onsite_deliver_back(self, values, base, at):
        self.action_deliver_back(
            returned_to=self._onsite_text(values.get("name"), 100),
            signature=self._onsite_signature(values),
            reclaimed=bool(values.get("reclaimed")),
            lost_id_number=self._onsite_text(values.get("lost_id_number"), 30),
            at=self._onsite_at(at, self.open_receipt_id.taken_at),
        )

    def _onsite_collect(self, values, base, at):
        self.action_collect(
            method=self._onsite_text(values.get("method"), 20) or "none",
            amount=self._onsite_number(values.get("amount"), 0, 10**9),
            reference=self._onsite_text(values.get("reference"), 100),
            at=self._onsite_at(at, self.signed_at),
        )

    def _onsite_reason(self, values):
        """Return the reason given; without one the back office would open a form."""
        reason = self._onsite_text(values.get("reason"))
        if not reason:
            raise UserError(self.env._("A reason is needed."))
        return reason

    # -- further visits (N5) ---------------------------------------------------------------------

    def _on_further_visit(self):
        """Return those of the orders where a visit ended without a fix and another follows."""
        return self.filtered(
            lambda order: order.service_state in (order_flow.ON_SITE, order_flow.TAKEN_BACK)
        )

    def _depart_again(self, at=None):
        """Record departures to machines that were left unrepaired; return the other orders."""
        again = self._on_further_visit()
        for order in again:
            # sudo: visits are written by the steps of the technician
            visits = order.sudo().visit_ids
            if visits.filtered(lambda v: not v.left_at):
                raise UserError(
                    self.env._("%(order)s: end the visit under way first.", order=order.name)
                )
            moment = order._moment(at, after=visits[-1:].left_at)
            order._current_visit().departed_at = moment
        return self - again

    def _arrive_again(self, latitude=None, longitude=None, at=None):
        """Record arrivals back at machines that were left unrepaired; return the other orders."""
        again = self._on_further_visit()
        for order in again:
            visit = order._current_visit()
            if visit.arrived_at:
                raise UserError(
                    self.env._("%(order)s: you are there already.", order=order.name)
                )
            visit.write(
                {
                    "arrived_at": order._moment(at, after=visit.departed_at),
                    "latitude": latitude or 0.0,
                    "longitude": longitude or 0.0,
                }
            )
        return self - again
