from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

STEP = 20
_MESSAGE = "jinxing_settlement_message"


class SettlementPortal(CustomerPortal):
    """A dealer's or station's settlements: read, confirmed, disputed line by line (G1.3)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "settlement_count" in counters:
            settlements = request.env["jinxing.settlement"]
            allowed = settlements.has_access("read")
            values["settlement_count"] = (
                settlements.search_count(self._settlement_domain()) if allowed else 0
            )
        return values

    @staticmethod
    def _settlement_domain():
        """Return the settlements of one's own company; the rules keep all others away anyway."""
        company = request.env.user.partner_id._jinxing_portal_partner()
        return [
            ("partner_id", "=", company.id),
            ("state", "in", ("sent", "approved", "billed")),
        ]

    @route(
        ["/my/settlements", "/my/settlements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_settlements(self, page=1, **kw):
        """List the settlements, the newest first."""
        settlements = request.env["jinxing.settlement"]
        domain = self._settlement_domain()
        pager = portal_pager(
            url="/my/settlements",
            total=settlements.search_count(domain),
            page=page,
            step=STEP,
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "settlements",
            "settlements": settlements.search_fetch(
                domain,
                ["name", "date_from", "state", "amount_total", "dispute_count", "confirmed_at"],
                limit=STEP,
                offset=pager["offset"],
            ),
            "pager": pager,
            "default_url": "/my/settlements",
        }
        return request.render("jinxing_repair.portal_my_settlements", values)

    def _own_settlement(self, settlement_id):
        """Return one's own settlement that was sent, ``None`` for any other."""
        try:
            record = self._document_check_access("jinxing.settlement", settlement_id)
        except (AccessError, MissingError):
            return None
        company = request.env.user.partner_id._jinxing_portal_partner()
        if record.partner_id != company or record.state in ("draft", "cancelled"):
            return None
        return record.with_env(request.env)

    @route(
        "/my/settlements/<int:settlement_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_settlement(self, settlement_id, **kw):
        """Show one settlement with its lines; a foreign one is as unknown as a missing one."""
        record = self._own_settlement(settlement_id)
        if not record:
            return request.redirect("/my/settlements")
        lines = record.line_ids
        # sudo: how each amount came about, of lines the provider may read
        decisions = request.env["jinxing.decision"].sudo().search(
            [
                ("res_model", "=", "jinxing.settlement.line"),
                ("res_id", "in", lines.ids),
                ("kind", "=", "settlement"),
                ("superseded_by_id", "=", False),
            ]
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "settlement",
            "settlement": record,
            # sudo: names of orders, machines and technicians on one's own lines
            "lines": lines.sudo(),
            "explanations": {d.res_id: d.explanation for d in decisions},
            "message": request.session.pop(_MESSAGE, None),
        }
        return request.render("jinxing_repair.portal_my_settlement", values)

    @route("/my/settlements/<int:settlement_id>/print", type="http", auth="user", readonly=True)
    def portal_print_settlement(self, settlement_id, **kw):
        """Download one's own settlement as a PDF."""
        record = self._own_settlement(settlement_id)
        if not record:
            return request.redirect("/my/settlements")
        return self._show_report(
            model=record,
            report_type="pdf",
            report_ref="jinxing_repair.action_report_settlement",
            download=True,
        )

    @route(
        "/my/settlements/<int:settlement_id>/dispute", type="http", auth="user", methods=["POST"]
    )
    def portal_dispute_line(self, settlement_id, line_id="", text="", **kw):
        """Dispute one line of one's own settlement."""
        record = self._own_settlement(settlement_id)
        if not record:
            return request.redirect("/my/settlements")
        line = record.line_ids.filtered(lambda one: str(one.id) == str(line_id))
        self._try(lambda: line.action_dispute(text[:2000]))
        return request.redirect(f"/my/settlements/{record.id}#line_{line.id or 0}")

    @route(
        "/my/settlements/<int:settlement_id>/confirm", type="http", auth="user", methods=["POST"]
    )
    def portal_confirm_settlement(self, settlement_id, **kw):
        """Agree to one's own settlement."""
        record = self._own_settlement(settlement_id)
        if not record:
            return request.redirect("/my/settlements")
        self._try(record.action_confirm)
        return request.redirect(f"/my/settlements/{record.id}")

    @staticmethod
    def _try(step):
        """Take the step; keep for the page why it was refused."""
        try:
            with request.env.cr.savepoint():
                step()
        except (AccessError, UserError) as error:
            request.session[_MESSAGE] = str(error)
