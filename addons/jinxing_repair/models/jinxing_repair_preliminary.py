from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.jinxing_base.rules.decision import plain

from ..rules import preliminary_texts as texts
from .jinxing_fault_clue import severities, ways

_lt = LazyTranslate(__name__)
#: More hours than this are a slip of the pen.
MAX_HOURS = 999


class JinxingRepairPreliminary(models.Model):
    """A preliminary assessment (初步评估) of a fault before anybody is sent (S8.2).

    The system proposes one, a person of the repair department confirms or changes it; only a
    confirmed one counts as assessed, and of several the latest. Written by the order's steps
    alone, never edited.
    """

    _name = "jinxing.repair.preliminary"
    _description = "Preliminary Assessment"
    _order = "id desc"
    _rec_name = "category_id"

    order_id = fields.Many2one(
        "repair.order", "Dispatch order", required=True, readonly=True, index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    state = fields.Selection(
        [("proposed", "Proposed by the system"), ("confirmed", "Assessed")],
        required=True,
        readonly=True,
        default="proposed",
    )
    user_id = fields.Many2one("res.users", "Who", readonly=True, index="btree_not_null")
    date = fields.Datetime("When", required=True, readonly=True, default=fields.Datetime.now)
    changed = fields.Boolean(
        "Proposal changed",
        readonly=True,
        help="The person who assessed saw it otherwise than the system.",
    )
    category_id = fields.Many2one(
        "jinxing.fault.category", "Likely kind of fault", readonly=True, index="btree_not_null",
        ondelete="restrict",
    )
    component_id = fields.Many2one(
        "jinxing.component", "Likely component", readonly=True, index="btree_not_null",
        ondelete="restrict",
    )
    severity = fields.Selection(selection=severities(), readonly=True)
    way = fields.Selection(selection=ways(), string="Served by", readonly=True)
    part_ids = fields.One2many(
        "jinxing.repair.preliminary.part", "preliminary_id", "To bring", readonly=True
    )
    hours = fields.Float("Expected hours", digits=(6, 2), readonly=True)
    cover = fields.Selection(
        [("free", "Free"), ("chargeable", "Chargeable")],
        "Probably",
        readonly=True,
        help="By the cover rule for the likely component; decided fault by fault at the machine.",
    )
    advice = fields.Text("Told to the customer", readonly=True)
    visit_at = fields.Datetime("Visit agreed for", readonly=True)
    note = fields.Char("Agreed with the customer", readonly=True)
    solved = fields.Boolean("Solved by advice on the phone", readonly=True)
    decision_id = fields.Many2one("jinxing.decision", "Why?", readonly=True, index="btree_not_null")

    _confirmed_complete = models.Constraint(
        "CHECK(state != 'confirmed' OR (user_id IS NOT NULL AND category_id IS NOT NULL"
        " AND severity IS NOT NULL AND way IS NOT NULL))",
        "An assessment names who made it, the kind of fault, how bad it is and how it is served.",
    )
    _hours_sane = models.Constraint(
        f"CHECK(hours IS NULL OR (hours >= 0 AND hours <= {MAX_HOURS}))",
        f"The expected hours lie between 0 and {MAX_HOURS}.",
    )
    _solved_by_phone = models.Constraint(
        "CHECK(solved IS NOT TRUE OR (state = 'confirmed' AND way = 'phone'))",
        "Only advice by phone solves a fault on the phone.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self._message())
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self._message())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self._message())

    def _message(self):
        return self.env._(
            "An assessment is made by the order's button and stays; a new one takes its place "
            "(S8.2)."
        )

    def action_why(self):
        """Open what the system proposed and why."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why?"),
            "res_model": "jinxing.decision",
            "res_id": self.decision_id.id,
            "views": [(self.env.ref("jinxing_base.jinxing_decision_view_form").id, "form")],
            "target": "new",
        }

    def _in_one_line(self):
        """Return the assessment in one line, for prints and lists."""
        self.ensure_one()
        # sudo: names of what hangs on an assessment one may read
        one = self.sudo()
        severity = dict(self._fields["severity"]._description_selection(self.env))
        way = dict(self._fields["way"]._description_selection(self.env))
        cover = dict(self._fields["cover"]._description_selection(self.env))
        parts = ", ".join(
            f"{part.product_id.name} × {part.quantity:g}" for part in one.part_ids
        )
        said = [
            one.category_id.name,
            one.component_id.name,
            severity.get(one.severity),
            way.get(one.way),
            cover.get(one.cover),
            parts and self.env._("to bring: %(parts)s", parts=parts),
            one.hours and self.env._("%(hours)s h", hours=f"{one.hours:g}"),
        ]
        return " · ".join(word for word in said if word)


class JinxingRepairPreliminaryPart(models.Model):
    """A part that probably has to be brought along (S8.2, S8.3)."""

    _name = "jinxing.repair.preliminary.part"
    _description = "Part Likely Needed"
    _order = "id"
    _rec_name = "product_id"

    preliminary_id = fields.Many2one(
        "jinxing.repair.preliminary", "Preliminary assessment", required=True, readonly=True,
        index=True, ondelete="cascade",
    )
    product_id = fields.Many2one(
        "product.product", "Part", required=True, readonly=True, index=True, ondelete="restrict"
    )
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True, default=1.0)

    _once = models.Constraint(
        "unique(preliminary_id, product_id)", "A part stands once in an assessment."
    )
    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "The quantity to bring is above zero."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env["jinxing.repair.preliminary"]._message())
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env["jinxing.repair.preliminary"]._message())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env["jinxing.repair.preliminary"]._message())


class JinxingDecision(models.Model):
    """The words of the preliminary assessment."""

    _inherit = "jinxing.decision"

    @api.model
    def _texts(self):
        return {**super()._texts(), **{key: _lt(text) for key, text in texts.TEXTS.items()}}

    @api.model
    def _value_texts(self):
        names = self.env["jinxing.fault.category"]._names_by_code(self.env.lang)
        kinds = {("fault_category", code): name for code, name in names.items()}
        words = {key: _lt(text) for key, text in texts.VALUES.items()}
        return {**super()._value_texts(), **kinds, **words}

    @api.model
    def _paragraphs(self, many):
        """Return ``{key: what the steps say, a line each}`` of ``{key: steps}``.

        The words are looked up once for all of them.
        """
        templates, words = self._texts(), self._value_texts()
        return {
            key: "\n".join(
                str(self.env._(templates[step.key]))
                % {
                    name: self._render_value(name, value, words)
                    for name, value in plain(dict(step.params)).items()
                }
                for step in steps
            )
            for key, steps in many.items()
        }

    @api.model
    def _kind_texts(self):
        return {**super()._kind_texts(), **{key: _lt(text) for key, text in texts.KINDS.items()}}

    @api.model
    def _outcome_texts(self):
        words = {key: _lt(text) for key, text in texts.OUTCOMES.items()}
        return {**super()._outcome_texts(), **words}
