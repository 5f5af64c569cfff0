from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.jinxing_warranty.rules import phone


class HelpdeskTicket(models.Model):
    """The registration form (售后服务登记表) for every contact (S8.1, O21)."""

    _inherit = "helpdesk.ticket"

    kind = fields.Selection(
        [
            ("repair", "Repair"),
            ("installation", "Installation"),
            ("consultation", "Consultation"),
            ("opinion", "Opinion"),
            ("complaint", "Complaint"),
            ("praise", "Praise"),
        ],
        required=True,
        default="repair",
        index=True,
        tracking=True,
    )
    called_at = fields.Datetime(
        "Called", required=True, default=fields.Datetime.now, help="The call (叫修); clocks start."
    )
    caller_name = fields.Char("Caller")
    caller_phone = fields.Char("Caller's phone", index="btree_not_null")
    lot_id = fields.Many2one(
        "stock.lot",
        "Machine",
        domain=[("is_machine", "=", True)],
        index="btree_not_null",
        check_company=True,
        help="Type a serial number, engine number, card number, the owner's name or phone.",
    )
    product_id = fields.Many2one(
        "product.product",
        "Model",
        compute="_compute_from_machine",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("is_machine", "=", True)],
    )
    card_id = fields.Many2one(
        "jinxing.warranty.card",
        "Warranty card",
        compute="_compute_from_machine",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    service_address = fields.Char("Place of the machine")
    city_id = fields.Many2one("res.city")
    fault_description = fields.Text("Fault as reported")
    category_ids = fields.Many2many(
        "jinxing.fault.category",
        "jinxing_ticket_category_rel",
        "ticket_id",
        "category_id",
        "Fault categories",
    )
    engine_hours = fields.Float(digits=(10, 1))
    crop = fields.Selection(
        [
            ("rice", "Rice"), ("wheat", "Wheat"), ("rapeseed", "Rapeseed"), ("maize", "Maize"),
            ("soybean", "Soybean"), ("other", "Other"),
        ]
    )
    emergency = fields.Boolean(tracking=True)
    order_ids = fields.One2many("repair.order", "ticket_id", "Dispatch orders")
    order_count = fields.Integer(compute="_compute_order_count")
    cover_line_ids = fields.One2many(related="lot_id.cover_line_ids", string="Cover")

    channel_id = fields.Many2one(default=lambda self: self._default_channel_id())

    _hours_sane = models.Constraint(
        "CHECK(engine_hours IS NULL OR engine_hours >= 0)", "Engine hours are not negative."
    )
    _machine_open_index = models.Index("(lot_id, kind) WHERE closed_date IS NULL")

    @api.model
    def _default_channel_id(self):
        """Return the telephone: what comes otherwise says so."""
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "helpdesk_mgmt.helpdesk_ticket_channel_phone", raise_if_not_found=False
        )

    @api.depends("lot_id")
    def _compute_from_machine(self):
        for ticket in self:
            # sudo: what the card says of the machine, whoever registers
            lot = ticket.lot_id.sudo()
            ticket.card_id = lot.card_id
            if lot:
                ticket.product_id = lot.product_id

    def _compute_order_count(self):
        groups = self.env["repair.order"]._read_group(
            [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
        )
        counts = {ticket.id: count for ticket, count in groups}
        for ticket in self:
            ticket.order_count = counts.get(ticket.id, 0)

    @api.onchange("lot_id")
    def _onchange_lot_id(self):
        """Take the owner and the phone over from the machine."""
        # sudo: the owner is known to whoever registers the call
        lot = self.lot_id.sudo()
        if lot:
            self.partner_id = self.partner_id or lot.owner_id
            self.caller_name = self.caller_name or lot.owner_id.name
            self.caller_phone = self.caller_phone or lot.owner_phone
            self.service_address = self.service_address or lot.owner_id._registration_address()
            self.city_id = self.city_id or lot.owner_id.city_id

    @api.constrains("caller_phone")
    def _check_caller_phone(self):
        for ticket in self:
            if ticket.caller_phone and not phone.is_valid(ticket.caller_phone):
                raise ValidationError(
                    self.env._("“%(phone)s” is no telephone number.", phone=ticket.caller_phone)
                )

    @api.constrains("called_at")
    def _check_called_at(self):
        now = fields.Datetime.now()
        if self.filtered(lambda t: t.called_at > fields.Datetime.add(now, minutes=5)):
            raise ValidationError(self.env._("The call lies in the future."))

    @api.depends("number", "name")
    def _compute_display_name(self):
        """As the base, without the words of a registration that has none yet."""
        for ticket in self:
            known = [part for part in (ticket.number, ticket.name) if part and part != "/"]
            ticket.display_name = " - ".join(known) or self.env._("New registration")

    @api.depends("team_id")
    def _compute_stage_id(self):
        """As the base, with one query per team instead of one per ticket."""
        for team, tickets in self.grouped("team_id").items():
            stages = team._get_applicable_stages()
            tickets.filtered(lambda t, s=stages: t.stage_id not in s).stage_id = stages[:1]

    @api.model_create_multi
    def create(self, vals_list):
        self._number(vals_list)
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for vals in vals_list:
            if vals.get("caller_phone"):
                vals["caller_phone"] = self._plain_phone(vals["caller_phone"])
            text = (vals.get("fault_description") or "").strip()
            if not vals.get("name"):
                title = text.splitlines()[0][:60] if text else ""
                vals["name"] = title or kinds[vals.get("kind") or "repair"]
            if not vals.get("description"):
                vals["description"] = escape(text or vals["name"])
        return super().create(vals_list)

    @api.model
    def _plain_phone(self, text):
        """Return a number without what people write into it; words stay, to be refused."""
        return phone.normalise(text) or text

    @api.model
    def _number(self, vals_list):
        """Give new registrations their numbers, with two queries per company."""
        groups = {}
        for vals in vals_list:
            if vals.get("number", "/") == "/":
                groups.setdefault(vals.get("company_id") or self.env.company.id, []).append(vals)
        for company, group in groups.items():
            numbers = (
                self.env["ir.sequence"]
                .with_company(company)
                ._next_numbers("helpdesk.ticket.sequence", len(group))
            )
            for vals, number in zip(group, numbers, strict=True):
                vals["number"] = number

    def write(self, vals):
        vals = dict(vals)  # the base adds to what it is given
        if vals.get("caller_phone"):
            vals["caller_phone"] = self._plain_phone(vals["caller_phone"])
        if vals.get("stage_id"):
            if not self.env.su:
                self._ensure_closable(vals["stage_id"])
            if self.env["helpdesk.ticket.stage"].browse(vals["stage_id"]).closed:
                self._reports_taken_up()
            else:
                vals["closed_date"] = False
        if "called_at" in vals and not self.env.su:
            started = self.filtered("order_ids")
            if started:
                raise UserError(
                    self.env._(
                        "%(names)s: the clock runs from the call, which is not changed any more.",
                        names=", ".join(started.mapped("number")),
                    )
                )
        return super().write(vals)
