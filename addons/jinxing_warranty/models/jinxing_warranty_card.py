from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..rules import phone

#: What an active card states; changed only as a recorded correction (G5.4).
PROTECTED = (
    "name",
    "lot_id",
    "product_id",
    "serial",
    "owner_id",
    "owner_phone",
    "dealer_id",
    "invoice_number",
    "invoice_date",
    "company_id",
    "seller_error",
)
#: Of these, a change makes the card count as altered until a supervisor confirms (G5.4).
ALTERING = frozenset({"lot_id", "product_id", "serial", "invoice_date"})
#: What only the card's own methods set.
SYSTEM = frozenset({"state", "altered", "replaced_by_id", "activated_on"})


class JinxingWarrantyCard(models.Model):
    """The warranty card (三包凭证): what machine, whose, bought when, covered until when.

    A draft becomes active when its invoice is known; from then on changes are recorded
    corrections. A machine has one active card at most.
    """

    _name = "jinxing.warranty.card"
    _description = "Warranty Card"
    _inherit = ["mail.thread", "mail.activity.mixin", "portal.mixin"]
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
        tracking=True,
        index=True,
    )
    source = fields.Selection(
        [
            ("manual", "Entered by hand"),
            ("portal", "Dealer's registration"),
            ("sale", "Own sale"),
            ("import", "Imported"),
        ],
        default="manual",
        readonly=True,
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
    engine_number = fields.Char(related="lot_id.engine_number", readonly=False)
    manufacture_date = fields.Date(related="lot_id.manufacture_date", readonly=False)
    owner_id = fields.Many2one("res.partner", "Owner", required=True, index=True, tracking=True)
    owner_phone = fields.Char("Owner's phone", index=True)
    dealer_id = fields.Many2one(
        "res.partner",
        "Dealer",
        index="btree_not_null",
        domain=[("is_dealer", "=", True)],
        tracking=True,
    )
    invoice_number = fields.Char(tracking=True)
    invoice_date = fields.Date("Invoice day", tracking=True, help="Cover starts here (L24a).")
    invoice_scan = fields.Binary("Photo of the invoice", attachment=True)
    invoice_scan_name = fields.Char()
    sale_line_id = fields.Many2one("sale.order.line", readonly=True, index="btree_not_null")
    activated_on = fields.Date(readonly=True, copy=False)
    line_ids = fields.One2many("jinxing.warranty.card.line", "card_id", "Cover", readonly=True)
    owner_history_ids = fields.One2many("jinxing.warranty.card.owner", "card_id", readonly=True)
    downtime_ids = fields.One2many("jinxing.warranty.downtime", "card_id")
    correction_ids = fields.One2many("jinxing.warranty.card.correction", "card_id", readonly=True)
    altered = fields.Boolean(
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        help="Model, serial number or dates were changed and no supervisor has confirmed it.",
    )
    seller_error = fields.Boolean(
        "Error made by the seller",
        tracking=True,
        help="What is wrong on card or invoice is the seller's error: no ground to refuse (L-err).",
    )
    replaced_by_id = fields.Many2one("jinxing.warranty.card", readonly=True, copy=False)
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
        "CHECK(state != 'active' OR (invoice_number IS NOT NULL AND invoice_date IS NOT NULL))",
        "An active card needs an invoice number and an invoice day.",
    )
    _portal_index = models.Index("(dealer_id, state, id DESC) WHERE dealer_id IS NOT NULL")

    # -- computed ------------------------------------------------------------------------------

    @api.depends("lot_id")
    def _compute_from_machine(self):
        for card in self:
            if card.lot_id and card.state == "draft":
                card.product_id = card.lot_id.product_id
                card.serial = card.lot_id.name

    @api.depends("line_ids.date_end")
    def _compute_date_end(self):
        for card in self:
            card.date_end = max(card.line_ids.mapped("date_end"), default=False)

    @api.depends("state", "date_end")
    def _compute_in_cover(self):
        today = fields.Date.context_today(self)
        for card in self:
            card.in_cover = bool(
                card.state == "active" and card.date_end and card.date_end >= today
            )

    def _compute_access_url(self):
        super()._compute_access_url()
        for card in self:
            card.access_url = f"/my/machines/{card.lot_id.id}"

    @api.depends("name", "serial")
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
        today = fields.Date.context_today(self)
        for card in self.filtered("invoice_date"):
            made = card.lot_id.manufacture_date
            if card.invoice_date > today:
                raise ValidationError(self.env._("The invoice day lies in the future."))
            if made and card.invoice_date < made:
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
        for vals in vals_list:
            if vals.get("state", "draft") != "draft" or vals.get("altered"):
                raise UserError(self.env._("A card begins as a draft; activate it afterwards."))
            if vals.get("owner_phone"):
                vals["owner_phone"] = phone.normalise(vals["owner_phone"])
            if not (vals.get("name") or "").strip("/ "):
                vals["name"] = "/"
        return super().create(vals_list)

    def write(self, vals):
        if SYSTEM & set(vals):
            raise UserError(
                self.env._("The state of a card changes by its buttons: activate, void, confirm.")
            )
        if vals.get("owner_phone"):
            vals = {**vals, "owner_phone": phone.normalise(vals["owner_phone"])}
        touched = [name for name in PROTECTED if name in vals]
        for card in self.filtered(lambda c: c.state != "draft") if touched else ():
            if card._changes(vals, touched):
                raise UserError(
                    self.env._(
                        "Card %(name)s is not a draft any more. Use “Correct”: the old value and "
                        "the reason are kept.",
                        name=card.name,
                    )
                )
        return super().write(vals)

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

    def _ensure_supervisor(self):
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))

    # -- activation ----------------------------------------------------------------------------

    def _activation_problems(self):
        """Return why this card cannot be activated, as sentences; empty when it can."""
        self.ensure_one()
        problems = []
        if self.state != "draft":
            problems.append(self.env._("It is not a draft."))
        if not self.invoice_number:
            problems.append(self.env._("The invoice number is missing."))
        if not self.invoice_date:
            problems.append(self.env._("The invoice day is missing."))
        if not self.owner_phone:
            problems.append(self.env._("The owner's phone is missing."))
        if self.product_id != self.lot_id.product_id:
            problems.append(
                self.env._(
                    "The card says model %(card)s, the machine is a %(machine)s (G5.4).",
                    card=self.product_id.display_name,
                    machine=self.lot_id.product_id.display_name,
                )
            )
        if (self.serial or "").strip() != self.lot_id.name:
            problems.append(
                self.env._("The serial number on the card is not the machine's (G5.4).")
            )
        return problems

    def _ensure_can_activate(self):
        messages = []
        for card in self:
            problems = card._activation_problems()
            if problems:
                messages.append(f"{card.display_name}: {' '.join(problems)}")
        twins = self.search([("lot_id", "in", self.lot_id.ids), ("state", "=", "active")])
        messages += [
            self.env._(
                "%(serial)s has an active card already: %(card)s.",
                serial=twin.serial,
                card=twin.name,
            )
            for twin in twins
        ]
        if messages:
            raise UserError("\n".join(messages))

    def action_activate(self):
        """Activate drafts: number them, state their cover, register the owner (G4).

        :raises UserError: with all that is missing, card by card
        """
        self.check_access("write")
        self.lot_id.lock_for_update()
        self._ensure_can_activate()
        policies = {
            company: self.env["jinxing.warranty.policy"]._candidates(company)
            for company in self.company_id
        }
        lines, owners = [], []
        today = fields.Date.context_today(self)
        for card in self:
            policy = policies[card.company_id]._pick(card.product_id, card.invoice_date)
            if not policy:
                raise UserError(
                    self.env._(
                        "No warranty policy holds for %(model)s on %(day)s.",
                        model=card.product_id.display_name,
                        day=card.invoice_date,
                    )
                )
            lines += [
                {
                    "card_id": card.id,
                    "cover_class": line.cover_class,
                    "months": line.months,
                    "clause_id": line.clause_id.id,
                    "date_start": card.invoice_date,
                }
                for line in policy.line_ids
            ]
            owners.append(
                {
                    "card_id": card.id,
                    "partner_id": card.owner_id.id,
                    "phone": card.owner_phone,
                    "date_from": card.invoice_date,
                }
            )
        # sudo: cover lines and owner history are the card's, nobody edits them by hand
        self.env["jinxing.warranty.card.line"].sudo().create(lines)
        self.env["jinxing.warranty.card.owner"].sudo().create(owners)
        unnumbered = self.filtered(lambda c: c.name == "/")
        for card in unnumbered:
            card._store(
                {
                    "name": self.env["ir.sequence"]
                    .with_company(card.company_id)
                    .next_by_code("jinxing.warranty.card")
                }
            )
        self._store({"state": "active", "activated_on": today})
        self._push_to_machines()
        return True

    def _push_to_machines(self):
        """Write owner, dealer and day of sale of active cards on their machines."""
        for values, cards in self.grouped(
            lambda c: (c.owner_id.id, c.owner_phone, c.dealer_id.id, c.invoice_date)
        ).items():
            owner, number, dealer, day = values
            # sudo: a clerk may not edit stock records
            cards.lot_id.sudo().write(
                {
                    "owner_id": owner,
                    "owner_phone": number,
                    "dealer_id": dealer,
                    "sold_date": day,
                }
            )

    # -- after activation ----------------------------------------------------------------------

    def action_void(self, reason=None):
        """Void drafts or active cards; supervisors only, with a reason.

        Without ``reason`` the form that asks for it opens.
        """
        self._ensure_supervisor()
        if not reason:
            return self._open_wizard("void")
        self.check_access("write")
        done = self.filtered(lambda c: c.state not in ("draft", "active"))
        if done:
            raise UserError(
                self.env._(
                    "Void already or replaced: %(names)s", names=", ".join(done.mapped("name"))
                )
            )
        self._store({"state": "void"})
        for card in self:
            card.message_post(body=self.env._("Voided: %(reason)s", reason=reason))
        return True

    def action_correct(self, values=None, reason=None):
        """Change what a card states, keeping the old value and the reason (G5.4).

        :param values: ``{field: new value}``, fields of the card's front only
        :raises UserError: no reason, an unknown field, or nothing changes
        """
        if values is None:
            return self._open_wizard("correct")
        self.ensure_one()
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("A correction needs a reason."))
        if self.state != "active":
            raise UserError(self.env._("Only an active card is corrected; edit a draft."))
        strange = set(values) - set(PROTECTED) - {"company_id"}
        if strange:
            raise UserError(
                self.env._("Not on the card: %(names)s", names=", ".join(sorted(strange)))
            )
        if values.get("owner_phone"):
            values = {**values, "owner_phone": phone.normalise(values["owner_phone"])}
        changed = self._changes(values, list(values))
        if not changed:
            raise UserError(self.env._("Nothing changes."))
        before = {name: self._shown(name) for name in changed}
        self._store({name: values[name] for name in changed})
        # sudo: the log of corrections is written by the system alone
        self.env["jinxing.warranty.card.correction"].sudo().create(
            [
                {
                    "card_id": self.id,
                    "field_name": name,
                    "old_value": before[name],
                    "new_value": self._shown(name),
                    "reason": reason.strip(),
                    "user_id": self.env.uid,
                }
                for name in changed
            ]
        )
        if "invoice_date" in changed:
            # sudo: as in action_activate
            self.line_ids.sudo().write({"date_start": self.invoice_date})
        if ALTERING & set(changed):
            self._store({"altered": True})
            self._ask_supervisor()
        self._push_to_machines()
        return True

    def _shown(self, name):
        value = self[name]
        return value.display_name if self._fields[name].relational else str(value or "")

    def _ask_supervisor(self):
        # sudo: who the supervisors are is no secret of theirs
        group = self.env.ref("jinxing_base.group_supervisor").sudo()
        user = group.all_user_ids.filtered(
            lambda u: self.company_id in u.company_ids and u.active and u != self.env.user
        )[:1]
        if user:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Confirm the alteration of this card"),
            )

    def action_confirm_alteration(self):
        """Accept the corrections of an altered card; supervisors only (G5.4)."""
        self._ensure_supervisor()
        self.check_access("write")
        self._store({"altered": False})
        # sudo: as in action_correct
        self.correction_ids.sudo().filtered(lambda c: not c.confirmed_by_id).write(
            {"confirmed_by_id": self.env.uid}
        )
        return True

    def action_transfer_owner(self, partner=None, date=None, number=None):
        """Hand machine and card to a new owner; cover goes on (L-own).

        :param partner: id or record of the new owner
        :param date: first day of the new owner
        :param number: his telephone number, his contact's own by default
        """
        if partner is None:
            return self._open_wizard("transfer")
        self.ensure_one()
        self.check_access("write")
        partner = self.env["res.partner"].browse(int(partner))
        number = phone.normalise(number or partner.phone)
        day = fields.Date.to_date(date) or fields.Date.context_today(self)
        if self.state != "active":
            raise UserError(self.env._("Only an active card changes hands."))
        if partner == self.owner_id:
            raise UserError(self.env._("%(name)s owns it already.", name=partner.display_name))
        if not number:
            raise UserError(self.env._("The new owner's phone is missing."))
        last = self.owner_history_ids[-1:]
        if day < last.date_from or day > fields.Date.context_today(self):
            raise UserError(
                self.env._("The day must lie between %(first)s and today.", first=last.date_from)
            )
        self._store({"owner_id": partner.id, "owner_phone": number})
        # sudo: as in action_activate
        history = self.env["jinxing.warranty.card.owner"].sudo()
        last.sudo().date_to = day
        history.create(
            {"card_id": self.id, "partner_id": partner.id, "phone": number, "date_from": day}
        )
        self._push_to_machines()
        return True

    def _open_wizard(self, kind):
        self.ensure_one()
        titles = {
            "void": self.env._("Void the card"),
            "correct": self.env._("Correct the card"),
            "transfer": self.env._("Change of owner"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles[kind],
            "res_model": "jinxing.card.change",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_card_id": self.id, "default_kind": kind},
        }

    def action_open_machine(self):
        """Open the machine of this card."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.lot",
            "res_id": self.lot_id.id,
            "views": [[self.env.ref("jinxing_warranty.machine_view_form").id, "form"]],
        }
