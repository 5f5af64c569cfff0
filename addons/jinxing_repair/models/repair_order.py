from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.jinxing_base.models.lines import Lines

from ..rules import order_flow
from .jinxing_repair_step import service_states

#: Who takes part in an order.
_PEOPLE = ("partner_id", "dealer_id", "provider_id", "technician_id")


class RepairOrder(models.Model):
    """A dispatch order (派工单) on top of Odoo's repair order (S8.1-S8.11).

    ``service_kind`` makes a repair order a dispatch order; one without it is Odoo's own and
    stays as it is. ``service_state`` is the step, moved by the actions alone.
    """

    _name = "repair.order"
    _inherit = ["repair.order", "jinxing.decision.mixin"]
    _mail_post_access = "read"  # technicians and providers write notes on their orders

    service_kind = fields.Selection(
        [("repair", "Repair"), ("installation", "Installation")],
        readonly=True,
        index="btree_not_null",
    )
    service_state = fields.Selection(
        service_states(),
        "Step",
        readonly=True,
        copy=False,
        index="btree_not_null",
        group_expand="_group_expand_service_state",
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Registration", readonly=True, index="btree_not_null", copy=False
    )
    step_ids = fields.One2many("jinxing.repair.step", "order_id", "Steps", readonly=True)

    # who and where
    caller_name = fields.Char("Caller")
    caller_phone = fields.Char("Caller's phone")
    customer_company_id = fields.Many2one(
        "res.partner",
        "Customer's company",
        compute="_compute_customer_company_id",
        store=True,
        index="btree_not_null",
    )
    dealer_id = fields.Many2one(
        "res.partner",
        "Selling dealer",
        compute="_compute_dealer_id",
        store=True,
        index="btree_not_null",
        help="Who sold the machine stays liable, wherever it is repaired.",
    )
    card_id = fields.Many2one(
        "jinxing.warranty.card",
        "Warranty card",
        compute="_compute_card_id",
        store=True,
        index="btree_not_null",
    )
    service_address = fields.Char("Place of the machine")
    city_id = fields.Many2one("res.city")
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    region_id = fields.Many2one(
        "jinxing.region",
        compute="_compute_region_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    engine_hours = fields.Float(digits=(10, 1))
    crop = fields.Selection(
        [
            ("rice", "Rice"), ("wheat", "Wheat"), ("rapeseed", "Rapeseed"), ("maize", "Maize"),
            ("soybean", "Soybean"), ("other", "Other"),
        ]
    )
    fault_description = fields.Text("Fault as reported")
    category_ids = fields.Many2many(
        "jinxing.fault.category",
        "jinxing_repair_order_category_rel",
        "order_id",
        "category_id",
        "Fault categories",
    )
    emergency = fields.Boolean()

    # who does it
    default_provider_id = fields.Many2one(
        "res.partner",
        "Provider by the rule",
        readonly=True,
        copy=False,
        help="Who sells, serves (G3.1); “Why?” says how it was found.",
    )
    refused_provider_ids = fields.Many2many(
        "res.partner",
        "jinxing_repair_order_refused_rel",
        "order_id",
        "partner_id",
        "Declined by",
        readonly=True,
        copy=False,
    )
    provider_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", copy=False
    )
    technician_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        copy=False,
        domain=[("is_technician", "=", True)],
        group_expand="_group_expand_technician_id",
    )

    # the clock
    called_at = fields.Datetime("Called", readonly=True, copy=False, help="The call (叫修).")
    approved_at = fields.Datetime("Approved", readonly=True, copy=False)
    assigned_at = fields.Datetime("Assigned", readonly=True, copy=False)
    offer_deadline = fields.Datetime(
        "To be accepted by", readonly=True, copy=False, index="btree_not_null"
    )
    accepted_at = fields.Datetime("Accepted", readonly=True, copy=False)
    contact_deadline = fields.Datetime("Contact until", readonly=True, copy=False)
    contacted_at = fields.Datetime("Contacted", readonly=True, copy=False)
    contact_late = fields.Boolean("Contacted too late", readonly=True, copy=False)
    arrival_deadline = fields.Datetime("Arrival until", readonly=True, copy=False)
    arrived_at = fields.Datetime("Arrived", readonly=True, copy=False)
    arrival_late = fields.Boolean("Arrived too late", readonly=True, copy=False)
    promise_at = fields.Datetime(
        "Promised for", readonly=True, copy=False, index="btree_not_null"
    )
    repaired_at = fields.Datetime("Repaired", readonly=True, copy=False)
    signed_at = fields.Datetime("Signed", readonly=True, copy=False)
    handed_in_at = fields.Datetime("Handed in", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed", readonly=True, copy=False)
    contact_breach = fields.Boolean(
        "Contact breached",
        compute="_compute_breaches",
        search="_search_contact_breach",
        help="The customer was not called in time (S8.2).",
    )
    arrival_breach = fields.Boolean(
        "Arrival breached",
        compute="_compute_breaches",
        search="_search_arrival_breach",
        help="Nobody was there in time (S8.11).",
    )

    # the work
    internal_notes = fields.Html(groups="base.group_user")
    fault_ids = Lines("jinxing.repair.fault", "order_id", "Faults")
    visit_ids = Lines("jinxing.repair.visit", "order_id", "Visits")
    wait_ids = fields.One2many("jinxing.repair.wait", "order_id", "Waiting")
    check_ids = Lines("jinxing.repair.check", "order_id", "Checklist")
    # All of them, the machine's own too: what follows the order finds them here.
    stock_move_ids = Lines("stock.move", "repair_id", "Stock moves", readonly=True)
    explanation = fields.Text("Cause explained to the customer", copy=False)
    precautions = fields.Text("Precautions given", copy=False)
    trial_run_ok = fields.Boolean("Trial run to the customer's satisfaction", copy=False)
    signature = fields.Binary("Customer's signature", readonly=True, copy=False, attachment=True)
    signed_by = fields.Char("Signed by", readonly=True, copy=False)
    quality_score = fields.Integer("Quality score", readonly=True, copy=False, aggregator="avg")
    rework_of_id = fields.Many2one(
        "repair.order", "Rework of", readonly=True, copy=False, index="btree_not_null"
    )
    rework_ids = fields.One2many("repair.order", "rework_of_id")

    # the money
    quote_state = fields.Selection(
        [
            ("none", "Nothing to pay"),
            ("to_quote", "To be quoted"),
            ("quoted", "Quoted"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
        ],
        "Quotation",
        default="none",
        readonly=True,
        copy=False,
    )
    accepted_amount = fields.Monetary(readonly=True, copy=False)
    acceptance_name = fields.Char("Accepted by", readonly=True, copy=False)
    acceptance_at = fields.Datetime("Accepted on", readonly=True, copy=False)
    acceptance_signature = fields.Binary(readonly=True, copy=False, attachment=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    quote_amount = fields.Monetary("To pay", compute="_compute_quote_amount", compute_sudo=True)
    next_action_names = fields.Char(compute="_compute_next_action_names")

    _step_matches_state = models.Constraint(
        "CHECK((service_kind IS NULL) = (service_state IS NULL))",
        "A dispatch order has a step.",
    )
    _open_contact_index = models.Index(
        "(contact_deadline) WHERE contacted_at IS NULL AND contact_deadline IS NOT NULL"
    )
    _open_arrival_index = models.Index(
        "(arrival_deadline) WHERE arrived_at IS NULL AND arrival_deadline IS NOT NULL"
    )
    _one_open_order = models.UniqueIndex(
        "(ticket_id) WHERE ticket_id IS NOT NULL AND service_state IN ('registered', 'returned',"
        " 'approved', 'assigned', 'accepted', 'contacted', 'on_site', 'taken_back', 'repaired')",
        "There is an open dispatch order of this registration already.",
    )
    _list_index = models.Index(
        "(priority DESC, create_date DESC) WHERE service_kind IS NOT NULL"
    )
    _technician_index = models.Index(
        "(technician_id, service_state) WHERE service_kind IS NOT NULL"
    )

    # -- computes ------------------------------------------------------------------------------

    @api.model
    def _group_expand_service_state(self, states, domain):
        return [state for state in order_flow.STATES if state not in ("returned", "cancelled")]

    @api.model
    def _group_expand_technician_id(self, technicians, domain):
        """Show on the board of the day the technicians who have nothing to do, too."""
        if not self.env.context.get("dispatch_day"):
            return technicians
        # sudo: the board names our people
        partners = self.env["res.partner"].sudo()
        ours = partners.search(
            [("is_technician", "=", True), ("employee_ids", "!=", False)], order="name, id"
        )
        return technicians | ours.with_env(self.env)

    @api.depends("name", "partner_id")
    @api.depends_context("dispatch_names")
    def _compute_display_name(self):
        """Name the customer beside the number where a board or a calendar shows no more."""
        super()._compute_display_name()
        if self.env.context.get("dispatch_names"):
            for order in self.filtered("service_kind"):
                # sudo: the customer of an order one may see
                customer = order.sudo().partner_id.name or order.caller_name
                order.display_name = f"{order.name} {customer}" if customer else order.name

    @api.depends("partner_id.commercial_partner_id")
    def _compute_customer_company_id(self):
        for order in self:
            order.customer_company_id = order.partner_id.commercial_partner_id

    @api.depends("lot_id")
    def _compute_dealer_id(self):
        for order in self:
            # sudo: who sold it is known to whoever may see the order
            order.dealer_id = order.lot_id.sudo().dealer_id if order.service_kind else False

    @api.depends("lot_id")
    def _compute_card_id(self):
        for order in self:
            # sudo: as above
            order.card_id = order.lot_id.sudo().card_id if order.service_kind else False

    @api.depends("partner_id", "city_id")
    def _compute_region_id(self):
        regions = self.env["jinxing.region"]
        found = {}
        for order in self:
            if not order.service_kind:
                order.region_id = False
                continue
            key = (order.city_id, order.partner_id)
            if key not in found:
                place = (
                    regions.search([("city_ids", "in", order.city_id.ids)], limit=1)
                    if order.city_id
                    else regions
                )
                found[key] = place or (
                    regions._find_for(order.partner_id) if order.partner_id else regions
                )
            order.region_id = found[key]

    @api.depends(
        "contact_deadline", "contacted_at", "arrival_deadline", "arrived_at", "service_state",
    )
    def _compute_breaches(self):
        now = fields.Datetime.now()
        for order in self:
            open_order = order.service_state in order_flow.OPEN
            order.contact_breach = order.contact_late or bool(
                open_order
                and not order.contacted_at
                and order.contact_deadline
                and order.contact_deadline < now
            )
            order.arrival_breach = order.arrival_late or bool(
                open_order
                and not order.arrived_at
                and order.arrival_deadline
                and order.arrival_deadline < now
            )

    @api.model
    def _breach_domain(self, deadline, fact, late):
        """Return what is breached: missed and still open, or done too late."""
        overdue = (
            Domain(fact, "=", False)
            & Domain(deadline, "<", fields.Datetime.now())
            & Domain("service_state", "in", order_flow.OPEN)
        )
        return overdue | Domain(late, "=", True)

    @api.model
    def _search_contact_breach(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._breach_domain("contact_deadline", "contacted_at", "contact_late")
        return domain if True in value else ~domain

    @api.model
    def _search_arrival_breach(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._breach_domain("arrival_deadline", "arrived_at", "arrival_late")
        return domain if True in value else ~domain

    @api.depends("sale_order_id.amount_total")
    def _compute_quote_amount(self):
        for order in self:
            order.quote_amount = order.sale_order_id.amount_total

    @api.depends("service_state")
    def _compute_next_action_names(self):
        for order in self:
            names = order_flow.next_actions(order.service_state) if order.service_state else ()
            order.next_action_names = f",{','.join(names)},"

    # -- where stock comes from ----------------------------------------------------------------

    @api.depends("picking_type_id", "technician_id", "provider_id")
    def _compute_location_id(self):
        dispatch = self.filtered("service_kind")
        super(RepairOrder, self - dispatch)._compute_location_id()
        for order in dispatch:
            order.location_id = (
                (order.technician_id and order.technician_id._parts_location())
                # sudo: as in _parts_location
                or order.provider_id.sudo().parts_location_id
                or order.picking_type_id.default_location_src_id
            )

    @api.depends("picking_type_id", "service_kind")
    def _compute_product_location_src_id(self):
        dispatch = self.filtered("service_kind")
        super(RepairOrder, self - dispatch)._compute_product_location_src_id()
        dispatch.product_location_src_id = self._customer_location_id()

    @api.depends("picking_type_id", "service_kind")
    def _compute_product_location_dest_id(self):
        dispatch = self.filtered("service_kind")
        super(RepairOrder, self - dispatch)._compute_product_location_dest_id()
        dispatch.product_location_dest_id = self._customer_location_id()

    @api.model
    def _customer_location_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id("stock.stock_location_customers")

    # -- constraints ---------------------------------------------------------------------------

    @api.constrains("lot_id", "service_kind")
    def _check_machine(self):
        for order in self:
            if order.service_kind and order.lot_id and not order.lot_id.is_machine:
                raise ValidationError(
                    self.env._("%(name)s is not a machine.", name=order.lot_id.display_name)
                )

    @api.constrains("under_warranty", "service_kind")
    def _check_under_warranty(self):
        for order in self:
            if order.service_kind and order.under_warranty:
                raise ValidationError(
                    self.env._(
                        "%(name)s: what is free is decided fault by fault, not for the whole "
                        "order.",
                        name=order.name,
                    )
                )

    # -- shown, and what comes with an order ------------------------------------------------

    def web_read(self, specification):
        """Read the people of a list with one query, not with one for each column."""
        columns = [name for name in _PEOPLE if specification.get(name, {}).get("fields")]
        if len(columns) > 1:
            people = self.env["res.partner"].union(*(self[name] for name in columns))
            # sudo: what their names are made of; who may not see them is asked below
            people.sudo().fetch()
        return super().web_read(specification)

    def _open(self):
        """Return the action that opens these orders."""
        form = self.env["ir.model.data"]._xmlid_to_res_id("jinxing_repair.repair_order_view_form")
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispatch Orders"),
            "res_model": self._name,
        }
        if len(self) == 1:
            return {**action, "views": [(form, "form")], "res_id": self.id}
        list_view = self.env["ir.model.data"]._xmlid_to_res_id(
            "jinxing_repair.repair_order_view_list"
        )
        return {
            **action,
            "views": [(list_view, "list"), (form, "form")],
            "domain": [("id", "in", self.ids)],
        }

    def get_formview_id(self, access_uid=None):
        """Open dispatch orders in their own form wherever they are linked to."""
        if len(self) == 1 and self.sudo().service_kind:  # sudo: only which form it has
            return self.env["ir.model.data"]._xmlid_to_res_id(
                "jinxing_repair.repair_order_view_form"
            )
        return super().get_formview_id(access_uid=access_uid)

    def _make_checklists(self):
        """Give each order the lines of the checklists for its kind (S8.3, N9, S-inst)."""
        items = self.env["jinxing.check.item"]._lines_by_kind()
        # sudo: the lines come with the order, whoever registers it
        self.env["jinxing.repair.check"].sudo().create(
            [
                {"order_id": order.id, **line}
                for order in self
                for kind, line in items
                if not kind or kind == order.service_kind
            ]
        )
