from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Date, Domain
from odoo.tools import format_date


class JinxingCertification(models.Model):
    """The reminder before a grade's last day (T0)."""

    _inherit = "jinxing.certification"

    @api.model
    def _cron_remind_expiry(self, batch=100):
        """Tell technician and office, once per award, that a grade is about to expire (T0).

        How long before is the policy ``certification_reminder_days``. Running it again changes
        nothing.
        """
        today = Date.context_today(self)
        policies = self.env["jinxing.policy.parameter"]
        domain = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "valid_to",
                "<=",
                today
                + relativedelta(
                    days=policies._value("certification_reminder_days", today, company)
                ),
            )
            for company in self.env["res.company"].search([])
        )
        domain &= Domain("state", "=", "awarded") & Domain("reminded_on", "=", False)
        domain &= Domain("valid_to", ">=", today)
        found = self.search(domain)
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(found))
        for start in range(0, len(found), batch):
            due = found[start : start + batch].try_lock_for_update().filtered_domain(domain)
            due._remind_expiry(today)
            if not crons._commit_progress(len(due)):
                break

    def _remind_expiry(self, today):
        """Write to the technician and give the office an activity, and remember it."""
        offices = {}
        for record in self:
            reader = record.with_context(lang=record.partner_id.lang or self.env.lang).env
            text = reader._(
                "The star grade of %(name)s (%(grade)s) expires on %(day)s. Arrange an "
                "examination in time.",
                name=record.partner_id.name,
                grade="★" * record.grade,
                day=format_date(reader, record.valid_to),
            )
            record.message_post(
                body=text,
                partner_ids=record.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )
            company = record.company_id
            if company not in offices:
                offices[company] = record._reminder_user()
            if offices[company]:
                record.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=record.valid_to,
                    summary=text,
                    user_id=offices[company].id,
                )
        self.reminded_on = today

    def _reminder_user(self):
        """Return the supervisor of the company who looks after the grades, or nobody."""
        group = self.env.ref("jinxing_base.group_supervisor")
        return self.env["res.users"].search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ],
            order="id desc",
            limit=1,
        )
