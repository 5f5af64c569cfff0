from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager


class BulletinPortal(CustomerPortal):
    """The bulletins (信息) the network should know (G3.3)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "bulletin_count" in counters:
            values["bulletin_count"] = request.env["jinxing.bulletin"].search_count(
                self._bulletin_domain()
            )
        return values

    @staticmethod
    def _bulletin_domain():
        """Return what is published to the network, for staff who look at these pages too."""
        return Domain("audience", "=", "network") & Domain("date", "<=", "today")

    @http.route(
        ["/my/bulletins", "/my/bulletins/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_bulletins(self, page=1, **kw):
        """List the published bulletins, the newest first."""
        bulletins = request.env["jinxing.bulletin"]
        domain = self._bulletin_domain()
        pager = portal_pager(
            url="/my/bulletins",
            total=bulletins.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = bulletins.search_fetch(
            domain,
            ["name", "number", "date"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "bulletins",
            "bulletins": found,
            "pager": pager,
            "default_url": "/my/bulletins",
        }
        return request.render("jinxing_base.portal_my_bulletins", values)

    @http.route(
        "/my/bulletins/<int:bulletin_id>", type="http", auth="user", website=True, readonly=True
    )
    def portal_my_bulletin(self, bulletin_id, **kw):
        """Show one bulletin; one that is not for the reader is as unknown as a missing one."""
        bulletin = request.env["jinxing.bulletin"].search(
            self._bulletin_domain() & Domain("id", "=", bulletin_id)
        )
        if not bulletin:
            raise request.not_found()
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "bulletins",
            "bulletin": bulletin,
        }
        return request.render("jinxing_base.portal_my_bulletin", values)
