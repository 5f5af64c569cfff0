from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..rules import order_flow

STEP = 20
#: filter -> the steps it shows
FILTERS = {
    "open": order_flow.OPEN,
    "new": (order_flow.ASSIGNED,),
    "under_way": (
        order_flow.ACCEPTED, order_flow.CONTACTED, order_flow.ON_SITE, order_flow.TAKEN_BACK,
        order_flow.REPAIRED,
    ),
    "done": order_flow.FINISHED,
    "cancelled": (order_flow.CANCELLED,),
}
#: What a row of the list shows.
LISTED = (
    "name", "called_at", "product_id", "lot_id", "partner_id", "caller_name", "technician_id",
    "service_state", "promise_at", "arrived_at", "arrival_deadline",
)
#: The steps of an order everybody concerned may follow, and when each was reached.
FOLLOWED = (
    ("called", "called_at"),
    ("approved", "approved_at"),
    ("assigned", "assigned_at"),
    ("accepted", "accepted_at"),
    ("contacted", "contacted_at"),
    ("on_site", "arrived_at"),
    ("repaired", "repaired_at"),
    ("signed", "signed_at"),
    ("closed", "closed_at"),
)


class DispatchPortal(CustomerPortal):
    """Dispatch orders for dealers, stations and owners (G1.1, G3.1, S8.9).

    A provider accepts or declines here. Assessment, reasons and notes of the factory never show.
    """

    # -- whose orders ----------------------------------------------------------------------------

    @staticmethod
    def _dispatch_order_domain():
        """Return the orders that concern the user; the record rules say the same to the portal."""
        person = request.env.user.partner_id
        company = person.commercial_partner_id
        mine = Domain("technician_id", "=", person.id)
        for name in ("provider_id", "dealer_id", "customer_company_id"):
            mine |= Domain(name, "=", company.id)
        return Domain("service_kind", "!=", False) & mine

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        orders = request.env["repair.order"]
        if "dispatch_count" in counters:
            allowed = orders.has_access("read")
            values["dispatch_count"] = (
                orders.search_count(self._dispatch_order_domain()) if allowed else 0
            )
        if "job_count" in counters:
            allowed = orders.has_access("read")
            values["job_count"] = (
                orders.search_count(orders._onsite_list_domain()) if allowed else 0
            )
        return values

    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        # sudo: whether one is a technician oneself
        values["is_technician"] = request.env.user.partner_id.sudo().is_technician
        return values

    def _dispatch_roles(self, order):
        """Return what the user is to the order: provider, dealer, customer, technician."""
        person = request.env.user.partner_id
        company = person.commercial_partner_id
        roles = {
            "provider": order.provider_id == company
            and company != order.company_id.partner_id,
            "dealer": order.dealer_id == company,
            "customer": order.customer_company_id == company,
            "technician": order.technician_id == person,
        }
        return {name for name, holds in roles.items() if holds}

    # -- list ------------------------------------------------------------------------------------

    def _dispatch_order_filters(self):
        _ = request.env._
        labels = {
            "open": _("Open"),
            "new": _("To be accepted"),
            "under_way": _("Under way"),
            "done": _("Done"),
            "cancelled": _("Cancelled"),
        }
        return {
            "all": {"label": _("All"), "domain": Domain.TRUE},
            **{
                name: {"label": labels[name], "domain": Domain("service_state", "in", states)}
                for name, states in FILTERS.items()
            },
        }

    @staticmethod
    def _dispatch_search_domain(text):
        """Return the orders with this number, machine, or customer."""
        domain = Domain.FALSE
        for name in ("name", "lot_id.name", "product_id.name", "partner_id.name"):
            domain |= Domain(name, "ilike", text)
        digits = "".join(char for char in text if char.isdigit())
        if len(digits) >= 4:
            domain |= Domain("partner_id.phone", "ilike", digits)
            domain |= Domain("caller_phone", "ilike", digits)
        return domain

    @route(
        ["/my/dispatch", "/my/dispatch/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_dispatch_orders(self, page=1, search="", filterby="all", **kw):
        """List the dispatch orders that concern the user."""
        orders = request.env["repair.order"]
        filters = self._dispatch_order_filters()
        filterby = filterby if filterby in filters else "all"
        domain = self._dispatch_order_domain() & filters[filterby]["domain"]
        search = search.strip()[:60]
        if search:
            # sudo: whose numbers and names are searched is narrowed to the user's orders
            found = orders.sudo()._search(self._dispatch_search_domain(search))
            domain &= Domain("id", "in", found)
        pager = portal_pager(
            url="/my/dispatch",
            total=orders.search_count(domain) if orders.has_access("read") else 0,
            page=page,
            step=STEP,
            url_args={"search": search, "filterby": filterby},
        )
        found = orders
        if orders.has_access("read"):
            found = orders.search_fetch(
                domain, LISTED, limit=STEP, offset=pager["offset"]
            )
        company = request.env.user.partner_id.commercial_partner_id
        return request.render(
            "jinxing_repair.portal_my_dispatch_orders",
            {
                **self._prepare_portal_layout_values(),
                # sudo: names of machine, customer and technician of orders the user may read
                "orders": found.sudo(),
                "page_name": "dispatch_orders",
                "pager": pager,
                "default_url": "/my/dispatch",
                "search": search,
                "filterby": filterby,
                "searchbar_filters": filters,
                # sudo: whether one's own company is of the network
                "of_network": company.sudo().is_dealer or company.sudo().is_service_station,
                "open_steps": order_flow.OPEN,
            },
        )

    # -- detail ----------------------------------------------------------------------------------

    def _dispatch_find_order(self, order_id):
        """Return the order if it concerns the user.

        :raises werkzeug.exceptions.NotFound: it does not, or does not exist
        """
        orders = request.env["repair.order"]
        order = orders
        if orders.has_access("read"):
            order = orders.search(self._dispatch_order_domain() & Domain("id", "=", order_id))
        if not order:
            raise request.not_found()
        return order

    @route("/my/dispatch/<int:order_id>", type="http", auth="user", website=True, readonly=True)
    def portal_my_dispatch_order(self, order_id, **kw):
        """Show one order: steps, technician, faults with verdict and reason."""
        return self._dispatch_show_order(self._dispatch_find_order(order_id))

    def _dispatch_show_order(self, order, error=None, answers=None):
        roles = self._dispatch_roles(order)
        # sudo: the user may read the order; technician, faults and parts of it are shown as far
        # as they concern him
        known = order.sudo()
        accepting = "provider" in roles and known.service_state == order_flow.ASSIGNED
        declining = "provider" in roles and order_flow.allowed("decline", known.service_state)
        return request.render(
            "jinxing_repair.portal_my_dispatch_order",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "dispatch_orders",
                "dispatch_order": known,
                "roles": roles,
                "sees_customer": bool(roles - {"customer"}),
                "sees_price": bool(roles & {"customer", "provider", "technician"}),
                "steps": self._dispatch_followed_steps(known),
                "expected": self._dispatch_expected(known),
                "reasons": known.fault_ids._onsite_reasons(),
                "quotation": known._onsite_quotation(),
                "accepting": accepting,
                "declining": declining,
                "candidates": self._dispatch_candidates(known) if accepting else [],
                "prints": self._dispatch_prints(known),
                "error": error,
                "answers": answers or {},
            },
        )

    def _dispatch_followed_steps(self, order):
        """Return the steps with their times, as far as they were taken."""
        words = dict(order._fields["service_state"]._description_selection(request.env))
        words["called"] = request.env._("Called")
        return [
            {"name": words[step], "at": order[field], "taken": bool(order[field])}
            for step, field in FOLLOWED
        ]

    @staticmethod
    def _dispatch_expected(order):
        """Return when somebody is expected at the machine, or what was promised."""
        if order.service_state not in order_flow.OPEN:
            return False
        return order.promise_at or (not order.arrived_at and order.arrival_deadline)

    @staticmethod
    def _dispatch_candidates(order):
        """Return the provider's technicians, and whether each may be sent (T1-T5, S7)."""
        technicians = order.env["res.partner"].search(
            [("id", "child_of", order.provider_id.id), ("is_technician", "=", True)]
        )
        categories = order.category_ids | order.fault_ids.category_id
        decisions = technicians._technician_decisions(categories) if technicians else {}
        return [
            {
                "partner": technician,
                "allowed": decisions[technician.id].outcome == "dispatch_allowed",
                "clauses": ", ".join(decisions[technician.id].clauses),
            }
            for technician in technicians
        ]

    def _dispatch_prints(self, order):
        """Return what can be printed of the order: title and address."""
        paper = [
            {
                "title": request.env._("Dispatch order (PDF)"),
                "url": f"/my/dispatch/{order.id}/print",
            }
        ]
        return (paper if order._is_worker(request.env.user) else []) + [
            {
                "title": request.env._("Receipt %(number)s (PDF)", number=receipt.name),
                "url": f"/my/dispatch/{order.id}/receipt/{receipt.id}",
            }
            for receipt in order.receipt_ids
        ]

    @route(
        "/my/dispatch/<int:order_id>/receipt/<int:receipt_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_dispatch_receipt(self, order_id, receipt_id, **kw):
        """Print a receipt for a machine that was taken back on one's own order (S8.6)."""
        order = self._dispatch_find_order(order_id)
        # sudo: the receipt hangs on an order the user may read, as checked here
        receipt = order.sudo().receipt_ids.filtered(lambda r: r.id == receipt_id)
        if not receipt:
            raise request.not_found()
        # sudo: as above
        reports = request.env["ir.actions.report"].sudo()
        pdf, _kind = reports._render_qweb_pdf(
            "jinxing_repair.action_report_receipt", receipt.ids
        )
        return request.make_response(
            pdf,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(f"{receipt.name}.pdf")),
                ("Cache-Control", "no-store"),
            ],
        )

    @route(
        "/my/dispatch/<int:order_id>/print",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_dispatch_print(self, order_id, **kw):
        """Print an order for the technician or the provider who works on it (S8.9)."""
        order = self._dispatch_find_order(order_id)
        if not order._is_worker(request.env.user):
            raise request.not_found()
        pdf, _kind = request.env["ir.actions.report"]._render_qweb_pdf(
            "jinxing_repair.action_report_dispatch_order", order.ids
        )
        # sudo: the number of an order the user may read
        name = order.sudo().name
        return request.make_response(
            pdf,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(f"{name}.pdf")),
                ("Cache-Control", "no-store"),
            ],
        )

    # -- a provider's answer (G1.1, G3.1) --------------------------------------------------------

    def _dispatch_answer(self, order_id, action, answers):
        """Take the provider's step; show the order again with what stands against it."""
        order = self._dispatch_find_order(order_id)
        if "provider" not in self._dispatch_roles(order):
            raise request.not_found()
        try:
            with request.env.cr.savepoint():
                action(order)
        except UserError as error:
            return self._dispatch_show_order(order, error=str(error), answers=answers)
        return request.redirect(f"/my/dispatch/{order_id}")

    @route(
        "/my/dispatch/<int:order_id>/accept",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_accept_dispatch_order(self, order_id, technician_id="", **post):
        """Accept an order for the provider, naming one of his technicians."""
        chosen = int(technician_id) if technician_id.isdigit() else None
        return self._dispatch_answer(
            order_id,
            lambda order: order.action_accept(technician_id=chosen),
            {"technician_id": chosen},
        )

    @route(
        "/my/dispatch/<int:order_id>/decline",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_decline_dispatch_order(self, order_id, reason="", **post):
        """Decline an order with a reason; it goes back to the factory."""

        def decline(order):
            if not reason.strip():
                raise UserError(request.env._("A reason is needed."))
            order.action_decline(reason=reason[:2000])

        order = self._dispatch_find_order(order_id)
        response = self._dispatch_answer(order_id, decline, {"reason": reason})
        # The order may concern the user no longer once it is declined.
        if response.status_code == 303 and not request.env["repair.order"].search_count(
            self._dispatch_order_domain() & Domain("id", "=", order.id)
        ):
            return request.redirect("/my/dispatch")
        return response

    # -- photos ----------------------------------------------------------------------------------

    @route(
        "/my/dispatch/<int:order_id>/photo/<int:photo_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def portal_dispatch_order_photo(self, order_id, photo_id, width=0, **kw):
        """Send a photo of a fault of one's own order."""
        order = self._dispatch_find_order(order_id)
        # sudo: the photo hangs on a fault of an order the user may read, as checked here
        photo = order.sudo().fault_ids.evidence_ids.filtered(lambda p: p.id == photo_id)
        if not photo:
            raise request.not_found()
        size = min(int(width), 1600) if str(width).isdigit() else 0
        stream = request.env["ir.binary"]._get_image_stream_from(
            photo, "raw", width=size, height=size
        )
        response = stream.get_response()
        response.headers["Cache-Control"] = "private, max-age=604800"
        return response
