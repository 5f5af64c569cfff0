from odoo.exceptions import UserError, ValidationError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .portal_parts import STEP, PartsPortal, number


class RequisitionPortal(PartsPortal):
    """What a station has asked for, what is on its way, what has arrived; its plans (A3, A4)."""

    @route(
        ["/my/requisitions", "/my/requisitions/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_requisitions(self, page=1, **kw):
        """List one's own requisitions, urgent ones first."""
        self._ensure_requester()
        requisitions = request.env["jinxing.parts.requisition"]
        domain = [("state", "!=", "draft")]
        pager = portal_pager(
            url="/my/requisitions",
            total=requisitions.search_count(domain),
            page=page,
            step=STEP,
        )
        found = requisitions.search(domain, limit=STEP, offset=pager["offset"])
        return request.render(
            "jinxing_parts.portal_requisitions",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "requisitions",
                # sudo: the user's own, read with his rights above; names beside them
                "requisitions": found.sudo(),
                "pager": pager,
                "default_url": "/my/requisitions",
            },
        )

    @route(
        "/my/requisitions/<int:requisition_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_requisition(self, requisition_id, **kw):
        """Show one requisition: approval, shipments, shortage, receipt."""
        return self._render_requisition(self._own("jinxing.parts.requisition", requisition_id))

    def _render_requisition(self, requisition, error=""):
        shipments = requisition.line_ids.move_ids.picking_id.filtered(
            lambda p: p.is_parts_shipment and p.state == "done"
        )
        return request.render(
            "jinxing_parts.portal_requisition",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "requisition",
                "requisition": requisition,
                "shipments": shipments.sorted("date_done"),
                "receivable": requisition._receivable_pickings(),
                "error": error,
            },
        )

    @route(
        "/my/requisitions/<int:requisition_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_requisition_cancel(self, requisition_id, **post):
        """Give a requisition up that nobody has approved yet."""
        requisition = self._own("jinxing.parts.requisition", requisition_id)
        if requisition.state == "submitted":
            requisition.action_cancel()
        return request.redirect(f"/my/requisitions/{requisition.id}")

    @route(
        "/my/requisitions/<int:requisition_id>/receive/<int:picking_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_requisition_receive(self, requisition_id, picking_id, **post):
        """Book what was counted on arrival, with its differences (A3)."""
        requisition = self._own("jinxing.parts.requisition", requisition_id)
        picking = requisition._receivable_pickings().filtered(lambda p: p.id == picking_id)
        if not picking:
            return self._render_requisition(
                requisition, request.env._("Nothing is there to be received.")
            )
        counted = {
            move.id: number(post.get(f"qty_{move.id}"), -1.0)
            for move in picking.move_ids
            if post.get(f"qty_{move.id}") is not None
        }
        try:
            with request.env.cr.savepoint():
                picking._receive_parts(counted, (post.get("note") or "").strip()[:2000] or None)
        except (UserError, ValidationError) as error:
            request.env.invalidate_all()
            return self._render_requisition(requisition, str(error.args[0]))
        return request.redirect(f"/my/requisitions/{requisition.id}?received=1")

    # -- plans (A4) ----------------------------------------------------------------------------

    @route("/my/parts-plans", type="http", auth="user", website=True, readonly=True)
    def portal_parts_plans(self, **kw):
        """List one's own parts plans."""
        self._ensure_requester()
        plans = request.env["jinxing.parts.plan"].search([], limit=60)
        return request.render(
            "jinxing_parts.portal_parts_plans",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "parts_plans",
                # sudo: the user's own, read with his rights above
                "plans": plans.sudo(),
            },
        )

    @route("/my/parts-plans/add", type="http", auth="user", website=True, methods=["POST"])
    def portal_parts_plan_add(self, **post):
        """Put a part into the plan one is writing, a new one when there is none (A4)."""
        plan = self._plan_draft()
        # sudo: the part is only looked up; whether it is one is checked
        product = request.env["product.product"].sudo().browse(
            self._number_of(post.get("product_id"))
        ).exists()
        quantity = number(post.get("qty"), 0.0)
        if product.is_spare_part and quantity > 0:
            line = plan.line_ids.filtered(lambda li: li.product_id == product)[:1]
            if line:
                line.quantity += quantity
            else:
                plan.line_ids.create(
                    {"plan_id": plan.id, "product_id": product.id, "quantity": quantity}
                )
        return self._back(post)

    def _plan_draft(self):
        requester = self._ensure_requester()
        # sudo: the plan of the person who asks; portal users have no rights of their own on it
        plans = request.env["jinxing.parts.plan"].sudo()
        mine = [
            ("partner_id", "=", requester.id),
            ("company_id", "=", request.env.company.id),
            ("state", "=", "draft"),
        ]
        return plans.search(mine, limit=1) or plans.create(
            {
                "kind": "centre" if requester.is_parts_centre else "station",
                "partner_id": requester.id,
                "user_id": request.env.uid,
            }
        )

    @route("/my/parts-plans/<int:plan_id>", type="http", auth="user", website=True, methods=["GET"])
    def portal_parts_plan(self, plan_id, **kw):
        """Show one plan; a draft can be changed and submitted."""
        return self._render_plan(self._own("jinxing.parts.plan", plan_id))

    def _render_plan(self, plan, error=""):
        return request.render(
            "jinxing_parts.portal_parts_plan",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "parts_plan",
                "plan": plan,
                "error": error,
            },
        )

    @route(
        "/my/parts-plans/<int:plan_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_parts_plan_save(self, plan_id, **post):
        """Save quantities and period of a draft, and submit it when asked (A4)."""
        plan = self._own("jinxing.parts.plan", plan_id)
        try:
            with request.env.cr.savepoint():
                plan._ensure_state("draft")
                if post.get("date_from") and post.get("date_to"):
                    plan.write({"date_from": post["date_from"], "date_to": post["date_to"]})
                for line in plan.line_ids:
                    quantity = number(post.get(f"qty_{line.id}"), line.quantity)
                    if quantity <= 0:
                        line.unlink()
                    else:
                        line.quantity = quantity
                if post.get("submit"):
                    plan._submit()
        except (UserError, ValidationError, ValueError) as error:
            request.env.invalidate_all()
            return self._render_plan(plan, str(error.args[0]))
        return request.redirect(f"/my/parts-plans/{plan.id}")
