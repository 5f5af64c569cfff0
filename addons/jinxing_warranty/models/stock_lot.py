import base64
import re
import secrets

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ..rules import phone
from .service_day import service_day

#: What the card of a machine states, too: with an active card it changes on the card only.
ON_CARD = (
    "name",
    "product_id",
    "engine_number",
    "manufacture_date",
    "owner_id",
    "owner_phone",
    "dealer_id",
    "sold_date",
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class StockLot(models.Model):
    """A machine: its engine, its owner, its card."""

    _name = "stock.lot"
    _inherit = ["stock.lot", "jinxing.decision.mixin"]

    is_machine = fields.Boolean(
        related="product_id.is_machine", store=True, index=True, precompute=True
    )
    engine_number = fields.Char(index="btree_not_null", tracking=True)
    manufacture_date = fields.Date("Manufactured on")
    sold_date = fields.Date("Sold on", help="Day of the first sale to a user, if it is known.")
    dealer_id = fields.Many2one(
        "res.partner", index="btree_not_null", domain=[("is_dealer", "=", True)]
    )
    owner_id = fields.Many2one("res.partner", index="btree_not_null")
    owner_phone = fields.Char("Owner's phone")
    card_ids = fields.One2many("jinxing.warranty.card", "lot_id", "Warranty cards")
    card_id = fields.Many2one(
        "jinxing.warranty.card",
        "Warranty card",
        compute="_compute_card_id",
        store=True,
        index="btree_not_null",
        help="The active card, if there is one.",
    )
    qr_token = fields.Char(readonly=True, copy=False, groups="base.group_user")
    search_text = fields.Char(compute="_compute_search_text", store=True, index="trigram")
    machine_search = fields.Char(
        "Serial, engine, card, owner or phone",
        compute="_compute_machine_search",
        search="_search_machine_search",
    )
    cover_line_ids = fields.One2many(related="card_id.line_ids", string="Cover")
    cover_end = fields.Date(related="card_id.date_end", string="Covered until")
    bulletin_ids = fields.Many2many(
        "jinxing.bulletin", string="Bulletins", compute="_compute_bulletin_ids"
    )
    public_url = fields.Char(compute="_compute_public_url", groups="base.group_user")

    _qr_token_unique = models.UniqueIndex("(qr_token) WHERE qr_token IS NOT NULL")
    _engine_unique = models.UniqueIndex(
        "(engine_number) WHERE engine_number IS NOT NULL AND is_machine",
        "Another machine has this engine number.",
    )
    _serial_unique = models.UniqueIndex(
        "(name, COALESCE(company_id, 0)) WHERE is_machine",
        "Another machine has this serial number.",
    )
    _machine_order = models.Index("(name, id) WHERE is_machine IS TRUE")

    # -- computed ------------------------------------------------------------------------------

    @api.depends("card_ids.state")
    def _compute_card_id(self):
        # sudo: the machine names its card to whoever may read the machine
        active = self.env["jinxing.warranty.card"].sudo().search(
            [("lot_id", "in", self.ids), ("state", "=", "active")]
        )
        by_lot = {card.lot_id.id: card.id for card in active}
        for lot in self:
            lot.card_id = by_lot.get(lot._origin.id, False)

    @api.depends(
        "name",
        "engine_number",
        "is_machine",
        "owner_id.name",
        "owner_phone",
        "card_ids.state",
        "card_ids.name",
        "card_ids.owner_id.name",
        "card_ids.owner_phone",
    )
    def _compute_search_text(self):
        for lot in self:
            if not lot.is_machine:
                lot.search_text = False
                continue
            # sudo: only words to search by
            machine = lot.sudo()
            words = {lot.name: 1, lot.engine_number: 1, lot.owner_phone: 1}
            words.update(dict.fromkeys(word_starts(machine.owner_id.name)))
            for card in machine.card_ids.filtered(lambda c: c.state in ("draft", "active")):
                words.update({card.name: 1, card.owner_phone: 1})
                words.update(dict.fromkeys(word_starts(card.owner_id.name)))
            # A leading blank, so that each word can be found by how it starts.
            lot.search_text = "".join(f" {word}" for word in words if word and word != "/")

    def _compute_machine_search(self):
        self.machine_search = False

    @api.depends("product_id.product_tmpl_id.bulletin_ids")
    def _compute_bulletin_ids(self):
        """Bulletins of the machine's model and those for all models (G3.3)."""
        machines = self.filtered("is_machine")
        (self - machines).bulletin_ids = False
        if not machines:
            return
        bulletins = self.env["jinxing.bulletin"].search(
            Domain("product_tmpl_ids", "=", False)
            | Domain("product_tmpl_ids", "in", machines.product_id.product_tmpl_id.ids)
        )
        for lot in machines:
            model = lot.product_id.product_tmpl_id
            lot.bulletin_ids = bulletins.filtered(
                lambda b, m=model: not b.product_tmpl_ids or m in b.product_tmpl_ids
            )

    def _compute_public_url(self):
        for lot in self:
            lot.public_url = (
                f"{lot.get_base_url()}/w/{lot.qr_token}" if lot.qr_token else False
            )

    @api.model
    def _qr_image(self, url):
        """Return a QR code as an image that stands in the page itself, to be printed anywhere."""
        image = self.env["ir.actions.report"].barcode("QR", url, width=360, height=360)
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"

    @api.depends("name", "product_id", "owner_id")
    @api.depends_context("jinxing_machine")
    def _compute_display_name(self):
        if not self.env.context.get("jinxing_machine"):
            return super()._compute_display_name()
        for lot in self:
            # sudo: a machine is shown with its model and owner
            parts = (lot.name, lot.sudo().product_id.name, lot.sudo().owner_id.name)
            lot.display_name = " · ".join(part for part in parts if part)
        return None

    # -- constraints ---------------------------------------------------------------------------

    @api.constrains("owner_phone")
    def _check_owner_phone(self):
        for lot in self:
            if lot.owner_phone and not phone.is_valid(lot.owner_phone):
                raise ValidationError(
                    self.env._("“%(phone)s” is no telephone number.", phone=lot.owner_phone)
                )

    @api.constrains("manufacture_date", "sold_date")
    def _check_machine_dates(self):
        today = service_day(self.env)
        for lot in self:
            if lot.manufacture_date and lot.manufacture_date > today:
                raise ValidationError(self.env._("The day of manufacture lies in the future."))
            if lot.sold_date and lot.sold_date > today:
                raise ValidationError(self.env._("The day of sale lies in the future."))

    @api.constrains("manufacture_date")
    def _check_cards_dates(self):
        # sudo: a card is measured by its machine, whoever may see it
        self.sudo().card_ids.filtered(lambda c: c.state in ("draft", "active"))._check_dates()

    @api.constrains("dealer_id")
    def _check_machine_dealer(self):
        for lot in self:
            if lot.dealer_id and not lot.dealer_id.is_dealer:
                raise ValidationError(
                    self.env._("%(name)s is not a dealer.", name=lot.dealer_id.display_name)
                )

    # -- create, write -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lots = super().create([self._clean_machine(vals) for vals in vals_list])
        machines = lots.filtered("is_machine")
        for machine in machines:
            # sudo: the token is the system's, nobody chooses it
            machine.sudo().qr_token = secrets.token_urlsafe(18)
        return lots

    def write(self, vals):
        vals = self._clean_machine(vals)
        if not self.env.su:
            self.check_access("write")
            self._ensure_not_on_card(vals)
        return super().write(vals)

    @api.model
    def _clean_machine(self, vals):
        """Return values with numbers as the system compares them."""
        if vals.get("qr_token") and not self.env.su:
            raise UserError(self.env._("The token of a machine is the system's."))
        clean = dict(vals)
        if vals.get("owner_phone"):
            clean["owner_phone"] = phone.normalise(vals["owner_phone"]) or vals["owner_phone"]
        if "engine_number" in vals:
            clean["engine_number"] = (vals["engine_number"] or "").strip() or False
        return clean

    def _ensure_not_on_card(self, vals):
        """Refuse to change behind an active card's back what it states (G5.4)."""
        names = [name for name in ON_CARD if name in vals]
        # sudo: a card binds its machine, whoever may read it
        for lot in self.sudo().filtered("card_id") if names else ():
            for name in names:
                field = self._fields[name]
                old = lot[name].id if field.relational else lot[name]
                if field.convert_to_cache(vals[name], lot, False) != field.convert_to_cache(
                    old, lot, False
                ):
                    raise UserError(
                        self.env._(
                            "Machine %(serial)s has the active card %(card)s. Use “Correct” or "
                            "“Change of Owner” on the card: the old value and the reason are "
                            "kept.",
                            serial=lot.name,
                            card=lot.card_id.name,
                        )
                    )

    def _mail_get_partner_fields(self, introspect_fields=False):
        """Write to a machine's owner; those it was delivered to are the warehouse's to see."""
        if self and all(self.mapped("is_machine")):
            return ["owner_id"]
        return super()._mail_get_partner_fields(introspect_fields=introspect_fields)

    @api.model
    def _fill_missing_tokens(self):
        """Give each machine without one an unguessable token."""
        # sudo: all machines of all companies need one
        for machine in self.sudo().search([("is_machine", "=", True), ("qr_token", "=", False)]):
            machine.qr_token = secrets.token_urlsafe(18)

    def _forget_card(self):
        """Take back what a card that holds no more has registered, except our own sale."""
        # sudo: a card registers owner and sale, whoever may edit stock records
        machines = self.sudo().filtered(lambda lot: not lot.card_id)
        sales = machines._own_sale_days()
        for machine in machines:
            machine.write(
                {"owner_id": False, "owner_phone": False, "sold_date": sales.get(machine.id)}
            )

    # -- finding -------------------------------------------------------------------------------

    @api.model
    def _machine_domain(self, text):
        """Return the domain of machines that ``text`` may mean (S8.1).

        Serial, engine number, card number, owner's name or phone; several words must all fit.
        A word of one or two characters has no trigram inside: it is looked for where a word
        starts, and each part of a Chinese name counts as a word.
        """
        text = (text or "").strip()
        number = phone.normalise(text)
        words = [number] if is_number(text) and len(number) >= 7 else text.split()
        domain = Domain("is_machine", "=", True)
        for word in words:
            if is_number(word) and len(phone.normalise(word)) >= 7:
                word = phone.normalise(word)
            start = "" if len(word) > 2 else " "
            domain &= Domain("search_text", "ilike", f"{start}{escape_psql(word)}")
        return domain

    @api.model
    def _search_machines(self, text, limit=20):
        """Return the machines ``text`` may mean, the exact serial first."""
        if not (text or "").strip():
            return self.browse()
        found = self.search(self._machine_domain(text), limit=limit)
        exact = text.strip().lower()
        return found.sorted(lambda lot: (lot.name or "").lower() != exact)

    @api.model
    def _search_machine_search(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        words = [value] if isinstance(value, str) else value
        return Domain.OR(self._machine_domain(word) for word in words)

    @api.model
    def _search_display_name(self, operator, value):
        if self.env.context.get("jinxing_machine") and operator == "ilike" and value:
            return self._machine_domain(value)
        return super()._search_display_name(operator, value)

    def _repair_history(self):
        """Return the repairs the owner may look up (G1.5), the newest first; none known here.

        Each is a dict with ``date``, ``fault`` and, where known, ``result``, ``parts`` and
        ``guarantee_until``; no person's data.
        """
        self.ensure_one()
        return []

    def _report_fault(self, name, number, fault, photo=None):
        """Take a fault reported on the public page to the clerks (S8.1).

        Here a message on the machine and a task for a clerk; where dispatch is installed it
        becomes a registration.

        :param number: telephone number, normalised
        :param photo: base64 of a JPEG, or nothing
        """
        self.ensure_one()
        body = Markup("<p>%s</p><p>%s %s</p><p>%s</p>") % (
            self.env._("Fault reported on the machine's page"),
            name,
            number,
            fault,
        )
        files = [("fault.jpg", base64.b64decode(photo))] if photo else []
        self.message_post(body=body, attachments=files, message_type="comment")
        group = self.env.ref("jinxing_base.group_clerk")
        company = self.company_id or self.card_id.company_id or self.env.company
        clerk = group.all_user_ids.filtered(
            lambda u: u.active and not u.share and company in u.company_ids
        )[:1]
        if clerk:
            self.activity_schedule(
                "mail.mail_activity_data_call",
                user_id=clerk.id,
                summary=self.env._(
                    "Call back %(name)s, %(number)s", name=name, number=number
                ),
                note=fault,
            )

    # -- buttons -------------------------------------------------------------------------------

    def action_open_public_page(self):
        """Open the page the QR label leads to."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.public_url, "target": "new"}

    def action_open_card(self):
        """Open the active card, or all cards of a machine that has none."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Warranty Cards"),
            "res_model": "jinxing.warranty.card",
        }
        if self.card_id:
            return {**action, "res_id": self.card_id.id, "views": [[False, "form"]]}
        return {
            **action,
            "domain": [("lot_id", "=", self.id)],
            "context": {"default_lot_id": self.id},
            "views": [[False, "list"], [False, "form"]],
        }


def is_number(word):
    """Tell whether a search word looks like a telephone number."""
    return all(char.isdigit() or char in "+-() " for char in word)


def word_starts(name):
    """Return a name and, of a Chinese one, all its ends: 张德福, 德福, 福."""
    words = (name or "").split()
    return [
        word[start:]
        for word in words
        for start in range(len(word) if _CHINESE.search(word) else 1)
    ]
