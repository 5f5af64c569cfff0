from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jinxing_base.rules.decision import Step

from ..rules import bring, order_flow

#: What people say of a line; the rest is proposed.
SAID = frozenset({"taken", "left_reason"})
STANDINGS = [
    ("ready", "With the technician"), ("fetch", "To be fetched"), ("missing", "Lacking"),
]
LEFT_REASONS = [("not_needed", "Not needed"), ("on_site", "Borrowed on site")]


class JinxingFaultCategory(models.Model):
    """What parts a kind of fault usually takes (S8.3)."""

    _inherit = "jinxing.fault.category"

    usual_component_ids = fields.Many2many(
        "jinxing.component",
        "jinxing_fault_category_component_rel",
        "category_id",
        "component_id",
        "Usual parts",
        help="Parts of these components, approved for the machine's model, are proposed to be "
        "brought (S8.3), beside those fitted for such faults before.",
    )


class JinxingRepairBring(models.Model):
    """A thing to bring to a machine: taken along, or left with a reason (S8.3).

    What is on the list follows from the kinds of fault. Where each thing stands is asked anew
    whenever somebody looks: stock and custody change by the hour.
    """

    _name = "jinxing.repair.bring"
    _description = "Thing to Bring"
    _order = "order_id, item_kind desc, sequence, id"
    _rec_name = "name"

    order_id = fields.Many2one("repair.order", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    technician_id = fields.Many2one(related="order_id.technician_id")
    item_kind = fields.Selection([("part", "Part")], "Kind", required=True, readonly=True)
    name = fields.Char("What", compute="_compute_name", compute_sudo=True)
    product_id = fields.Many2one("product.product", "Part", readonly=True, ondelete="cascade")
    quantity = fields.Float(digits="Product Unit", default=1.0, readonly=True)
    sequence = fields.Integer(default=10, readonly=True)
    because = fields.Json(readonly=True, help="Why it is on the list: steps of the rule.")
    move_ids = fields.One2many("stock.move", "bring_id", "Reserved", readonly=True)
    standing = fields.Selection(STANDINGS, compute="_compute_standing", compute_sudo=True)
    place = fields.Char("Where", compute="_compute_standing", compute_sudo=True)
    why = fields.Text(compute="_compute_standing", compute_sudo=True)
    taken = fields.Boolean("Taken along")
    left_reason = fields.Selection(LEFT_REASONS, "Left, because")
    noted_at = fields.Datetime("When", readonly=True)
    noted_by_id = fields.Many2one("res.users", "Who", readonly=True)

    _part_once = models.UniqueIndex(
        "(order_id, product_id) WHERE product_id IS NOT NULL",
        "A part stands once on the list of an order.",
    )
    _has_thing = models.Constraint(
        "CHECK(item_kind <> 'part' OR (product_id IS NOT NULL AND quantity > 0))",
        "A part to bring is named with its quantity.",
    )
    _taken_or_left = models.Constraint(
        "CHECK(left_reason IS NULL OR taken IS NOT TRUE)",
        "A thing is taken along or left, not both.",
    )

    # -- shown -----------------------------------------------------------------------------------

    @api.depends("product_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for line in self:
            line.name = line._thing().display_name

    def _thing(self):
        """Return the record the line is about."""
        self.ensure_one()
        return self.product_id

    @api.depends(
        "order_id.technician_id", "order_id.service_state", "quantity", "left_reason",
        "move_ids.state",
    )
    @api.depends_context("lang")
    def _compute_standing(self):
        """Say where each thing lies now; the number of queries does not grow with the lines."""
        # After the signature it does not matter any more where things lie.
        watched = self.filtered(lambda line: line.order_id.service_state in order_flow.OPEN)
        found = watched._verdicts()
        steps = []
        for line in self:
            verdict, place, _piece = found.setdefault(line.id, (bring.Verdict(False), "", None))
            line.standing = verdict.standing
            line.place = place
            because = [
                Step(key, tuple((params or {}).items())) for key, params in line.because or ()
            ]
            steps.append([*because, *verdict.steps])
        for line, text in zip(self, self.env["jinxing.decision"]._step_texts(steps), strict=True):
            line.why = text
        return found

    def _verdicts(self):
        """Return ``{line id: (verdict, place, piece)}``; each kind of thing adds its own.

        ``piece`` is what of a store could be handed out, ``None`` where that is not asked.
        """
        return self.filtered("product_id")._part_verdicts()

    # -- where the parts are -----------------------------------------------------------------------

    def _part_verdicts(self):
        """Return where each part stands."""
        if not self:
            return {}
        lines = self.sudo()  # sudo: where parts lie is asked on behalf of the order
        sources = {order: order._bring_sources() for order in lines.order_id}
        kept = lines._reserved_moves()
        short = lines.filtered(
            lambda line: sum(move.quantity for move in kept[line]) < line.quantity
        )
        others = short._reserved_by_others(sources)
        result = {}
        for line in lines:
            order, moves = line.order_id, kept[line]
            places = sources[order]
            held = moves.filtered("quantity").location_id
            van = order.technician_id.parts_location_id
            names = ", ".join(held.mapped("name"))
            verdict = bring.judge_part(
                bring.PartFacts(
                    wanted=line.quantity,
                    reserved=sum(moves.mapped("quantity")),
                    place=names,
                    in_van=bool(van) and held == van,
                    places=tuple(places.mapped("name")),
                    others=tuple(others.get(line, ())),
                    left=line.left_reason or "",
                )
            )
            result[line.id] = (verdict, names, None)
        return result

    def _reserved_moves(self):
        """Return ``{line: moves that keep stock for it}``: its own, and the order's parts."""
        kept = {}
        self.move_ids.mapped("state")  # all at once: a union forgets what is read together
        for line in self:
            planned = line.order_id.move_ids.filtered(
                lambda m, part=line.product_id: m.product_id == part
                and m.repair_line_type == "add"
            )
            kept[line] = (line.move_ids | planned).filtered(lambda m: m.state != "cancel")
        return kept

    def _reserved_by_others(self, sources):
        """Return ``{line: names of the orders that have reserved what is there}``; one query."""
        places = self.browse().order_id.location_id.union(*sources.values())
        found = self.env["stock.move.line"].search_fetch(
            [
                ("product_id", "in", self.product_id.ids),
                ("location_id", "child_of", places.ids),
                ("state", "in", ("assigned", "partially_available")),
                ("quantity", ">", 0),
            ],
            ["move_id", "product_id", "location_id"],
            limit=20 * len(self),
        ) if self else self.env["stock.move.line"]
        by_part = defaultdict(list)
        for detail in found:
            move = detail.move_id
            order = move.bring_id.order_id or move.repair_id
            name = order.name or move.reference
            by_part[detail.product_id].append((detail.location_id, order, name))
        result = {}
        for line in self:
            mine = sources[line.order_id]
            result[line] = list(
                dict.fromkeys(
                    name
                    for place, order, name in by_part[line.product_id]
                    if order != line.order_id and name
                    and any(place.parent_path.startswith(one.parent_path) for one in mine)
                )
            )
        return result

    # -- reserving ---------------------------------------------------------------------------------

    def _reserve(self):
        """Reserve parts in van or station, as far as they are free; core does the reserving.

        The free stock is read at once; what another order takes meanwhile is not given twice,
        since Odoo repeats the later of two transactions that reserve the same stock.
        """
        lines = self.sudo().filtered(  # sudo: stock is reserved on behalf of the order
            lambda line: line.product_id.is_storable and line.left_reason != bring.NOT_NEEDED
        )
        kept = lines._reserved_moves()
        lacking = {}
        for line in lines:
            missing = line.quantity - sum(move.product_uom_qty for move in kept[line])
            if line.product_id.uom_id.compare(missing, 0) > 0:
                lacking[line] = missing
        if not lacking:
            return
        orders = self.browse().order_id.union(*(line.order_id for line in lacking))
        parts = self.browse().product_id.union(*(line.product_id for line in lacking))
        free = orders._bring_free(parts)
        vals_list = []
        for line, missing in lacking.items():
            order = line.order_id
            there = [
                (place, free.get((line.product_id, place), 0.0))
                for place in order._bring_sources()
            ]
            place = next((place for place, quantity in there if quantity >= missing), None)
            if not place:
                place, quantity = max(there, key=lambda pair: pair[1], default=(None, 0.0))
                missing = quantity
            if not place or line.product_id.uom_id.compare(missing, 0) <= 0:
                continue
            free[line.product_id, place] -= missing
            vals_list.append(
                {
                    "bring_id": line.id,
                    "company_id": order.company_id.id,
                    "product_id": line.product_id.id,
                    "product_uom": line.product_id.uom_id.id,
                    "product_uom_qty": missing,
                    "location_id": place.id,
                    "location_dest_id": order.location_dest_id.id,
                    "origin": order.name,
                    "date": order.schedule_date,
                    "procure_method": "make_to_stock",
                }
            )
        if not vals_list:
            return
        # sudo: as above
        moves = self.env["stock.move"].sudo().create(vals_list)
        moves._action_confirm(merge=False)
        moves._action_assign()
        nothing = moves.filtered(lambda move: not move.quantity)
        nothing._action_cancel()
        nothing.unlink()

    def _release(self):
        """Give back what was reserved for these lines alone."""
        moves = self.sudo().move_ids  # sudo: as in _reserve
        moves.filtered(lambda move: move.state not in ("done", "cancel"))._action_cancel()
        moves.unlink()

    # -- said by people, proposed by the rule ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("What to bring follows from the kinds of fault."))
        return super().create(vals_list)

    def write(self, vals):
        """Note who takes a thing along or leaves it; what is left as not needed is free again."""
        if not self.env.su:
            if set(vals) - SAID:
                raise UserError(
                    self.env._("A thing to bring is taken along or left, not edited.")
                )
            self._ensure_open()
        if not SAID & set(vals):
            return super().write(vals)
        if vals.get("taken"):
            vals = {**vals, "left_reason": False}
        elif vals.get("left_reason"):
            vals = {**vals, "taken": False}
        said = bool(vals.get("taken") or vals.get("left_reason"))
        result = super().write(
            {
                **vals,
                "noted_at": fields.Datetime.now() if said else False,
                "noted_by_id": self.env.uid if said else False,
            }
        )
        unneeded = self.filtered(lambda line: line.left_reason == bring.NOT_NEEDED)
        unneeded._release()
        (self - unneeded)._reserve()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_proposed(self):
        if not self.env.su:
            raise UserError(self.env._("What to bring follows from the kinds of fault."))

    def unlink(self):
        self.check_access("unlink")
        self._release()
        return super().unlink()

    def _ensure_open(self):
        """Refuse changes after the customer's signature."""
        done = self.order_id.filtered(lambda o: o.service_state not in order_flow.OPEN)
        if done:
            raise UserError(
                self.env._(
                    "%(names)s: what the customer has signed is not changed.",
                    names=", ".join(done.mapped("name")),
                )
            )


class StockMove(models.Model):
    """Stock kept for an order before anybody knows the fault (S8.3)."""

    _inherit = "stock.move"

    bring_id = fields.Many2one(
        "jinxing.repair.bring", "Kept for", readonly=True, index="btree_not_null", copy=False,
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._on_dispatch().repair_id._propose_bring()
        return moves

    def write(self, vals):
        result = super().write(vals)
        if "product_uom_qty" in vals:
            self._on_dispatch().repair_id._propose_bring()
        return result

    def unlink(self):
        orders = self._on_dispatch().repair_id
        result = super().unlink()
        orders.exists()._propose_bring()
        return result

    @api.model
    def _release_brought(self, vals_list):
        """Give back what was kept for parts that are now planned on their order."""
        wanted = {
            (vals["repair_id"], vals.get("product_id"))
            for vals in vals_list
            if vals.get("repair_id") and vals.get("repair_line_type") == "add"
        }
        if not wanted:
            return
        # sudo: stock is kept on behalf of the order
        lines = self.env["jinxing.repair.bring"].sudo().search(
            [
                ("order_id", "in", [order for order, _part in wanted]),
                ("product_id", "in", [part for _order, part in wanted]),
                ("move_ids", "!=", False),
            ]
        )
        lines.filtered(lambda line: (line.order_id.id, line.product_id.id) in wanted)._release()

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "bring_id"]
