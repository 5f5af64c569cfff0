from collections import defaultdict
from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ..rules import order_flow

#: Steps of the technician's list that are over; shown on their day only.
_OVER = (order_flow.HANDED_IN, order_flow.CLOSED)
_OPEN_JOBS = (
    order_flow.ASSIGNED, order_flow.ACCEPTED, order_flow.CONTACTED, order_flow.ON_SITE,
    order_flow.TAKEN_BACK, order_flow.REPAIRED, order_flow.SIGNED,
)
_MAX_JOBS = 100


def _moment(value):
    """Return a moment as the phone reads it."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else False


class RepairOrder(models.Model):
    """What the technician's phone shows of his orders; each method reads many at once."""

    _inherit = "repair.order"

    @api.model
    def _onsite_tz(self):
        """Return the time zone the user lives in, else the company's."""
        # sudo: where our company is
        return self.env.user.tz or self.env.company.sudo().partner_id.tz or "Asia/Shanghai"

    @api.model
    def _onsite_orders(self):
        """Return the orders of the technician's list; nobody else has any."""
        if not self.has_access("read"):
            return self.browse()
        return self.search(self._onsite_list_domain(), limit=_MAX_JOBS)

    @api.model
    def _onsite_list_domain(self):
        """Return the technician's orders of today and those still open."""
        zone = pytz.timezone(self._onsite_tz())
        morning = zone.localize(datetime.combine(datetime.now(zone).date(), time.min))
        start = morning.astimezone(pytz.utc).replace(tzinfo=None)
        return Domain(self._onsite_domain()) & (
            Domain("service_state", "in", _OPEN_JOBS)
            | (Domain("service_state", "in", _OVER) & Domain("handed_in_at", ">=", start))
        )

    @api.model
    def _onsite_list(self):
        """Return the technician's orders for the list, the most pressing first."""
        orders = self._onsite_orders().sorted(
            lambda o: (
                o.service_state in (*_OVER, order_flow.SIGNED),
                not o.emergency,
                o._onsite_pressing() or o.called_at or o.create_date,
                o.id,
            )
        )
        # sudo: names of machine, model and customer of the technician's own orders
        return [order._onsite_head() for order in orders.sudo()]

    def _onsite_pressing(self):
        """Return the nearest deadline still ahead of the technician."""
        self.ensure_one()
        due = [deadline for deadline, _start, done in self._onsite_due_facts() if not done]
        return min((moment for moment in due if moment), default=False)

    def _onsite_due_facts(self):
        """Return deadline, start of the time and fulfilment of each promise made."""
        offered = self.service_state == order_flow.ASSIGNED
        return [
            (offered and self.offer_deadline, self.assigned_at, False),
            (self.contact_deadline, self.approved_at, self.contacted_at),
            (self.arrival_deadline, self.called_at, self.arrived_at),
            (self.promise_at, self.called_at, self.repaired_at),
            (
                self.preliminary_deadline, self.approved_at,
                self.preliminary_at or self.arrived_at,
            ),
        ]

    def _onsite_head(self):
        """Return what list and page show of one order at the top."""
        self.ensure_one()
        deadlines = []
        for kind, (deadline, start, done) in zip(
            ("offer", "contact", "arrival", "promise", "preliminary"),
            self._onsite_due_facts(),
            strict=True,
        ):
            if deadline:
                deadlines.append(
                    {
                        "kind": kind,
                        "until": _moment(deadline),
                        "since": _moment(start),
                        "done": _moment(done),
                    }
                )
        customer = self.partner_id
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.service_kind,
            "state": self.service_state,
            "emergency": self.emergency,
            "model": self.product_id.name or "",
            "serial": self.lot_id.name or "",
            "customer": customer.name or self.caller_name or "",
            "phone": customer.phone or self.caller_phone or "",
            "caller": self.caller_name or "",
            "caller_phone": self.caller_phone or "",
            "address": self.service_address or customer._registration_address() or "",
            "latitude": self.latitude,
            "longitude": self.longitude,
            "reported": self.fault_description or "",
            "called_at": _moment(self.called_at),
            "deadlines": deadlines,
            "full": False,
        }

    # -- the whole order -------------------------------------------------------------------------

    @api.model
    def _onsite_all(self):
        """Return the technician's list with every detail, so that it works without network."""
        return self._onsite_orders()._onsite_details()

    def _onsite_details(self):
        """Return everything the page of each order shows.

        The number of queries does not grow with the number of orders.
        """
        # sudo: the orders were found with the technician's rights; what hangs on them he may see
        orders = self.sudo()
        why = orders.fault_ids._onsite_reasons()
        history = orders._onsite_history()
        return [order._onsite_detail(why, history) for order in orders]

    def _onsite_detail(self, why, history):
        self.ensure_one()
        card = self.card_id
        visit = self.visit_ids.filtered(lambda v: not v.left_at)[-1:]
        left = self.visit_ids.filtered("left_at")[-1:]
        return {
            **self._onsite_head(),
            "full": True,
            "engine": self.lot_id.engine_number or "",
            "card": card.name if card and card.name != "/" else "",
            "model_id": self.product_id.product_tmpl_id.id,
            "company": self.company_id.id,
            "hours": self.engine_hours,
            "categories": self.category_ids.mapped("name"),
            "source": self.location_id.id,
            "sources": [
                {"id": place.id, "name": place.name} for place in self._onsite_sources()
            ],
            "assigned_at": _moment(self.assigned_at),
            "accepted_at": _moment(self.accepted_at),
            "contacted_at": _moment(self.contacted_at),
            "arrived_at": _moment(self.arrived_at),
            "repaired_at": _moment(self.repaired_at),
            "signed_at": _moment(self.signed_at),
            "signed_by": self.signed_by or "",
            "promise_at": _moment(self.promise_at),
            "departed_at": _moment(visit.departed_at),
            "visit_arrived_at": _moment(visit.arrived_at),
            "left_at": False if visit else _moment(left.left_at),
            "visits": len(self.visit_ids),
            "checks": [
                {
                    "id": check.id,
                    "name": check.item_id.name,
                    "phase": check.phase,
                    "done": check.done,
                    "clause": check.item_id.clause_id.code or "",
                }
                for check in self.check_ids
            ],
            "faults": [fault._onsite_fault(why) for fault in self.fault_ids],
            "parts": [
                move._onsite_part()
                for move in self.move_ids
                if move.repair_line_type == "add" and move.state != "cancel"
            ],
            "labour": [service._onsite_labour() for service in self.repair_service_ids],
            "quote": self._onsite_quotation(),
            "explanation": self.explanation or "",
            "precautions": self.precautions or "",
            "trial_run_ok": self.trial_run_ok,
            "history": history.get(self.lot_id.id, []),
            "bulletins": [
                {"id": bulletin.id, "name": bulletin.name}
                for bulletin in self.product_id.product_tmpl_id.bulletin_ids
                if bulletin.audience == "network"
            ][:5],
            "may": self._onsite_may(),
            "escalations": self._onsite_escalations(),
            "receipt": self.open_receipt_id.name or "",
            "due": self._amount_due() if self.service_state == order_flow.SIGNED else 0.0,
            "collected": self.custody_id.amount,
            "voucher": self.voucher_id.name or "",
        }

    def _onsite_may(self):
        """Return the further things the technician may do with the order now."""
        asked = self.escalation_ids.filtered(lambda e: not e.answered_at).mapped("kind")
        still_open = self.service_state in order_flow.OPEN
        may = {
            "escalate": still_open and "authority" not in asked,
            "request_help": still_open and "help" not in asked,
            "give_notice": self.can_give_notice,
            "take_back": order_flow.allowed("take_back", self.service_state),
            "deliver_back": self.open_receipt_id,
            "collect": self.service_state == order_flow.SIGNED and self.may_collect,
        }
        return [name for name, allowed in may.items() if allowed]

    def _onsite_escalations(self):
        """Return what was laid before the supervisor, and his answer (N6, S8.5)."""
        return [
            {
                "id": one.id,
                "reason": one.reason,
                "until": _moment(one.deadline),
                "since": _moment(one.escalated_at),
                "done": _moment(one.answered_at),
                "answer": one.answer or "",
            }
            for one in self.escalation_ids
        ]

    def _onsite_quotation(self):
        """Return what the customer is to pay, line by line, and what he said to it (S8.4)."""
        self.ensure_one()
        moves, services = self._chargeable_lines()
        estimate = sum(services.mapped("amount")) + sum(
            move.product_uom_qty * move.product_id.lst_price for move in moves
        )
        lines = self.sale_order_id.order_line.filtered("product_uom_qty")
        return {
            "state": self.quote_state,
            "chargeable": bool(moves or services),
            "accepted": self._price_accepted(),
            "estimate": round(estimate, 2),
            "symbol": self.currency_id.symbol,
            "lines": [
                {
                    "id": line.id,
                    "name": line.name or line.product_id.name,
                    "quantity": line.product_uom_qty,
                    "unit": line.product_uom_id.name,
                    "price": line.price_unit,
                    "amount": line.price_total,
                }
                for line in lines
            ],
            "total": self.quote_amount,
            "name": self.acceptance_name or "",
            "at": _moment(self.acceptance_at),
        }

    def _onsite_history(self):
        """Return ``{machine id: signed repairs}``, the newest first (G1.2, G1.5)."""
        faults = self.env["jinxing.repair.fault"].search(
            [("lot_id", "in", self.lot_id.ids), ("repaired_on", "!=", False)],
            order="repaired_on desc, id desc",
            limit=20 * len(self),
        )
        history = defaultdict(list)
        for fault in faults:
            if len(history[fault.lot_id.id]) < 10:
                history[fault.lot_id.id].append(
                    {
                        "id": fault.id,
                        "order": fault.order_id.name,
                        "date": fields.Date.to_string(fault.repaired_on),
                        "component": fault.component_id.name,
                        "cause": fault.cause or "",
                        "guarantee_until": fields.Date.to_string(fault.guarantee_until) or False,
                    }
                )
        return history


class JinxingRepairFault(models.Model):
    _inherit = "jinxing.repair.fault"

    def _onsite_reasons(self):
        """Return ``{fault id: its cover decision in force}``."""
        decisions = self.env["jinxing.decision"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("kind", "=", "cover"),
                ("superseded_by_id", "=", False),
            ]
        )
        return {decision.res_id: decision for decision in decisions}

    def _onsite_fault(self, why):
        """Return what the phone shows of one fault, and why it is free or not."""
        self.ensure_one()
        decision = why.get(self.id) or self.env["jinxing.decision"]
        return {
            "id": self.id,
            "component_id": self.component_id.id,
            "component": self.component_id.name,
            "category_id": self.category_id.id,
            "category": self.category_id.name or "",
            "symptom": self.symptom or "",
            "cause": self.cause or "",
            "exclusion": self.exclusion or False,
            "exclusion_evidence": self.exclusion_evidence or "",
            "quality_after": self.quality_after or False,
            "result": self.result or "",
            "cover": self.cover or False,
            "cover_label": decision.outcome_label or "",
            "cover_until": fields.Date.to_string(self.cover_until) or False,
            "clauses": ", ".join(decision.clause_codes or []),
            "why": decision.explanation or "",
            "photos": [{"id": photo.id, "name": photo.name} for photo in self.evidence_ids],
        }


class StockMove(models.Model):
    _inherit = "stock.move"

    def _onsite_part(self):
        """Return what the phone shows of one part."""
        self.ensure_one()
        return {
            "id": self.id,
            "fault": self.fault_id.id,
            "product": self.product_id.id,
            "name": self.product_id.name,
            "code": self.product_id.default_code or "",
            "tracking": self.product_id.tracking,
            "product_uom_qty": self.product_uom_qty,
            "quantity": self.quantity,
            "picked": self.picked,
            "unit": self.product_uom.name,
            "source": self.location_id.id,
            "source_name": self.location_id.name,
            "lots": [{"id": lot.id, "name": lot.name} for lot in self.lot_ids],
            "chargeable": self.fault_id.cover == "chargeable",
            "price": self.product_id.lst_price,
        }


class RepairService(models.Model):
    _inherit = "repair.service"

    def _onsite_labour(self):
        """Return what the phone shows of one line of labour or travel."""
        self.ensure_one()
        return {
            "id": self.id,
            "fault": self.fault_id.id,
            "name": self.fee_item_id.name or self.product_id.name,
            "kind": self.fee_item_id.kind,
            "product_uom_qty": self.product_uom_qty,
            "unit": self.product_id.uom_id.name,
            "price": self.price_unit,
            "amount": self.amount,
            "chargeable": self.is_chargeable,
        }
