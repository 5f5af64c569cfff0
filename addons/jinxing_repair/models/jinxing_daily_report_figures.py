from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..rules import order_flow


class JinxingDailyReport(models.Model):
    """The figures of the department's day (S8.10)."""

    _inherit = "jinxing.daily.report"

    def _day_figures(self):
        """Return the figures of the day as ``{group: [[label key, value], ...]}``."""
        self.ensure_one()
        start, end = self._day_range(self.date, self.company_id)
        # sudo: the report sums up what every clerk may see
        orders = self.env["repair.order"].sudo()
        tickets = self.env["helpdesk.ticket"].sudo()
        faults = self.env["jinxing.repair.fault"].sudo()
        company = Domain("company_id", "=", self.company_id.id)

        def within(field):
            return company & Domain(field, ">=", start) & Domain(field, "<", end)

        dispatch = Domain("service_kind", "!=", False)
        registered = tickets._read_group(within("called_at"), ["kind"], ["__count"])
        contacted = dict(
            orders._read_group(within("contacted_at"), ["contact_late"], ["__count"])
        )
        assessed = dict(
            orders._read_group(within("preliminary_at"), ["preliminary_late"], ["__count"])
        )
        arrived = dict(orders._read_group(within("arrived_at"), ["arrival_late"], ["__count"]))
        signed = orders.search(within("signed_at") & dispatch)
        covers = dict(
            faults._read_group([("order_id", "in", signed.ids)], ["cover"], ["__count"])
        )
        open_orders = orders._read_group(
            company & Domain("service_state", "in", order_flow.OPEN),
            ["service_state"],
            ["__count"],
        )
        breaches = {
            name: orders.search_count(company & Domain(name, "=", True)
                                      & Domain("service_state", "in", order_flow.OPEN))
            for name in (
                "preliminary_breach", "contact_breach", "arrival_breach", "promise_breach"
            )
        }
        reports = self.search(
            [
                ("kind", "=", "technician"),
                ("date", "=", self.date),
                ("company_id", "=", self.company_id.id),
            ]
        )
        # sudo: the department's figures count everybody's hours
        hours = self.env["jinxing.work.log"].sudo()._read_group(
            [("date", "=", self.date), ("company_id", "=", self.company_id.id)],
            ["kind"],
            ["hours:sum"],
        )
        return {
            "registered": [[kind, count] for kind, count in registered],
            "work": [
                ["approved", orders.search_count(within("approved_at"))],
                ["assessed", sum(assessed.values())],
                ["assessed_late", assessed.get(True, 0)],
                ["contacted", sum(contacted.values())],
                ["contacted_late", contacted.get(True, 0)],
                ["arrived", sum(arrived.values())],
                ["arrived_late", arrived.get(True, 0)],
                ["signed", len(signed)],
                ["closed", orders.search_count(within("closed_at"))],
                ["free", covers.get("free", 0)],
                ["chargeable", covers.get("chargeable", 0)],
                ["amount", sum(signed.filtered("sale_order_id").mapped("quote_amount"))],
            ],
            "open": [[state, count] for state, count in open_orders],
            "breaches": list(map(list, breaches.items())),
            "people": [
                [report.technician_id.name, report.presence, report.hours, report.state]
                for report in reports
            ],
            "hours": [[kind, round(total, 2)] for kind, total in hours],
        }

    @api.model
    def _figure_words(self):
        """Return ``{group: (title, {key: label})}`` in the reader's language."""
        def words(model, field):
            return dict(self.env[model]._fields[field]._description_selection(self.env))

        return {
            "registered": (self.env._("Registered"), words("helpdesk.ticket", "kind")),
            "work": (
                self.env._("Work of the day"),
                {
                    "approved": self.env._("Orders approved"),
                    "assessed": self.env._("Faults assessed beforehand"),
                    "assessed_late": self.env._("of them too late (S8.2)"),
                    "contacted": self.env._("Customers called"),
                    "contacted_late": self.env._("of them too late (S8.2)"),
                    "arrived": self.env._("Arrivals"),
                    "arrived_late": self.env._("of them too late (S8.11)"),
                    "signed": self.env._("Repairs signed"),
                    "closed": self.env._("Orders closed"),
                    "free": self.env._("Faults repaired free"),
                    "chargeable": self.env._("Faults repaired for money"),
                    "amount": self.env._("Amount to invoice"),
                },
            ),
            "open": (self.env._("Open orders"), words("repair.order", "service_state")),
            "breaches": (
                self.env._("Overdue now"),
                {
                    "preliminary_breach": self.env._("Preliminary assessment"),
                    "contact_breach": self.env._("Contact"),
                    "arrival_breach": self.env._("Arrival"),
                    "promise_breach": self.env._("Promise"),
                },
            ),
            "hours": (self.env._("Hours by kind of work"), words("jinxing.work.log", "kind")),
        }

    def _figure_rows(self):
        """Return ``[(title, [(label, value), ...]), ...]`` and the rows of people."""
        self.ensure_one()
        figures = self.figures or self._day_figures()
        presence = dict(self._fields["presence"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        groups = [
            (title, [(labels.get(key, key), value) for key, value in figures.get(group, [])])
            for group, (title, labels) in self._figure_words().items()
        ]
        people = [
            (name, presence.get(there, there), round(hours, 1), states.get(state, state))
            for name, there, hours, state in figures.get("people", [])
        ]
        return groups, people

    @api.depends("kind", "figures", "date")
    @api.depends_context("lang")
    def _compute_figures_html(self):
        for report in self:
            if report.kind != "department" or not report.date:
                report.figures_html = False
                continue
            groups, people = report._figure_rows()
            parts = [
                Markup("<h5>%s</h5><table class='table table-sm w-auto'>%s</table>")
                % (
                    title,
                    Markup("").join(
                        Markup("<tr><td>%s</td><td class='text-end'>%s</td></tr>") % row
                        for row in rows
                    ),
                )
                for title, rows in groups
                if rows
            ]
            if people:
                parts.append(
                    Markup("<h5>%s</h5><table class='table table-sm w-auto'>%s</table>")
                    % (
                        self.env._("Technicians"),
                        Markup("").join(
                            Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>") % row
                            for row in people
                        ),
                    )
                )
            report.figures_html = Markup("").join(parts)


class DailyReportXlsx(models.AbstractModel):
    """The daily reports as a spreadsheet (S8.10)."""

    _name = "report.jinxing_repair.daily_report_xlsx"
    _description = "Daily Reports (XLSX)"
    _inherit = "report.report_xlsx.abstract"

    def generate_xlsx_report(self, workbook, data, reports):
        """Write a sheet for the technicians' reports and one for each department's day."""
        bold = workbook.add_format({"bold": True, "bg_color": "#DDEEDD"})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        people = reports.filtered(lambda r: r.kind == "technician")
        if people:
            self._write_people(workbook, people, bold, day)
        for report in reports.filtered(lambda r: r.kind == "department"):
            sheet = workbook.add_worksheet(fields.Date.to_string(report.date))
            sheet.set_column(0, 0, 34)
            row = 0
            sheet.write(row, 0, report.company_id.name, bold)
            groups, staff = report._figure_rows()
            for title, rows in groups:
                row += 2
                sheet.write(row, 0, title, bold)
                for label, value in rows:
                    row += 1
                    sheet.write(row, 0, label)
                    sheet.write(row, 1, value)
            row += 2
            for values in staff:
                for column, value in enumerate(values):
                    sheet.write(row, column, value)
                row += 1

    def _write_people(self, workbook, reports, bold, day):
        kinds = dict(self.env["jinxing.work.log"]._fields["kind"]._description_selection(self.env))
        sheet = workbook.add_worksheet(self.env._("Work logs"))
        titles = (
            self.env._("Day"), self.env._("Technician"), self.env._("Kind of work"),
            self.env._("Hours"), self.env._("Dispatch order"), self.env._("What was done"),
        )
        for column, title in enumerate(titles):
            sheet.write(0, column, title, bold)
        sheet.set_column(0, 5, 18)
        row = 0
        for report in reports.sorted(lambda r: (r.date, r.technician_id.name or "")):
            for log in report.log_ids:
                row += 1
                sheet.write_datetime(row, 0, fields.Datetime.to_datetime(log.date), day)
                sheet.write(row, 1, report.technician_id.name)
                sheet.write(row, 2, kinds[log.kind])
                sheet.write(row, 3, round(log.hours, 2))
                sheet.write(row, 4, log.order_id.name or "")
                sheet.write(row, 5, log.note or "")
