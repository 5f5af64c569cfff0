from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.jinxing_base.models.locking import take

from ..rules import warranty_parts

#: What the rule and the steps set.
SYSTEM = frozenset(
    {"name", "state", "outcome", "amount", "confirmed_at", "confirmed_by_id", "liability_id"}
)
#: What the books say of a line.
BOOK = ("opening", "issued", "fitted", "returned", "corrected")

_BOOKS = """
WITH moved AS (
    SELECT line.product_id,
           move.date AS at,
           audit.date_to AS audited,
           move.parts_audit_id,
           line.quantity_product_uom * CASE WHEN dest.id IS NULL THEN -1 ELSE 1 END AS qty,
           CASE WHEN move.repair_id IS NOT NULL THEN 'fitted'
                WHEN other.usage IN ('internal', 'transit', 'supplier') AND dest.id IS NULL
                    THEN 'returned'
                WHEN other.usage IN ('internal', 'transit', 'supplier') THEN 'issued'
                ELSE 'corrected'
           END AS way
      FROM stock_move_line line
      JOIN stock_move move ON move.id = line.move_id
      JOIN stock_location store ON store.id = %(store)s
 LEFT JOIN stock_location source
        ON source.id = line.location_id AND source.parent_path LIKE store.parent_path || '%%'
 LEFT JOIN stock_location dest
        ON dest.id = line.location_dest_id AND dest.parent_path LIKE store.parent_path || '%%'
 LEFT JOIN jinxing_parts_audit audit ON audit.id = move.parts_audit_id
      JOIN stock_location other
        ON other.id = CASE WHEN dest.id IS NULL THEN line.location_dest_id
                           ELSE line.location_id END
     WHERE line.state = 'done'
       AND (source.id IS NULL) != (dest.id IS NULL)
       AND (move.date < %(end)s OR move.parts_audit_id IS NOT NULL)
)
SELECT product_id,
       COALESCE(SUM(qty) FILTER (WHERE COALESCE(audited < %(first)s, at < %(start)s)), 0),
       COALESCE(SUM(qty) FILTER (WHERE way = 'issued' AND at >= %(start)s AND audited IS NULL), 0),
       COALESCE(-SUM(qty) FILTER (WHERE way = 'fitted' AND at >= %(start)s AND audited IS NULL), 0),
       COALESCE(-SUM(qty) FILTER (
           WHERE way = 'returned' AND at >= %(start)s AND audited IS NULL), 0),
       COALESCE(-SUM(qty) FILTER (
           WHERE way = 'corrected' AND at >= %(start)s AND audited IS NULL), 0)
  FROM moved
GROUP BY product_id
"""


class JinxingPartsAudit(models.Model):
    """Were all warranty parts given to a provider used for repairs (G1.3)?"""

    _name = "jinxing.parts.audit"
    _description = "Audit of Warranty Parts"
    _inherit = ["mail.thread", "jinxing.decision.mixin"]
    _order = "date_to desc, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    partner_id = fields.Many2one(
        "res.partner",
        "Provider",
        required=True,
        index=True,
        domain="[('parts_location_id', '!=', False)]",
    )
    location_id = fields.Many2one(
        "stock.location",
        "Store",
        compute="_compute_location_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    state = fields.Selection(
        [("draft", "Open"), ("confirmed", "Confirmed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("jinxing.parts.audit.line", "audit_id", "Parts")
    outcome = fields.Selection(
        [
            ("accounted", "Accounted for"),
            ("unaccounted", "Parts are missing"),
            ("surplus", "More than there should be"),
        ],
        readonly=True,
        copy=False,
        index=True,
    )
    amount = fields.Monetary("Worth of what is missing", readonly=True, copy=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
    confirmed_at = fields.Datetime("Confirmed on", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", "Confirmed by", readonly=True, copy=False)
    liability_id = fields.Many2one("jinxing.liability", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    _ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "A period cannot end before it begins."
    )
    _once = models.UniqueIndex(
        "(location_id, date_from)", "There is an audit of this store from this day already."
    )

    @api.depends("partner_id")
    def _compute_location_id(self):
        for audit in self:
            # sudo: where the provider's parts lie, whoever audits him
            audit.location_id = audit.partner_id.sudo().parts_location_id

    @api.constrains("partner_id", "date_from", "date_to", "location_id")
    def _check_period(self):
        policy = self.env["jinxing.policy.parameter"]
        for audit in self:
            if not audit.location_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s keeps no store of ours: there is nothing to audit.",
                        name=audit.partner_id.display_name,
                    )
                )
            if audit.date_to > policy._service_day(company=audit.company_id):
                raise ValidationError(self.env._("The period of an audit is over."))
            twin = self.search(
                [
                    ("location_id", "=", audit.location_id.id),
                    ("id", "!=", audit.id),
                    ("date_from", "<=", audit.date_to),
                    ("date_to", ">=", audit.date_from),
                ],
                limit=1,
            )
            if twin:
                raise ValidationError(
                    self.env._(
                        "%(name)s covers part of this period already: no part is missed twice.",
                        name=twin.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and any(
                vals.get(name) for name in SYSTEM - {"name", "state"}
            ) or vals.get("state", "draft") != "draft":
                raise UserError(self._system_message())
            vals["name"] = self.env["ir.sequence"].next_by_code("jinxing.parts.audit")
        audits = super().create(vals_list)
        for audit in audits:
            audit._read_books()
        return audits

    def write(self, vals):
        if not self.env.su:
            if SYSTEM & set(vals):
                raise UserError(self._system_message())
            if self.filtered(lambda audit: audit.state != "draft"):
                raise UserError(self.env._("A confirmed audit is not changed."))
        result = super().write(vals)
        if {"partner_id", "date_from", "date_to"} & set(vals):
            for audit in self:
                audit._read_books()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if self.filtered(lambda audit: audit.state != "draft"):
            raise UserError(self.env._("A confirmed audit is not deleted."))

    def _system_message(self):
        return self.env._("An audit is confirmed by its button, not by editing.")

    # -- the books -------------------------------------------------------------------------------

    def _bounds(self):
        """Return the period as naive UTC moments [start, end)."""
        self.ensure_one()
        zone = ZoneInfo(self.env["jinxing.policy.parameter"]._service_tz(self.company_id))
        utc = ZoneInfo("UTC")

        def moment(day):
            local = datetime.combine(day, time(), zone)
            return local.astimezone(utc).replace(tzinfo=None)

        return moment(self.date_from), moment(self.date_to + timedelta(days=1))

    def _read_books(self):
        """Fill the lines from the stock moves of the store, in one query (G1.3)."""
        self.ensure_one()
        self.env.flush_all()
        start, end = self._bounds()
        rows = self.env.execute_query(
            SQL(
                _BOOKS,
                store=self.location_id.id,
                start=start,
                end=end,
                first=self.date_from,
            )
        )
        books = {row[0]: dict(zip(BOOK, row[1:], strict=True)) for row in rows}
        # sudo: the books fill the lines, nobody writes them
        mine = self.sudo()
        for line in mine.line_ids:
            line.write(books.pop(line.product_id.id, dict.fromkeys(BOOK, 0.0)))
        mine.line_ids.create(
            [
                {"audit_id": self.id, "product_id": product, **book}
                for product, book in books.items()
                if any(book.values())
            ]
        )

    def action_refresh(self):
        """Read the books again; what was counted stays."""
        self.check_access("write")
        self._ensure_draft()
        for audit in self:
            audit._read_books()
        return True

    def _ensure_draft(self):
        if self.filtered(lambda audit: audit.state != "draft"):
            raise UserError(self.env._("A confirmed audit is not changed."))

    # -- confirming ------------------------------------------------------------------------------

    def action_confirm(self):
        """Decide what is missing, bring the stock to what was counted (G1.3)."""
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))
        take(self)
        self._ensure_draft()
        for audit in self:
            audit._read_books()
            # sudo: stock and the answer follow the supervisor's confirmation
            audit.sudo()._confirm()
        return True

    def _confirm(self):
        self.ensure_one()
        decision = warranty_parts.reconcile(
            self.partner_id.display_name, [line._fact() for line in self.line_ids]
        )
        self._record_decisions("parts_audit", {self.id: decision})
        for line in self.line_ids:
            line.missing = line._fact().missing
        self._correct_stock()
        self.write(
            {
                "state": "confirmed",
                "outcome": decision.outcome,
                "amount": decision.facts["amount"],
                "confirmed_at": fields.Datetime.now(),
                "confirmed_by_id": self.env.uid,
            }
        )
        if decision.outcome == warranty_parts.UNACCOUNTED and self.partner_id._is_own_staff():
            self.liability_id = self.env["jinxing.liability"].create(
                {
                    "origin": "loss",
                    "employee_id": self.partner_id.employee_ids[:1].id,
                    "amount": self.amount,
                    "evidence": self.name,
                    "company_id": self.company_id.id,
                }
            )

    def _correct_stock(self):
        """Bring the stock of the store to what was counted."""
        self.ensure_one()
        quants = self.env["stock.quant"].with_context(
            inventory_mode=True, jinxing_parts_audit=self.id
        )
        changed = quants.browse()
        for line in self.line_ids.filtered("is_counted"):
            there = quants._gather(line.product_id, self.location_id, strict=True)
            more = line.counted - sum(there.mapped("quantity"))
            if line.product_id.uom_id.is_zero(more):
                continue
            if more > 0 and not there:
                there = quants.create(
                    {"product_id": line.product_id.id, "location_id": self.location_id.id}
                )
            for quant in there.sorted("quantity", reverse=True):
                # taken off where there is something, added where most is
                step = more if more > 0 else max(more, -max(quant.quantity, 0.0))
                quant.inventory_quantity = quant.quantity + step
                changed |= quant
                more -= step
                if line.product_id.uom_id.is_zero(more):
                    break
        if changed:
            changed.action_apply_inventory()



class JinxingPartsAuditLine(models.Model):
    """A part in an audit: what the books say, what was counted, what is missing (G1.3)."""

    _name = "jinxing.parts.audit.line"
    _description = "Line of an Audit of Warranty Parts"
    _order = "audit_id desc, product_id"
    _rec_name = "product_id"

    audit_id = fields.Many2one(
        "jinxing.parts.audit", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(related="audit_id.partner_id", store=True)
    company_id = fields.Many2one(related="audit_id.company_id", store=True)
    date_to = fields.Date(related="audit_id.date_to", store=True)
    state = fields.Selection(related="audit_id.state")
    product_id = fields.Many2one("product.product", "Part", required=True, readonly=True)
    opening = fields.Float("There at first", digits="Product Unit", readonly=True)
    issued = fields.Float(digits="Product Unit", readonly=True)
    fitted = fields.Float(digits="Product Unit", readonly=True)
    returned = fields.Float(digits="Product Unit", readonly=True)
    corrected = fields.Float(
        "Taken off by counts", digits="Product Unit", readonly=True
    )
    book = fields.Float("By the books", digits="Product Unit", compute="_compute_book")
    is_counted = fields.Boolean("Counted")
    counted = fields.Float("Found", digits="Product Unit", help="What lies there now.")
    missing = fields.Float(digits="Product Unit", readonly=True)

    _once = models.UniqueIndex("(audit_id, product_id)")
    _missing_index = models.Index("(partner_id, date_to) WHERE missing != 0")

    @api.depends(*BOOK)
    def _compute_book(self):
        for line in self:
            line.book = (
                line.opening + line.issued - line.fitted - line.returned - line.corrected
            )

    @api.onchange("counted")
    def _onchange_counted(self):
        if self.counted:
            self.is_counted = True

    @api.constrains("counted")
    def _check_counted(self):
        if self.filtered(lambda line: line.counted < 0):
            raise ValidationError(self.env._("Not less than nothing can be found."))

    def write(self, vals):
        if not self.env.su:
            if (set(BOOK) | {"missing", "product_id", "audit_id"}) & set(vals):
                raise UserError(self.env._("What the books say is not edited."))
            self.audit_id._ensure_draft()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if (set(BOOK) | {"missing"}) & {name for name in vals if vals[name]}:
                    raise UserError(self.env._("What the books say is not edited."))
        lines = super().create(vals_list)
        if not self.env.su:
            lines.audit_id._ensure_draft()
        return lines

    def _reference(self):
        """Return what stands for the line on a settlement, so that it is taken off once."""
        return f"{self._name},{self.id}"

    @api.model
    def _unsettled(self, partners, company, until):
        """Return what providers cannot account for and no settlement has taken off (G1.3).

        :param partners: these providers only; ``None`` for all
        :param until: the last moment of the period
        """
        domain = [
            ("company_id", "=", company.id),
            ("audit_id.state", "=", "confirmed"),
            ("audit_id.confirmed_at", "<=", until),
            ("audit_id.liability_id", "=", False),
            ("missing", ">", 0),
            "|",
            ("partner_id.commercial_partner_id.is_dealer", "=", True),
            ("partner_id.commercial_partner_id.is_service_station", "=", True),
        ]
        if partners:
            domain.append(
                ("partner_id.commercial_partner_id", "in", partners.commercial_partner_id.ids)
            )
        lines = self.search(domain)
        taken = set(
            self.env["jinxing.settlement.line"].search(
                [
                    ("kind", "=", "unaccounted"),
                    ("reference", "in", [line._reference() for line in lines]),
                    ("cancelled", "=", False),
                ]
            ).mapped("reference")
        )
        return lines.filtered(lambda line: line._reference() not in taken)

    def _fact(self):
        """Return the line for the rule; a count of today is rolled back to the period's end."""
        self.ensure_one()
        counted = None
        if self.is_counted:
            store = self.audit_id.location_id
            there = self.env["stock.quant"]._gather(self.product_id, store, strict=True)
            counted = self.counted - (sum(there.mapped("quantity")) - self.book)
        return warranty_parts.AuditLine(
            part=self.product_id.display_name,
            opening=self.opening,
            issued=self.issued,
            fitted=self.fitted,
            returned=self.returned,
            corrected=self.corrected,
            counted=counted,
            price=self._price(),
        )

    def _price(self):
        """Return what a piece is worth to us: what it cost."""
        self.ensure_one()
        # sudo: the cost is asked on behalf of the rule
        product = self.sudo().product_id.with_company(self.company_id)
        return product.standard_price or product.lst_price
