from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

KINDS = [
    ("repair", "Repair"),
    ("installation", "Installation"),
    ("travel", "Travel"),
    ("workshop", "Workshop"),
    ("training", "Training"),
    ("follow_up", "Follow-up"),
    ("other", "Other"),
]
#: What a visit says; set by the visit alone.
SYSTEM = frozenset({"visit_id"})


class JinxingWorkLog(models.Model):
    """Work of a technician on one day: what kind, how long, for which order (S8.10, N1).

    Visits write their own logs; the technician adds the rest of his day.
    """

    _name = "jinxing.work.log"
    _description = "Work Log"
    _order = "date desc, technician_id, id"
    _rec_name = "kind"
    _check_company_auto = True

    technician_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        default=lambda self: self.env.user.partner_id,
        domain=[("is_technician", "=", True)],
    )
    date = fields.Date(
        required=True,
        default=lambda self: self.env["jinxing.daily.report"]._today(self.env.company),
        index=True,
    )
    kind = fields.Selection(KINDS, "Kind of work", required=True, default="repair")
    hours = fields.Float(required=True)
    order_id = fields.Many2one("repair.order", "Dispatch order", index="btree_not_null")
    visit_id = fields.Many2one(
        "jinxing.repair.visit", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    note = fields.Char("What was done")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    report_id = fields.Many2one(
        "jinxing.daily.report",
        "Daily report",
        compute="_compute_report_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )

    _hours_sane = models.Constraint(
        "CHECK(hours > 0 AND hours <= 24)", "A work log is more than 0 and at most 24 hours."
    )

    @api.depends("technician_id", "date", "company_id")
    def _compute_report_id(self):
        reports = self.env["jinxing.daily.report"]._for_days(
            {(log.technician_id, log.date, log.company_id) for log in self if log.date}
        )
        for log in self:
            log.report_id = reports.get((log.technician_id, log.date, log.company_id), False)

    @api.constrains("hours", "date", "technician_id")
    def _check_day(self):
        groups = self._read_group(
            [
                ("technician_id", "in", self.technician_id.ids),
                ("date", "in", list(set(self.mapped("date")))),
            ],
            ["technician_id", "date:day"],
            ["hours:sum"],
        )
        for technician, day, hours in groups:
            if hours > 24:
                raise ValidationError(
                    self.env._(
                        "%(technician)s: %(hours)s hours on %(day)s, a day has 24.",
                        technician=technician.name,
                        hours=round(hours, 1),
                        day=day,
                    )
                )
        reports = self.env["jinxing.daily.report"]
        if self.filtered(lambda log: log.date > reports._today(log.company_id)):
            raise ValidationError(self.env._("Work is logged when it is done."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("visit_id") for vals in vals_list):
            raise UserError(self.env._("Visits write their own work logs."))
        logs = super().create(vals_list)
        logs._ensure_open()
        return logs

    def write(self, vals):
        if not self.env.su and (SYSTEM & set(vals) or self.visit_id):
            raise UserError(self.env._("Visits write their own work logs."))
        self._ensure_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        if self.visit_id and not self.env.su:
            raise UserError(self.env._("Visits write their own work logs."))
        self._ensure_open()

    def _ensure_open(self):
        """Refuse to change what stands in a submitted report."""
        done = self.report_id.filtered(lambda r: r.state != "draft")
        if done and not self.env.su:
            raise UserError(
                self.env._(
                    "%(names)s is submitted; the supervisor can give it back.",
                    names=", ".join(done.mapped("display_name")),
                )
            )


class JinxingRepairVisit(models.Model):
    _inherit = "jinxing.repair.visit"

    work_log_ids = fields.One2many("jinxing.work.log", "visit_id", "Work logs")

    def write(self, vals):
        """Log travel and work of a visit when it ends (S8.10)."""
        again = self.filtered("left_at") if vals.get("left_at") else self.browse()
        result = super().write(vals)
        if vals.get("left_at"):
            # sudo: the logs follow the visit
            again.sudo().work_log_ids.unlink()
            self._log_work()
        return result

    def _log_work(self):
        """Write the work logs of visits that have just ended."""
        # sudo: the logs follow the visit
        visits = self.sudo().filtered("left_at")
        vals_list = []
        for visit in visits:
            kind = visit.order_id.service_kind or "repair"
            for what, start, end in (
                ("travel", visit.departed_at, visit.arrived_at),
                (kind, visit.arrived_at, visit.left_at),
            ):
                if not start or not end or end <= start:
                    continue
                vals_list += [
                    {
                        "technician_id": visit.technician_id.id,
                        "date": day,
                        "kind": what,
                        "hours": hours,
                        "order_id": visit.order_id.id,
                        "visit_id": visit.id,
                        "company_id": visit.company_id.id,
                    }
                    for day, hours in self.env["jinxing.daily.report"]._split_by_day(
                        start, end, visit.company_id
                    )
                ]
        # sudo: the hours of a visit follow from the visit, whoever ends it
        self.env["jinxing.work.log"].sudo().create(vals_list)


class JinxingDailyReport(models.Model):
    """The technician's 工作日报表, and the department's 售后服务日报表 (S8.10, N1).

    A technician's report is opened for each working day; one still open on the day after is
    missing. The department's report sums the day up and freezes its figures when confirmed.
    """

    _name = "jinxing.daily.report"
    _description = "Daily Report"
    _inherit = ["mail.thread"]
    _order = "date desc, kind, technician_id"
    _check_company_auto = True

    kind = fields.Selection(
        [("technician", "Technician"), ("department", "Department")],
        required=True,
        default="technician",
        readonly=True,
    )
    date = fields.Date(
        required=True,
        default=lambda self: self._today(self.env.company),
        readonly=True,
        index=True,
    )
    technician_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [("draft", "Open"), ("submitted", "Submitted"), ("checked", "Checked")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    presence = fields.Selection(
        [("present", "Present"), ("leave", "On leave"), ("sick", "Ill"), ("absent", "Absent")],
        required=True,
        default="present",
    )
    log_ids = fields.One2many("jinxing.work.log", "report_id", "Work logs")
    hours = fields.Float("Hours in all", compute="_compute_hours")
    order_count = fields.Integer("Orders worked on", compute="_compute_hours")
    problems = fields.Text("Problems and proposals")
    submitted_at = fields.Datetime(readonly=True, copy=False)
    checked_by = fields.Many2one("res.users", readonly=True, copy=False)
    is_missing = fields.Boolean(
        "Missing", compute="_compute_is_missing", search="_search_is_missing"
    )
    figures = fields.Json("Figures kept", readonly=True, copy=False)
    figures_html = fields.Html("Figures", compute="_compute_figures_html", sanitize=False)

    _technician_once = models.UniqueIndex(
        "(technician_id, date, company_id) WHERE kind = 'technician'",
        "There is a report of this technician for this day.",
    )
    _department_once = models.UniqueIndex(
        "(date, company_id) WHERE kind = 'department'",
        "There is a report of the department for this day.",
    )
    _whose = models.Constraint(
        "CHECK((kind = 'technician') = (technician_id IS NOT NULL))",
        "A technician's report names the technician.",
    )
    _missing_index = models.Index("(date) WHERE kind = 'technician' AND state = 'draft'")

    @api.depends("kind", "date", "technician_id")
    def _compute_display_name(self):
        for report in self:
            who = report.technician_id.name or self.env._("Department")
            report.display_name = f"{report.date} {who}"

    @api.depends("log_ids.hours", "log_ids.order_id")
    def _compute_hours(self):
        for report in self:
            report.hours = sum(report.log_ids.mapped("hours"))
            report.order_count = len(report.log_ids.order_id)

    @api.depends("kind", "state", "date")
    def _compute_is_missing(self):
        for report in self:
            report.is_missing = (
                report.kind == "technician"
                and report.state == "draft"
                and report.date < self._today(report.company_id)
            )

    @api.model
    def _search_is_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain(
            [
                ("kind", "=", "technician"),
                ("state", "=", "draft"),
                ("date", "<", self._today(self.env.company)),
            ]
        )
        return domain if True in value else ~domain

    # -- days ------------------------------------------------------------------------------------

    @api.model
    def _zone(self, company):
        """Return the time zone of the service, whoever reads: the same day for all of them."""
        return pytz.timezone(self.env["jinxing.policy.parameter"]._service_tz(company))

    @api.model
    def _today(self, company):
        """Return the calendar day at the company's place."""
        return pytz.utc.localize(fields.Datetime.now()).astimezone(self._zone(company)).date()

    @api.model
    def _day_range(self, day, company):
        """Return begin and end of a calendar day at the company's place, in naive UTC."""
        zone = self._zone(company)
        start, end = (
            zone.localize(datetime.combine(d, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for d in (day, day + timedelta(days=1))
        )
        return start, end

    @api.model
    def _split_by_day(self, start, end, company):
        """Return ``[(day, hours)]`` of an interval, cut at midnight at the company's place."""
        zone = self._zone(company)
        day = pytz.utc.localize(start).astimezone(zone).date()
        parts = []
        while start < end:
            _begin, midnight = self._day_range(day, company)
            stop = min(end, midnight)
            hours = (stop - start).total_seconds() / 3600
            if hours > 0:
                parts.append((day, hours))
            start, day = stop, day + timedelta(days=1)
        return parts

    @api.model
    def _for_days(self, keys):
        """Return ``{(technician, day, company): report}``, opening those that are missing."""
        keys = {key for key in keys if key[0] and key[1] and key[2]}
        if not keys:
            return {}
        # sudo: a report is opened by whoever logs work
        reports = self.sudo()
        found = reports.search_fetch(
            [
                ("kind", "=", "technician"),
                ("technician_id", "in", [key[0].id for key in keys]),
                ("date", "in", [key[1] for key in keys]),
            ]
        )
        result = {(r.technician_id, r.date, r.company_id): r for r in found}
        new = [key for key in keys if key not in result]
        # Nobody follows a report because he signed an order; that it was opened says itself.
        made = reports.with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        ).create(
            [
                {"technician_id": who.id, "date": day, "company_id": company.id}
                for who, day, company in new
            ]
        )
        result.update(zip(new, made, strict=True))
        return {key: report.with_env(self.env) for key, report in result.items()}

    @api.model
    def _cron_open_reports(self):
        """Open today's report of each own technician; what stays open is missing (S8.10)."""
        for company in self.env["res.company"].search([]):
            technicians = self.env["hr.employee"].search(
                [
                    ("company_id", "=", company.id),
                    ("work_contact_id.is_technician", "=", True),
                ]
            ).work_contact_id
            today = self._today(company)
            self._for_days({(technician, today, company) for technician in technicians})

    # -- steps -----------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft" or vals.get("figures"):
                raise UserError(self.env._("A report begins open."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if {"state", "submitted_at", "checked_by", "figures", "kind"} & set(vals):
                raise UserError(self.env._("Submit or check a report with its buttons."))
            closed = self.filtered(lambda r: r.state != "draft")
            if closed and {"presence", "problems", "log_ids", "date", "technician_id"} & set(vals):
                raise UserError(
                    self.env._(
                        "%(names)s is submitted; the supervisor can give it back.",
                        names=", ".join(closed.mapped("display_name")),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        if self.filtered(lambda r: r.state != "draft"):
            raise UserError(self.env._("A submitted report is kept."))

    def action_submit(self):
        """Submit reports to the department (S8.10).

        :raises UserError: a technician who was present has logged no work
        """
        self.check_access("write")
        empty = self.filtered(
            lambda r: r.kind == "technician" and r.presence == "present" and not r.log_ids
        )
        if empty:
            raise UserError(
                self.env._(
                    "%(names)s: log the day's work first, or say why you were not there.",
                    names=", ".join(empty.mapped("display_name")),
                )
            )
        wrong = self.filtered(lambda r: r.state != "draft")
        if wrong:
            raise UserError(
                self.env._(
                    "%(names)s is submitted already.",
                    names=", ".join(wrong.mapped("display_name")),
                )
            )
        # sudo: the state is nobody's to edit
        reports = self.sudo()
        for report in reports.filtered(lambda r: r.kind == "department"):
            report.figures = report._day_figures()
        reports.write({"state": "submitted", "submitted_at": fields.Datetime.now()})
        return True

    def action_check(self):
        """Check submitted reports; supervisors only."""
        self._ensure_supervisor()
        wrong = self.filtered(lambda r: r.state != "submitted")
        if wrong:
            raise UserError(
                self.env._(
                    "%(names)s is not submitted yet.", names=", ".join(wrong.mapped("display_name"))
                )
            )
        # sudo: as above
        self.sudo().write({"state": "checked", "checked_by": self.env.uid})
        return True

    def action_give_back(self):
        """Give reports back for correction; supervisors only."""
        self._ensure_supervisor()
        # sudo: as above
        self.sudo().write({"state": "draft", "submitted_at": False, "checked_by": False})
        return True

    def _ensure_supervisor(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise UserError(self.env._("Only a supervisor may do this."))

    @api.model
    def action_open_department_report(self):
        """Open the department's report of today, making it when there is none."""
        if not self.env.user.has_group("jinxing_base.group_clerk"):
            raise AccessError(self.env._("The department's report is made by the clerks."))
        company = self.env.company
        today = self._today(company)
        report = self.search(
            [("kind", "=", "department"), ("date", "=", today), ("company_id", "=", company.id)]
        ) or self.create({"kind": "department", "date": today, "company_id": company.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": report.id,
            "views": [(False, "form")],
        }
