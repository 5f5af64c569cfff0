from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.jinxing_base.rules.decision import plain

from ..rules import bring, order_flow
from .repair_order_onsite import DIAGNOSING

#: What to bring is proposed from the assignment to the departure.
_BEFORE_DEPARTURE = (order_flow.ASSIGNED, order_flow.ACCEPTED, order_flow.CONTACTED)


class RepairOrder(models.Model):
    """What a technician takes along to the machine, and that he sets out with it (S8.3)."""

    _inherit = "repair.order"

    bring_ids = fields.One2many("jinxing.repair.bring", "order_id", "To bring", copy=False)

    # -- proposing ---------------------------------------------------------------------------------

    def _preparing(self):
        """Return those of the orders whose technician gets ready for a trip."""

        def is_preparing(order):
            if not order.service_kind or not order.technician_id:
                return False
            if order.service_state in _BEFORE_DEPARTURE:
                visit = order.visit_ids[-1:]
                return not visit.departed_at or bool(visit.left_at)
            # left unrepaired, and another trip follows (N5)
            return order.service_state == order_flow.ON_SITE and bool(order.visit_ids[-1:].left_at)

        return self.filtered(is_preparing)

    def _propose_bring(self):
        """Bring the lists of what to take along up to the kinds of fault, and reserve the parts.

        A line that stays keeps its tick. Its queries do not grow with the number of orders, but
        for those by which core reserves each part.
        """
        # sudo: what the faults take and where it lies is asked on behalf of the order
        orders = self.sudo()._preparing()
        if not orders:
            return
        wanted = orders._bring_wanted()
        lists = orders.env["jinxing.repair.bring"]
        gone = lists.browse()
        vals_list = []
        for order in orders:
            mine = wanted.get(order, {})
            seen = set()
            for line in order.bring_ids:
                key = (line.item_kind, line._thing().id)
                if key not in mine:
                    gone |= line
                    continue
                seen.add(key)
                changed = {
                    name: mine[key][name]
                    for name in ("because", "quantity", "sequence")
                    if name in mine[key] and line[name] != mine[key][name]
                }
                if changed:
                    line.write(changed)
            vals_list += [
                {"order_id": order.id, "item_kind": key[0], **vals}
                for key, vals in mine.items()
                if key not in seen
            ]
        gone.unlink()
        lists.create(vals_list)
        orders.bring_ids.filtered("product_id")._reserve()

    def _bring_wanted(self):
        """Return ``{order: {(kind, id): values}}`` of what to bring; each kind adds its own."""
        return {
            order: {
                ("part", want.key): {
                    "product_id": want.key,
                    "quantity": want.quantity,
                    "sequence": index,
                    "because": [[step.key, plain(dict(step.params))] for step in want.because],
                }
                for index, want in enumerate(wants)
            }
            for order, wants in self._bring_parts().items()
        }

    def _bring_categories(self):
        """Return the kinds of fault of the order: as registered, as assessed, as found."""
        self.ensure_one()
        return self.category_ids | self.fault_ids.category_id

    def _bring_parts(self):
        """Return ``{order: parts to bring}`` as the rule chooses them (S8.3)."""
        result = {}
        for company, orders in self.grouped("company_id").items():
            months = self._policy("bring_history_months", company=company)
            fitted, counts = orders._fitted_before(months)
            listed = orders._listed_parts()
            planned = {order: order._planned_parts() for order in orders}
            assessed = {order: order._assessed_parts() for order in orders}
            ids = {part for parts in fitted.values() for part in parts}
            parts = self.env["product.product"].browse(ids)
            asked_for = [
                self._parts_of({**planned[order], **assessed[order]}) for order in orders
            ]
            parts = parts.union(*listed.values(), *asked_for)
            free = orders._bring_free(parts)
            least = self._policy("bring_fitted_least", company=company)
            most = self._policy("bring_parts_most", company=company)
            for order in orders:
                model = order.product_id.product_tmpl_id
                usual = listed[order]
                sources = order._bring_sources()
                usages = []
                kept = order._kept_parts()
                before = fitted[order]
                mine = planned[order]
                named = assessed[order]
                for part in usual | self._parts_of({**mine, **named}) | parts.browse(before):
                    asked = mine.get(part, 0.0) or named.get(part, 0.0)
                    there = kept.get(part, 0.0) + sum(
                        free.get((part, place), 0.0) for place in sources
                    )
                    if not asked and not self._may_bring(part, model, there):
                        continue
                    usages.append(
                        bring.Usage(
                            key=part.id,
                            name=part.name or "",
                            fitted=before.get(part.id, 0),
                            orders=counts[order],
                            listed=part in usual,
                            planned=mine.get(part, 0.0),
                            assessed=named.get(part, 0.0),
                            free=there,
                        )
                    )
                result[order] = bring.choose_parts(
                    usages, least=least, most=most, months=months
                )
        return result

    @api.model
    def _may_bring(self, part, model, there):
        """Tell whether a part may be proposed for a model; ``there`` is what is free of it."""
        return part.active and part.is_storable and model in part.approved_model_ids

    @api.model
    def _parts_of(self, quantities):
        return self.env["product.product"].union(*quantities)

    def _kept_parts(self):
        """Return ``{part: quantity}`` reserved for the order's list already."""
        self.ensure_one()
        return {line.product_id: sum(line.move_ids.mapped("quantity")) for line in self.bring_ids}

    def _assessed_parts(self):
        """Return ``{part: quantity}`` the preliminary assessment in force names (S8.2)."""
        self.ensure_one()
        return {line.product_id: line.quantity for line in self.preliminary_id.part_ids}

    def _planned_parts(self):
        """Return ``{part: quantity}`` the order asks for and has not used yet."""
        self.ensure_one()
        planned = defaultdict(float)
        for move in self.move_ids:
            if move.repair_line_type == "add" and move.state not in ("done", "cancel"):
                planned[move.product_id] += move.product_uom_qty
        return planned

    def _listed_parts(self):
        """Return ``{order: parts listed for its kinds of fault or of a component found}``."""
        components = {
            order: order._bring_categories().usual_component_ids | order.fault_ids.component_id
            for order in self
        }
        every = self.env["jinxing.component"].union(*components.values())
        models_ = self.product_id.product_tmpl_id
        parts = self.env["product.product"]
        if every and models_:
            parts = parts.search_fetch(
                Domain("component_id", "in", every.ids)
                & Domain("approved_model_ids", "in", models_.ids)
                & Domain("is_machine", "=", False)
                & Domain("is_storable", "=", True)
                & Domain("company_id", "in", [False, *self.company_id.ids]),
                ["component_id", "approved_model_ids", "name", "active", "is_storable"],
            )
        return {
            order: parts.filtered(
                lambda part, order=order: part.component_id in components[order]
                and order.product_id.product_tmpl_id in part.approved_model_ids
                and part.company_id.id in (False, order.company_id.id)
            )
            for order in self
        }

    def _fitted_before(self, months):
        """Return what was fitted on signed orders of the same model and kinds of fault.

        A fault without a kind of its own counts for those of its order. One query.

        :return: ``{order: {part id: orders it was fitted on}}``, ``{order: such orders in all}``
        """
        kinds = {order: order._bring_categories() for order in self}
        categories = self.env["jinxing.fault.category"].union(*kinds.values())
        models_ = self.product_id.product_tmpl_id
        used, seen = defaultdict(set), defaultdict(set)
        if categories and models_:
            since = fields.Datetime.now() - relativedelta(months=months)
            for model in ("stock.move", "jinxing.repair.fault", "repair.order"):
                self.env[model].flush_model()
            rows = self.env.execute_query(
                SQL(
                    """
                    WITH found AS (
                        SELECT fault.id, fault.order_id, fault.category_id
                          FROM jinxing_repair_fault fault
                         WHERE fault.category_id IN %(categories)s
                           AND fault.company_id IN %(companies)s
                        UNION
                        SELECT fault.id, fault.order_id, rel.category_id
                          FROM jinxing_repair_order_category_rel rel
                          JOIN jinxing_repair_fault fault ON fault.order_id = rel.order_id
                         WHERE rel.category_id IN %(categories)s
                           AND fault.category_id IS NULL
                           AND fault.company_id IN %(companies)s
                    )
                    SELECT found.category_id, model.product_tmpl_id, found.order_id,
                           move.product_id
                      FROM found
                      JOIN repair_order "order" ON "order".id = found.order_id
                      JOIN product_product model ON model.id = "order".product_id
                      LEFT JOIN stock_move move ON move.fault_id = found.id
                           AND move.state = 'done' AND move.repair_line_type = 'add'
                     WHERE "order".signed_at >= %(since)s
                       AND model.product_tmpl_id IN %(models)s
                    """,
                    categories=tuple(categories.ids),
                    companies=tuple(self.company_id.ids),
                    since=since,
                    models=tuple(models_.ids),
                )
            )
            for category, model, order, part in rows:
                seen[category, model].add(order)
                if part:
                    used[category, model].add((part, order))
        fitted, counts = {}, {}
        for order in self:
            keys = [(kind.id, order.product_id.product_tmpl_id.id) for kind in kinds[order]]
            pairs = set().union(*(used[key] for key in keys)) if keys else set()
            by_part = defaultdict(int)
            for part, other in pairs:
                by_part[part] += other != order.id
            fitted[order] = {part: number for part, number in by_part.items() if number}
            counts[order] = len(set().union(*(seen[key] for key in keys)) if keys else ())
        return fitted, counts

    def _bring_sources(self):
        """Return where parts are taken from before the departure: the van, then the station."""
        self.ensure_one()
        return self._onsite_sources()

    def _bring_free(self, parts):
        """Return ``{(part, place): free quantity}`` at the places of these orders; one query."""
        places = self.browse().location_id.union(*(order._bring_sources() for order in self))
        free = defaultdict(float)
        if not parts or not places:
            return free
        groups = self.env["stock.quant"]._read_group(
            [("location_id", "child_of", places.ids), ("product_id", "in", parts.ids)],
            ["product_id", "location_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        for part, shelf, quantity, reserved in groups:
            for place in places:
                if shelf.parent_path.startswith(place.parent_path):
                    free[part, place] += quantity - reserved
        return free

    # -- when it is proposed, and given back -------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if {"category_ids", "product_id", "lot_id"} & set(vals):
            self._propose_bring()
        return result

    def _parts_follow(self):
        """Let planned parts, and those kept for the order, follow its technician (S8.3)."""
        # sudo: where parts come from follows the technician
        orders = self.sudo()
        moves = orders.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))

        def lies_elsewhere(move):
            place = move.part_source_id or move.repair_id.location_id
            return move.repair_line_type == "add" and any(
                not move.repair_id.technician_id
                or not line.location_id.parent_path.startswith(place.parent_path)
                for line in move.move_line_ids
            )

        # Core notices a move's new place only where it is written, not where it is computed.
        moves.filtered(lies_elsewhere)._do_unreserve()
        result = super()._parts_follow()
        moves.filtered(
            lambda m: m.repair_id.technician_id and m.state in ("confirmed", "partially_available")
        )._action_assign()
        stale = orders.bring_ids.filtered(
            lambda line: line.move_ids.location_id - line.order_id._bring_sources()
        )
        stale._release()
        self._propose_bring()
        return result

    def _take_step(
        self, action, vals=None, given=None, reason=None, at=None, checked=False, target=None
    ):
        """Take a step as before; another man ticks his own list, and what is kept is given back."""
        handed_on = self.browse()
        if vals and "technician_id" in vals:
            handed_on = self.filtered(lambda o: o.technician_id.id != vals["technician_id"])
        result = super()._take_step(
            action, vals=vals, given=given, reason=reason, at=at, checked=checked, target=target
        )
        handed_on._pack_anew()
        if action in ("decline", "expire"):
            # sudo: what was kept for the order is free again
            self.sudo().bring_ids.unlink()
            self._parts_follow()
        elif action == "sign":
            # sudo: as above
            self.sudo().bring_ids._release()
        return result

    def action_assess_preliminary(self, values=None, at=None):
        """Assess as before; what to bring follows the assessment (S8.2, S8.3)."""
        result = super().action_assess_preliminary(values=values, at=at)
        self._propose_bring()
        return result

    def action_cancel_order(self, reason=None):
        """Cancel as before; what was kept for the orders is free again (S8.3)."""
        result = super().action_cancel_order(reason=reason)
        if result is True:
            # sudo: as in _take_step
            self.sudo().bring_ids._release()
        return result

    def action_leave(
        self, outcome, explanation=None, next_step=None, promise_at=None, distance_km=None, at=None
    ):
        """End a visit as before; the next one starts with a list of its own (S8.3)."""
        result = super().action_leave(
            outcome, explanation=explanation, next_step=next_step, promise_at=promise_at,
            distance_km=distance_km, at=at,
        )
        again = self._on_further_visit()
        again._pack_anew()
        again._propose_bring()
        return result

    def _pack_anew(self):
        """Take back the ticks of the departure: each trip and each technician has his own."""
        # sudo: the list goes with the technician
        orders = self.sudo()
        orders.check_ids.filtered(lambda c: c.phase == "departure" and c.done).write(
            {"done": False}
        )
        orders.bring_ids.filtered(lambda line: line.taken or line.left_reason).write(
            {"taken": False, "left_reason": False}
        )

    # -- setting out -------------------------------------------------------------------------------

    def action_depart(self, at=None):
        """Set out to the machine, with everything taken along or left with a reason (S8.3)."""
        self._ensure_role("worker")
        self._ensure_packed(self._departing())
        return super().action_depart(at=at)

    def action_arrive(self, latitude=None, longitude=None, at=None):
        """Arrive as before; who did not say that he set out has his list ticked, too (S8.3)."""
        self._begin("worker")
        # sudo: visits are written by the steps of the technician
        said = self.sudo().filtered(
            lambda o: o.visit_ids.filtered(lambda v: v.departed_at and not v.left_at)
        )
        self._ensure_packed(self._departing() - said)
        return super().action_arrive(latitude=latitude, longitude=longitude, at=at)

    def _departing(self):
        """Return those of the orders from which a trip to the machine may start."""
        return self.filtered(
            lambda o: o.service_state in (order_flow.ACCEPTED, order_flow.CONTACTED)
        ) | self._on_further_visit().filtered(
            lambda o: o.service_state == order_flow.ON_SITE
        )

    @api.model
    def _ensure_packed(self, orders):
        """Refuse a trip with an open departure list, and store with what a trip began (S8.3).

        :raises UserError: names the orders and what is open
        """
        decisions, refused = {}, []
        texts = self.env["jinxing.decision"]
        # sudo: the list of the technician's own order
        for order in orders.sudo():
            decision = order._departure_decision()
            decisions[order.id] = decision
            if decision.outcome == bring.REFUSED:
                why = texts._step_lines(
                    step
                    for step in decision.steps
                    if step.key in ("departure_unticked", "departure_open")
                )
                refused.append(
                    self.env._(
                        "%(order)s: first the list before departure (S8.3). %(why)s",
                        order=order.name,
                        why=why,
                    )
                )
        if refused:
            raise UserError("\n".join(refused))
        orders._record_decisions("departure", decisions)

    def _departure_decision(self):
        """Return whether the technician may set out, by the rule (S8.3)."""
        self.ensure_one()
        checks = self.check_ids.filtered(lambda c: c.phase == "departure")
        ticked = checks.filtered("done")
        return bring.decide_departure(
            (checks - ticked).item_id.mapped("name"),
            ticked.item_id.mapped("name"),
            [
                bring.Item(
                    name=line.name,
                    standing=line.standing or bring.MISSING,
                    taken=line.taken,
                    left=line.left_reason or "",
                )
                for line in self.bring_ids
            ],
        )

    # -- on the phone and on paper -----------------------------------------------------------------

    def _onsite_detail(self, why, history):
        return {
            **super()._onsite_detail(why, history),
            "bring": [line._onsite_line() for line in self.bring_ids],
        }

    def _onsite_beyond_stock(self, part, source, lots, quantity, values):
        """Look at the stock as before; what is kept for this order is there for its parts."""
        self.env["stock.move"]._release_brought(
            [{"repair_id": self.id, "product_id": part.id, "repair_line_type": "add"}]
        )
        return super()._onsite_beyond_stock(part, source, lots, quantity, values)

    def _onsite_bring(self, values, base, at):
        """Take a thing along, or leave it with a reason."""
        self._onsite_in(DIAGNOSING)
        line_id = values.get("line")
        if type(line_id) is int and not self.env["jinxing.repair.bring"].browse(line_id).exists():
            return {"gone": True}  # the office has changed the kinds of fault meanwhile
        line = self._onsite_child(self.bring_ids, line_id)
        reason = values.get("left_reason") or False
        if reason and reason not in bring.LEFT_REASONS:
            raise UserError(self.env._("This is none of the choices."))
        vals = {"taken": bool(values.get("taken")) and not reason, "left_reason": reason}
        self._onsite_ensure_unchanged(line, vals, base)
        if any(line[name] != value for name, value in vals.items()):
            line.write(vals)
        return None


class JinxingRepairBring(models.Model):
    _inherit = "jinxing.repair.bring"

    def _onsite_line(self):
        """Return what the phone shows of a thing to bring."""
        self.ensure_one()
        return {
            "id": self.id,
            "kind": self.item_kind,
            "kind_name": dict(self._fields["item_kind"]._description_selection(self.env))[
                self.item_kind
            ],
            "name": self.name,
            "quantity": self.quantity,
            "unit": self.product_id.uom_id.name or "",
            "standing": self.standing,
            "standing_name": dict(self._fields["standing"]._description_selection(self.env)).get(
                self.standing, ""
            ),
            "place": self.place or "",
            "why": self.why or "",
            "taken": self.taken,
            "left_reason": self.left_reason or False,
            "product": self.product_id.id,
            "kept": [
                {"source": move.location_id.id, "quantity": move.quantity}
                for move in self.move_ids
                if move.quantity
            ],
        }


class JinxingRepairFault(models.Model):
    _inherit = "jinxing.repair.fault"

    @api.model_create_multi
    def create(self, vals_list):
        faults = super().create(vals_list)
        faults.order_id._propose_bring()
        return faults

    def write(self, vals):
        result = super().write(vals)
        if {"category_id", "component_id"} & set(vals):
            self.order_id._propose_bring()
        return result
