from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..rules import suppliers

#: What only the steps of an approval set.
SYSTEM = frozenset({"name", "state", "approved_by_id", "approved_on", "suspended_reason"})
#: Fixed once it is approved: what old orders were judged by.
FACTS = frozenset({"partner_id", "product_tmpl_ids", "valid_from", "company_id"})


class JinxingSupplierApproval(models.Model):
    """A supplier is approved for parts, from a day to a day (A2)."""

    _name = "jinxing.supplier.approval"
    _description = "Supplier Approval"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "valid_from desc, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, index=True, tracking=True
    )
    product_tmpl_ids = fields.Many2many(
        "product.template",
        "jinxing_supplier_approval_part_rel",
        "approval_id",
        "part_id",
        "Parts",
        domain=[("is_spare_part", "=", True)],
        help="What the supplier may supply; nothing else.",
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    valid_to = fields.Date(tracking=True)
    state = fields.Selection(
        [("draft", "To be approved"), ("approved", "Approved"), ("suspended", "Suspended")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    paper_ids = fields.One2many(
        related="partner_id.supplier_paper_ids", string="Documents of the supplier"
    )
    basis = fields.Text(help="Samples tested, visit, references.")
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True, copy=False)
    approved_on = fields.Date("Approved on", readonly=True, copy=False)
    suspended_reason = fields.Char("Why suspended", readonly=True, copy=False)
    reminded_on = fields.Date(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    _ordered = models.Constraint(
        "CHECK(valid_to IS NULL OR valid_to >= valid_from)",
        "An approval cannot end before it begins.",
    )
    _partner_index = models.Index("(partner_id, state)")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            given = {name for name in SYSTEM - {"name"} if vals.get(name)}
            if not self.env.su and given - {"state"} or vals.get("state", "draft") != "draft":
                raise UserError(self._system_message())
            vals["name"] = self.env["ir.sequence"].next_by_code("jinxing.supplier.approval")
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if SYSTEM & set(vals):
                raise UserError(self._system_message())
            fixed = self.filtered(lambda a: a.state != "draft")
            if fixed and FACTS & set(vals):
                raise UserError(
                    self.env._(
                        "%(names)s: orders were judged by it. Suspend it, or end it and make a "
                        "new one.",
                        names=", ".join(fixed.mapped("name")),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if self.filtered(lambda a: a.state != "draft"):
            raise UserError(self.env._("Orders were judged by it: suspend it instead."))

    def _system_message(self):
        return self.env._("An approval is given by its buttons, not by editing.")

    def _ensure_supervisor(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))

    def action_approve(self):
        """Approve suppliers for their parts (A2).

        :raises UserError: no parts are named, or it is approved already
        """
        self._ensure_supervisor()
        for approval in self:
            if approval.state == "approved" or not approval.product_tmpl_ids:
                raise UserError(
                    self.env._(
                        "%(name)s: name the parts first, and approve it once.",
                        name=approval.name,
                    )
                )
        # sudo: the state is nobody's to edit
        self.sudo().write(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "approved_on": fields.Date.context_today(self),
                "suspended_reason": False,
            }
        )
        return True

    def action_suspend(self, reason=None):
        """Suspend approvals, with a reason; orders are refused from now on (A2)."""
        self._ensure_supervisor()
        if not (reason or "").strip():
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Suspend"),
                "res_model": "jinxing.parts.reason",
                "view_mode": "form",
                "target": "new",
                "context": {"default_action": "suspend", "default_approval_ids": self.ids},
            }
        if self.filtered(lambda a: a.state != "approved"):
            raise UserError(self.env._("Only what is approved can be suspended."))
        # sudo: as above
        self.sudo().write({"state": "suspended", "suspended_reason": reason.strip()})
        return True

    @api.model
    def _cron_remind_expiry(self, batch=100):
        """Give the supervisors an activity, once, before an approval or its papers end (A2)."""
        policy = self.env["jinxing.policy.parameter"]
        today = policy._service_day()
        days = policy._value("supplier_notice_days")
        until = today + relativedelta(days=days)
        domain = [
            ("state", "=", "approved"),
            ("reminded_on", "=", False),
            "|",
            "&", ("valid_to", ">=", today), ("valid_to", "<=", until),
            "&", ("partner_id.supplier_paper_ids.valid_to", ">=", today),
            ("partner_id.supplier_paper_ids.valid_to", "<=", until),
        ]
        found = self.search(domain)
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(found))
        for start in range(0, len(found), batch):
            due = found[start : start + batch].try_lock_for_update().filtered_domain(domain)
            for approval in due:
                approval.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=until,
                    summary=self.env._(
                        "%(supplier)s: the approval or a document ends soon (A2).",
                        supplier=approval.partner_id.display_name,
                    ),
                    user_id=(approval.approved_by_id or self.env.user).id,
                )
            due.reminded_on = today
            if not crons._commit_progress(len(due)):
                break


class JinxingSupplierPaperKind(models.Model):
    """A kind of qualification document the policy asks of suppliers (A2)."""

    _name = "jinxing.supplier.paper.kind"
    _description = "Kind of Supplier Document"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    required = fields.Boolean(default=True, help="Without a valid one nothing is bought.")
    active = fields.Boolean(default=True)


class JinxingSupplierPaper(models.Model):
    """A qualification document of a supplier, with its last day (A2)."""

    _name = "jinxing.supplier.paper"
    _description = "Supplier Document"
    _order = "partner_id, kind_id, valid_to desc"
    _rec_name = "number"

    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, index=True, ondelete="cascade"
    )
    kind_id = fields.Many2one("jinxing.supplier.paper.kind", required=True, index=True)
    number = fields.Char(required=True)
    issuer = fields.Char()
    valid_from = fields.Date()
    valid_to = fields.Date(index=True)
    product_tmpl_ids = fields.Many2many(
        "product.template",
        "jinxing_supplier_paper_part_rel",
        "paper_id",
        "part_id",
        "Parts",
        domain=[("is_spare_part", "=", True)],
        help="Empty: for all parts of the supplier.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "jinxing_supplier_paper_attachment_rel",
        "paper_id",
        "attachment_id",
        "Scans",
    )

    _ordered = models.Constraint(
        "CHECK(valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)",
        "A document cannot expire before it begins.",
    )

    @api.constrains("attachment_ids")
    def _check_attachment_ids(self):
        for paper in self:
            if not paper.attachment_ids:
                raise ValidationError(
                    self.env._(
                        "%(kind)s %(number)s: add the scan of the document (A2).",
                        kind=paper.kind_id.name,
                        number=paper.number,
                    )
                )


class ResPartner(models.Model):
    """Suppliers of parts and their papers (A2)."""

    _inherit = "res.partner"

    supplier_paper_ids = fields.One2many(
        "jinxing.supplier.paper",
        "partner_id",
        "Supplier documents",
        groups="jinxing_base.group_parts_keeper,jinxing_base.group_supervisor,"
        "purchase.group_purchase_user",
    )
    supplier_approval_ids = fields.One2many(
        "jinxing.supplier.approval",
        "partner_id",
        "Supplier approvals",
        groups="jinxing_base.group_parts_keeper,jinxing_base.group_supervisor,"
        "purchase.group_purchase_user",
    )

    @api.model
    def _supplier_decisions(self, pairs, on, company=None):
        """Return the rule's decision for each supplier and part (A2).

        The number of queries does not grow with the number of pairs.

        :param pairs: iterable of ``(res.partner, product.template)``; an empty partner is an
            unknown supplier
        :param on: the day of the purchase
        :return: ``{(partner id, template id): rules.decision.Decision}``
        """
        company = company or self.env.company
        pairs = {(partner.commercial_partner_id, part) for partner, part in pairs}
        # sudo: whether a supplier is approved must not depend on who asks
        approvals = self.env["jinxing.supplier.approval"].sudo()
        ids = [partner.id for partner, _part in pairs if partner]
        held = approvals.search(
            [
                ("partner_id.commercial_partner_id", "in", ids),
                ("state", "!=", "draft"),
                ("company_id", "=", company.id),
            ]
        )
        # sudo: as above
        papers = self.env["jinxing.supplier.paper"].sudo().search(
            [("partner_id.commercial_partner_id", "in", ids)]
        )
        by_partner, papers_of = defaultdict(list), defaultdict(list)
        for approval in held:
            by_partner[approval.partner_id.commercial_partner_id.id].append(
                (approval, frozenset(approval.product_tmpl_ids.ids))
            )
        for paper in papers:
            papers_of[paper.partner_id.commercial_partner_id.id].append(
                (paper, frozenset(paper.product_tmpl_ids.ids))
            )
        kinds = self.env["jinxing.supplier.paper.kind"].search([("required", "=", True)])
        required = tuple(kinds.mapped("name"))
        result = {}
        for partner, part in pairs:
            own = by_partner[partner.id]
            fitting = [
                suppliers.Paper(
                    paper.kind_id.name, paper.number, paper.valid_from or None,
                    paper.valid_to or None,
                )
                for paper, parts in papers_of[partner.id]
                if not parts or part.id in parts
            ]
            facts = suppliers.SupplierFacts(
                supplier=partner.display_name or self.env._("An unnamed supplier"),
                part=part.display_name,
                on=on,
                required=required,
                approvals=tuple(
                    suppliers.Approval(
                        approval.name, approval.valid_from, approval.valid_to or None,
                        approval.state == "suspended", tuple(fitting),
                    )
                    for approval, parts in own
                    if part.id in parts
                ),
                known=bool(partner),
                other_parts=bool(own),
            )
            result[partner.id, part.id] = suppliers.decide_supplier(facts)
        return result
