from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.jinxing_base.models.lines import Lines

from ..rules import phone
from .service_day import service_day

#: What a card states; once it is active, changed only as a recorded correction (G5.4).
STATED = (
    "name",
    "lot_id",
    "product_id",
    "serial",
    "engine_number",
    "manufacture_date",
    "owner_id",
    "owner_phone",
    "dealer_id",
    "invoice_number",
    "invoice_date",
    "seller_error",
    "company_id",
)
#: What only the card's own methods set.
SYSTEM = frozenset(
    {"state", "altered", "activated_on", "renewed_on", "replaces_id", "replaced_by_id"}
    | {"void_reason", "line_ids", "owner_history_ids", "correction_ids"}
)
#: Where a card came from: the system knows, nobody claims it.
ORIGIN = frozenset({"source", "sale_line_id"})


class JinxingWarrantyCard(models.Model):
    """The warranty card (三包凭证): what machine, whose, bought when, covered until when.

    A draft becomes active when its invoice is known; from then on changes are recorded
    corrections. A machine has one active card at most.
    """

    _name = "jinxing.warranty.card"
    _description = "Warranty Card"
    _inherit = ["mail.thread", "mail.activity.mixin", "portal.mixin", "jinxing.decision.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _rec_names_search = ["name", "serial", "owner_phone"]

    name = fields.Char("Card number", required=True, copy=False, default="/", index="trigram")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Active"),
            ("void", "Void"),
            ("replaced", "Replaced"),
        ],
        required=True,
        default="draft",
        copy=False,
        readonly=True,
        index=True,
    )
    source = fields.Selection(
        [
            ("manual", "Entered by hand"),
            ("portal", "Dealer's registration"),
            ("sale", "Own sale"),
            ("import", "Imported"),
            ("exchange", "Exchange of the machine"),
        ],
        default="manual",
        readonly=True,
        copy=False,
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Machine",
        required=True,
        index=True,
        domain=[("is_machine", "=", True)],
        ondelete="restrict",
        copy=False,
        check_company=True,
    )
    product_id = fields.Many2one(
        "product.product",
        "Model on the card",
        required=True,
        compute="_compute_from_machine",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("is_machine", "=", True)],
        index=True,
    )
    serial = fields.Char(
        "Serial number on the card",
        compute="_compute_from_machine",
        store=True,
        readonly=False,
        precompute=True,
    )
    engine_number = fields.Char(
        compute="_compute_from_machine", store=True, readonly=False, precompute=True
    )
    manufacture_date = fields.Date(related="lot_id.manufacture_date", readonly=False)
    owner_id = fields.Many2one("res.partner", required=True, index=True)
    owner_phone = fields.Char(
        "Owner's phone",
        compute="_compute_owner_phone",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    dealer_id = fields.Many2one(
        "res.partner", index="btree_not_null", domain=[("is_dealer", "=", True)]
    )
    invoice_number = fields.Char()
    invoice_date = fields.Date("Invoice day", help="Cover starts here (L24a).")
    invoice_scan = fields.Binary("Photo of the invoice", attachment=True, copy=False)
    invoice_scan_name = fields.Char(copy=False)
    sale_line_id = fields.Many2one(
        "sale.order.line", "Sold with", readonly=True, copy=False, index="btree_not_null"
    )
    activated_on = fields.Date(readonly=True, copy=False)
    cover_start = fields.Date("Cover from", compute="_compute_cover_start", store=True)
    renewed_on = fields.Date(
        readonly=True, copy=False, help="Cover began anew with the exchange (L-new)."
    )
    line_ids = Lines("jinxing.warranty.card.line", "card_id", "Cover", readonly=True)
    owner_history_ids = fields.One2many(
        "jinxing.warranty.card.owner", "card_id", "Owners", readonly=True
    )
    downtime_ids = fields.One2many("jinxing.warranty.downtime", "card_id")
    correction_ids = fields.One2many(
        "jinxing.warranty.card.correction", "card_id", "Corrections", readonly=True
    )
    altered = fields.Boolean(
        readonly=True,
        copy=False,
        index=True,
        help="Model, serial number or dates were changed and no supervisor has confirmed it.",
    )
    seller_error = fields.Boolean(
        "Error made by the seller",
        copy=False,
        help="What is wrong on card or invoice is the seller's error: no ground to refuse (L-err).",
    )
    void_reason = fields.Char("Why it is void", readonly=True, copy=False)
    replaces_id = fields.Many2one(
        "jinxing.warranty.card", "Goes on for", readonly=True, copy=False, index="btree_not_null"
    )
    replaced_by_id = fields.Many2one(
        "jinxing.warranty.card", "Replaced by", readonly=True, copy=False, index="btree_not_null"
    )
    date_end = fields.Date("Covered until", compute="_compute_date_end", store=True, index=True)
    in_cover = fields.Boolean("In cover today", compute="_compute_in_cover")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _one_active = models.UniqueIndex(
        "(lot_id) WHERE state = 'active'", "This machine has an active warranty card already."
    )
    _number_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This card number exists already."
    )
    _active_complete = models.Constraint(
        "CHECK(state != 'active' OR (BTRIM(invoice_number) != '' AND invoice_number IS NOT NULL"
        " AND invoice_date IS NOT NULL AND name != '/'))",
        "An active card needs a number, an invoice number and an invoice day.",
    )
    _portal_index = models.Index("(dealer_id, state, id DESC) WHERE dealer_id IS NOT NULL")

    # -- computed ------------------------------------------------------------------------------

    @api.depends("lot_id")
    def _compute_from_machine(self):
        for card in self:
            if card.lot_id and card.state == "draft":
                card.product_id = card.lot_id.product_id
                card.serial = card.lot_id.name
                card.engine_number = card.lot_id.engine_number or card.engine_number

    @api.depends("owner_id")
    def _compute_owner_phone(self):
        for card in self:
            number = card.owner_id.phone
            if card.state == "draft" and not card.owner_phone and phone.is_valid(number):
                card.owner_phone = phone.normalise(number)

    @api.depends("invoice_date", "renewed_on")
    def _compute_cover_start(self):
        for card in self:
            card.cover_start = card.renewed_on or card.invoice_date

    @api.depends("line_ids.date_end")
    def _compute_date_end(self):
        for card in self:
            card.date_end = max(card.line_ids.mapped("date_end"), default=False)

    @api.depends("state", "date_end")
    def _compute_in_cover(self):
        today = service_day(self.env)
        for card in self:
            card.in_cover = bool(
                card.state == "active" and card.date_end and card.date_end >= today
            )

    def _compute_access_url(self):
        super()._compute_access_url()
        for card in self:
            card.access_url = f"/my/machines/{card.lot_id.id}"

    @api.depends("name", "serial")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for card in self:
            number = card.name if card.name != "/" else self.env._("Draft")
            card.display_name = f"{number} ({card.serial})" if card.serial else number

    # -- constraints ---------------------------------------------------------------------------

    @api.constrains("owner_phone")
    def _check_phone(self):
        for card in self:
            if card.owner_phone and not phone.is_valid(card.owner_phone):
                raise ValidationError(
                    self.env._("“%(phone)s” is no telephone number.", phone=card.owner_phone)
                )

    @api.constrains("invoice_date", "lot_id")
    def _check_dates(self):
        today = service_day(self.env)
        for card in self.filtered("invoice_date"):
            made = card.lot_id.manufacture_date
            if card.invoice_date > today:
                raise ValidationError(self.env._("The invoice day lies in the future."))
            # After an exchange the invoice is the old machine's.
            if made and card.invoice_date < made and not card.replaces_id:
                raise ValidationError(
                    self.env._(
                        "The invoice day (%(invoice)s) lies before the day of manufacture "
                        "(%(made)s).",
                        invoice=card.invoice_date,
                        made=made,
                    )
                )

    @api.constrains("lot_id")
    def _check_machine(self):
        for card in self:
            if not card.lot_id.is_machine:
                raise ValidationError(
                    self.env._("%(name)s is not a machine.", name=card.lot_id.display_name)
                )

    @api.constrains("dealer_id")
    def _check_dealer(self):
        for card in self:
            if card.dealer_id and not card.dealer_id.is_dealer:
                raise ValidationError(
                    self.env._("%(name)s is not a dealer.", name=card.dealer_id.display_name)
                )

    # -- create, write, delete -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        cleaned = []
        for vals in vals_list:
            claimed = {name for name in SYSTEM & set(vals) if vals[name]} - {"state"}
            if claimed or vals.get("state", "draft") != "draft":
                raise UserError(self.env._("A card begins as a draft; activate it afterwards."))
            self._ensure_origin(vals, {"source": "manual"})
            cleaned.append({**self._clean(vals), "name": self._clean_number(vals.get("name"))})
        return super().create(cleaned)

    def write(self, vals):
        if SYSTEM & set(vals):
            raise UserError(
                self.env._("The state of a card changes by its buttons: activate, void, confirm.")
            )
        for card in self if ORIGIN & set(vals) else ():
            card._ensure_origin(vals, card)
        vals = self._clean(vals)
        touched = [name for name in STATED if name in vals]
        for card in self.filtered(lambda c: c.state != "draft"):
            if card._changes(vals, touched):
                raise UserError(
                    self.env._(
                        "Card %(name)s is not a draft any more. Use “Correct”: the old value and "
                        "the reason are kept.",
                        name=card.name,
                    )
                )
            if "invoice_scan" in vals and card.invoice_scan and not self.env.su:
                raise UserError(
                    self.env._(
                        "The photo of the invoice of card %(name)s stays. Attach another one to a "
                        "message.",
                        name=card.name,
                    )
                )
        return super().write(vals)

    @api.model
    def _clean(self, vals):
        """Return values with numbers as the system compares them."""
        clean = dict(vals)
        if vals.get("owner_phone"):
            clean["owner_phone"] = phone.normalise(vals["owner_phone"]) or vals["owner_phone"]
        for name in ("serial", "engine_number", "invoice_number"):
            if vals.get(name):
                clean[name] = vals[name].strip()
        if "name" in vals:
            clean["name"] = self._clean_number(vals["name"])
        return clean

    @api.model
    def _clean_number(self, number):
        return (number or "").strip("/ ") or "/"

    def _ensure_origin(self, vals, now):
        """Refuse a claim where a card comes from; only our own sale is proof of one (G5.3)."""
        for name in ORIGIN & set(vals):
            old = now[name] if name in now else False
            old = old.id if isinstance(old, models.BaseModel) else old
            if not self.env.su and vals[name] and vals[name] != old:
                raise UserError(self.env._("Where a card comes from is noted by the system."))

    def _changes(self, vals, names):
        """Return those of ``names`` whose value in ``vals`` differs from the card's."""
        self.ensure_one()
        return [
            name
            for name in names
            if self._fields[name].convert_to_cache(vals[name], self, validate=False)
            != self._fields[name].convert_to_cache(
                self[name].id if self._fields[name].relational else self[name], self, False
            )
        ]

    def _store(self, vals):
        """Write without the guards of :meth:`write`; for this model's own methods only."""
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if self.filtered(lambda c: c.state != "draft"):
            raise UserError(self.env._("Only drafts can be deleted; void the card instead."))
