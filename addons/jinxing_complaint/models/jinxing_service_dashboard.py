from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..rules import complaint, figures

#: Lines of a Pareto list and of a list of people.
_TOP = 8
_RATES = ("contact_in_time", "arrival_in_time", "first_time_fix", "rework")
_CONTACTS = "jinxing_contact_report_action"
_SERVICE = "jinxing_service_report_action"
_FAULTS = "jinxing_cause_report_action"
_CALLS = "jinxing_follow_up_action_satisfaction"
#: box -> (action, grouped by, measures, the field one line of the box stands for)
_BOXES = {
    "contacts": (_CONTACTS, ["kind"], ["__count"], "kind"),
    "answers": (_CONTACTS, ["called_at:month"], ["in_time", "answer_hours"], None),
    "channels": (_CONTACTS, ["channel_id"], ["__count", "in_time"], "channel_id"),
    "contact_in_time": (_SERVICE, ["technician_id"], ["contact_in_time"], None),
    "arrival_in_time": (_SERVICE, ["technician_id"], ["arrival_in_time"], None),
    "first_time_fix": (_SERVICE, ["technician_id"], ["first_time_fix"], None),
    "rework": (_SERVICE, ["technician_id"], ["rework"], None),
    "ages": (_CONTACTS, ["complaint_step"], ["open_days", "step_days"], "complaint_step"),
    "components": (_FAULTS, ["component_id"], ["__count"], "component_id"),
    "models": (_FAULTS, ["product_id"], ["__count"], "product_id"),
    "causes": (_CONTACTS, ["cause_id"], ["__count"], "cause_id"),
    "technicians": (_CALLS, ["technician_id"], ["satisfaction"], "technician_id"),
    "providers": (_CALLS, ["provider_id"], ["satisfaction"], "provider_id"),
    "products": (_CALLS, ["product_id"], ["satisfaction"], "product_id"),
    "months": (_CALLS, ["done_at:month"], ["satisfaction"], None),
    "cost": (_FAULTS, ["product_id"], ["warranty_cost"], "product_id"),
    "hotlines": (_CONTACTS, ["channel_id"], ["__count", "in_time", "answer_hours"], "channel_id"),
}
#: box -> what else its figures are grouped by, across
_ACROSS = {"cost": ["months_in_service"], "components": ["product_id"]}


class JinxingServiceDashboard(models.AbstractModel):
    """The manager's screen: what came in, how fast we were, what breaks, what it costs (M26).

    Each box leads to the graph and pivot its figures come from, with the same domain.
    """

    _name = "jinxing.service.dashboard"
    _description = "Manager's Dashboard"

    @api.model
    def _ensure_manager(self):
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_manager")):
            raise AccessError(self.env._("The dashboard is the manager's (M26)."))

    # -- period ------------------------------------------------------------------------------------

    @api.model
    def _days(self, period, first=None, last=None):
        """Return first and last day of the period asked for, at the company's place.

        :param period: a name of :data:`rules.figures.PERIODS`, or "custom" with both days
        :raises UserError: there is no such period, or it ends before it begins
        """
        if period == "custom":
            try:
                first, last = fields.Date.to_date(first), fields.Date.to_date(last)
            except ValueError:
                first = None
            if not first or not last or first > last:
                raise UserError(self.env._("The period ends before it begins."))
            return first, last
        today = self.env["jinxing.daily.report"]._today(self.env.company)
        try:
            return figures.period(period, today)
        except ValueError as error:
            raise UserError(self.env._("There is no such period.")) from error

    @api.model
    def _within(self, field, first, last):
        """Return the domain of what lies in the period; ``field`` is a moment or a day."""
        company = Domain("company_id", "in", self.env.companies.ids)
        if field == "fault_date":
            return company & Domain(field, ">=", first) & Domain(field, "<=", last)
        logs = self.env["jinxing.daily.report"]
        begin, _end = logs._day_range(first, self.env.company)
        _begin, end = logs._day_range(last, self.env.company)
        return company & Domain(field, ">=", begin) & Domain(field, "<", end)

    @api.model
    def _box_domain(self, box, first, last):
        """Return the domain of the rows one box counts."""
        action = _BOXES[box][0]
        if box == "ages":
            return Domain("company_id", "in", self.env.companies.ids) & Domain(
                "complaint_step", "in", complaint.NINE
            )
        if action == _CALLS:
            done = Domain("state", "=", "done") & Domain("satisfaction", ">", 0)
            return done & self._within("done_at", first, last)
        domain = self._within("fault_date" if action == _FAULTS else "called_at", first, last)
        if box == "causes":
            domain &= Domain("kind", "=", "complaint")
        if box == "cost":
            domain &= Domain("cover", "=", "free")
        if box == "hotlines":
            domain &= Domain("hotline", "=", True)
        return domain

    # -- figures ---------------------------------------------------------------------------------

    @api.model
    @api.readonly
    def get_figures(self, period="month", first=None, last=None):
        """Return all figures of the screen for a period (M26).

        :param period: see :meth:`_days`
        :return: the boxes by name; rates in per cent, ages in days, answers in hours, money in
            the company's currency
        :raises AccessError: the user is no manager
        :raises UserError: the period is none
        """
        self._ensure_manager()
        first, last = self._days(period, first, last)
        return self._figures(first, last)

    @api.model
    def _figures(self, first, last):
        return {
            "first": fields.Date.to_string(first),
            "last": fields.Date.to_string(last),
            "currency_id": self.env.company.currency_id.id,
            "currency": self.env.company.currency_id.symbol,
            **self._contact_figures(first, last),
            **self._service_figures(first, last),
            **self._fault_figures(first, last),
            **self._satisfaction_figures(first, last),
        }

    @api.model
    def _contact_figures(self, first, last):
        report = self.env["jinxing.contact.report"]
        domain = self._box_domain("contacts", first, last)
        kinds, channels, causes, totals = report._read_grouping_sets(
            domain,
            [["kind"], ["channel_id"], ["kind", "cause_id"], []],
            ["__count", "in_time:count", "in_time:avg", "answer_hours:avg", "unanswered:sum"],
        )
        total = totals[0] if totals else (0, 0, None, None, 0)
        names = dict(report._fields["kind"]._description_selection(self.env))
        tickets = self.env["helpdesk.ticket"]
        unanswered = tickets._unanswered() & Domain(
            "company_id", "in", self.env.companies.ids
        )
        overdue = Domain("answer_deadline", "<", fields.Datetime.now())
        by_channel = {channel.id: row for channel, *row in channels}
        days = (last - first).days + 1
        return {
            "contacts": {
                "count": total[0],
                "kinds": self._lines(
                    {kind: count for kind, count, *_rest in kinds if kind}, names
                ),
                "counted": total[1],
                "in_time": total[2],
                "hours": total[3],
                "unanswered": tickets.search_count(unanswered),
                "overdue": tickets.search_count(unanswered & overdue),
                "channels": self._shares({c: row[0] for c, *row in channels}),
            },
            "causes": self._shares(
                {cause: row[0] for kind, cause, *row in causes if kind == "complaint"}
            ),
            "hotlines": [
                self._hotline(channel, by_channel.get(channel.id), days)
                for channel in self._hotlines()
            ],
            "ages": self._age_figures(),
        }

    @api.model
    def _hotlines(self):
        # sudo: which channels of the companies shown are hotlines is no secret
        return self.env["helpdesk.ticket.channel"].sudo().search(
            [
                ("is_hotline", "=", True),
                ("company_id", "in", [*self.env.companies.ids, False]),
            ]
        )

    @api.model
    def _hotline(self, channel, row, days):
        count, counted, in_time, hours, unanswered = row or (0, 0, None, None, 0)
        return {
            "id": channel.id,
            "name": channel.name,
            "number": channel.hotline_number or "",
            "manager": channel.manager_id.name or "",
            "count": count,
            "per_day": count / days,
            "counted": counted,
            "in_time": in_time,
            "hours": hours,
            "unanswered": unanswered or 0,
        }

    @api.model
    def _age_figures(self):
        """Return how old the open complaints are, by the step they stand in; as of now."""
        report = self.env["jinxing.contact.report"]
        groups = report._read_group(
            self._box_domain("ages", None, None),
            ["complaint_step"],
            ["__count", "open_days:avg", "open_days:max", "step_days:avg"],
        )
        found = {step: row for step, *row in groups}
        return [
            {
                "id": step,
                "name": name,
                "count": found[step][0] if step in found else 0,
                "days": found[step][1] if step in found else None,
                "oldest": found[step][2] if step in found else None,
                "in_step": found[step][3] if step in found else None,
            }
            for step, name in report._fields["complaint_step"]._description_selection(self.env)
            if step in complaint.NINE
        ]

    @api.model
    def _service_figures(self, first, last):
        aggregates = [f"{name}:{kind}" for name in _RATES for kind in ("avg", "count")]
        [row] = self.env["jinxing.service.report"]._read_group(
            self._box_domain("rework", first, last), [], ["__count", *aggregates]
        )
        rates = {
            name: {"rate": row[1 + 2 * number], "counted": row[2 + 2 * number]}
            for number, name in enumerate(_RATES)
        }
        return {"service": {"count": row[0], **rates}}

    @api.model
    def _fault_figures(self, first, last):
        components, products, months = self.env["jinxing.cause.report"]._read_grouping_sets(
            self._box_domain("components", first, last),
            [["component_id"], ["product_id"], ["product_id", "months_in_service"]],
            ["__count", "warranty_cost:sum"],
        )
        costs = {}
        for product, month, _count, cost in months:
            costs.setdefault(product, {})[month] = cost or 0
        totals = {product: sum(found.values()) for product, found in costs.items()}
        shares = self._shares(totals)
        products_by_id = {product.id: product for product in costs}
        for line in shares["lines"]:
            cells, unknown = figures.by_band(costs[products_by_id[line["id"]]])
            line.update(cells=list(cells), unknown=unknown)
        return {
            "components": self._shares({key: count for key, count, _cost in components}),
            "models": self._shares({key: count for key, count, _cost in products}),
            "cost": {
                "total": sum(totals.values()),
                "bands": [[begin, end or 0] for begin, end in figures.BANDS],
                **shares,
            },
        }

    @api.model
    def _satisfaction_figures(self, first, last):
        fields_by_box = {
            "technicians": "technician_id", "providers": "provider_id", "products": "product_id",
        }
        calls = self.env["jinxing.follow.up"]
        *lists, months, totals = calls._read_grouping_sets(
            self._box_domain("technicians", first, last),
            [*([name] for name in fields_by_box.values()), ["done_at:month"], []],
            ["satisfaction:avg", "__count"],
        )
        average, count = totals[0] if totals else (None, 0)
        result = {"count": count, "average": average}
        for box, groups in zip(fields_by_box, lists, strict=True):
            # The worst first: that is whom the manager has to talk to.
            rows = sorted((g for g in groups if g[0]), key=lambda g: (g[1], -g[2]))[:_TOP]
            result[box] = [
                {"id": record.id, "name": self._title(record), "average": value, "count": number}
                for record, value, number in rows
            ]
        result["months"] = [
            {"name": f"{month:%Y-%m}", "average": value, "count": number}
            for month, value, number in sorted(g for g in months if g[0])
        ]
        return {"satisfaction": result}

    @api.model
    def _title(self, record):
        # sudo: the rows counted are the reader's, what they are about may be another company's
        return record.sudo().display_name

    @api.model
    def _lines(self, counts, names):
        return [
            {"id": key, "name": names[key], "value": counts[key]} for key in names if key in counts
        ]

    @api.model
    def _shares(self, values):
        """Return a Pareto list of records; what has no record is named as unknown."""
        lines, rest = figures.pareto(values, _TOP)
        return {
            "lines": [
                {
                    "id": line.key.id,
                    "name": self._title(line.key) or self.env._("Not known"),
                    "value": line.value,
                    "share": line.share,
                    "cumulative": line.cumulative,
                }
                for line in lines
            ],
            "rest": rest,
        }

    # -- where they come from --------------------------------------------------------------------

    @api.model
    @api.readonly
    def action_open(self, box, period="month", first=None, last=None, key=None):
        """Return the graph and pivot the figures of a box come from (M26).

        :param key: of one line of the box; None for all of it
        :raises AccessError: the user is no manager
        :raises UserError: there is no such box or period
        """
        self._ensure_manager()
        if box == "unanswered":
            return self.env["ir.actions.act_window"]._for_xml_id(
                "jinxing_complaint.contact_action"
            )
        if box not in _BOXES:
            raise UserError(self.env._("There is no such box."))
        first, last = self._days(period, first, last)
        name, groups, measures, field = _BOXES[box]
        domain = self._box_domain(box, first, last)
        if key is not None and field:
            domain &= Domain(field, "=", key or False)
        action = self.env["ir.actions.act_window"]._for_xml_id(f"jinxing_complaint.{name}")
        days = "" if box == "ages" else f" {first} – {last}"
        return {
            **action,
            "name": f"{action['name']}{days}",
            "display_name": f"{action['name']}{days}",
            "domain": list(domain),
            "view_mode": "pivot,graph",
            "views": [(False, "pivot"), (False, "graph")],
            "context": {
                "pivot_row_groupby": groups,
                "pivot_column_groupby": _ACROSS.get(box, []),
                "pivot_measures": measures,
                "graph_groupbys": groups,
                "graph_measure": measures[-1],
            },
        }
