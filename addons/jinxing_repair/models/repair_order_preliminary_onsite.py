from odoo import fields, models
from odoo.exceptions import UserError

from ..rules import order_flow
from .repair_order_onsite import OnsiteConflict
from .repair_order_onsite_data import _moment


class RepairOrder(models.Model):
    """The preliminary assessment on the technician's phone (S8.2)."""

    _inherit = "repair.order"

    def _onsite_assess(self, values, base, at):
        """Assess before the departure; with ``contacted`` the call is noted with it."""
        values = dict(values)
        self._onsite_ensure_assessed_alike(base)
        moment = self._onsite_at(at, self.approved_at)
        if values.pop("contacted", False) and not self.contacted_at:
            self.action_contact(note=self._onsite_text(values.get("note"), 200) or None, at=moment)
        self.action_assess_preliminary(values, at=moment)
        return {"id": self.preliminary_id.id}

    def _onsite_ensure_assessed_alike(self, base):
        """Refuse to take the place of an assessment the phone has not seen.

        :raises OnsiteConflict: somebody else has assessed meanwhile
        :raises UserError: the phone does not say what it saw
        """
        if "preliminary_id" not in base:
            raise UserError(self.env._("The phone does not say what it showed before."))
        last = self.preliminary_id
        if (base["preliminary_id"] or False) == (last.id or False):
            return
        raise OnsiteConflict(
            [
                {
                    "name": "preliminary_id",
                    "label": self._fields["preliminary_id"]._description_string(self.env),
                    "yours": self.env._("what you have entered"),
                    "theirs": last._in_one_line() if last else self.env._("nothing"),
                    "theirs_value": last.id or False,
                    "who": last.user_id.name or "",
                    "when": fields.Datetime.to_string(last.date or fields.Datetime.now()),
                }
            ]
        )

    def _onsite_details(self):
        details = super()._onsite_details()
        # sudo: as there, the orders were found with the technician's rights
        orders = self.sudo()
        waiting = orders.filtered(
            lambda o: o.service_state in order_flow.BEFORE_ARRIVAL and not o.preliminary_id
        )
        found = {
            **waiting._onsite_proposed(),
            **{order: order._onsite_assessed() for order in orders if order.preliminary_id},
        }
        for name, model in (
            ("category_id", "jinxing.fault.category"), ("component_id", "jinxing.component"),
        ):
            orders.env[model].browse({vals[name] for vals in found.values() if vals[name]}).fetch(
                ["name"]
            )
        orders.env["product.product"].browse(
            {part for vals in found.values() for part, _quantity in vals["part_ids"]}
        ).fetch(["name", "default_code"])
        for order, detail in zip(orders, details, strict=True):
            vals = found.get(order)
            detail["preliminary"] = order._onsite_preliminary(vals) if vals else None
        return details

    def _onsite_proposed(self):
        """Return ``{order: values of its proposal}`` of orders nobody has assessed."""
        if not self:
            return {}
        proposals = self._preliminary_proposals()
        why = self.env["jinxing.decision"]._paragraphs(
            {order: one.decision.steps for order, one in proposals.items()}
        )
        guides = self.env["jinxing.fault.guide"]._by_category()
        advice = {category.id: guide.advice for category, guide in guides.items()}
        return {
            order: {
                **vals,
                "advice": advice.get(vals["category_id"]) or "",
                "why": why[order],
            }
            for order, vals in self._proposed_records(proposals).items()
        }

    def _onsite_assessed(self):
        """Return the values of the assessment that counts."""
        self.ensure_one()
        last = self.preliminary_id
        return {
            "category_id": last.category_id.id,
            "component_id": last.component_id.id,
            "severity": last.severity,
            "way": last.way,
            "hours": last.hours,
            "cover": last.cover,
            "advice": last.advice or "",
            "note": last.note or "",
            "visit_at": _moment(last.visit_at),
            "solved": last.solved,
            "part_ids": [(part.product_id.id, part.quantity) for part in last.part_ids],
            "why": "",
            "done": _moment(last.date),
            "who": last.user_id.name,
        }

    def _onsite_preliminary(self, values):
        """Return a proposal or an assessment as the phone shows it."""
        records = self.env["jinxing.repair.preliminary"]
        products = self.env["product.product"]
        category = self.env["jinxing.fault.category"].browse(values["category_id"] or [])
        component = self.env["jinxing.component"].browse(values["component_id"] or [])

        def choices(name):
            return dict(records._fields[name]._description_selection(self.env))

        return {
            "id": self.preliminary_id.id,
            "done": False, "note": "", "visit_at": False, "solved": False, "who": "",
            **{name: value for name, value in values.items() if name != "part_ids"},
            "category": category.name or "",
            "component": component.name or "",
            "component_id": component.id,
            "cover_label": choices("cover").get(values["cover"], ""),
            "parts": [
                {
                    "product": part,
                    "quantity": quantity,
                    "name": products.browse(part).name,
                    "code": products.browse(part).default_code or "",
                }
                for part, quantity in values["part_ids"]
            ],
            "open": self.service_state in order_flow.BEFORE_ARRIVAL,
            "late": self.preliminary_late,
            "solved_at": _moment(self.solved_at),
        }
