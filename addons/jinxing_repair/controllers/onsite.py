from odoo import fields
from odoo.exceptions import AccessError
from odoo.http import Controller, request, route
from odoo.tools import file_open
from odoo.tools.json import scriptsafe
from odoo.tools.translate import code_translations

#: Everything the pages show is personal: nothing between server and phone may keep it.
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


class OnsiteController(Controller):
    """The technician's pages (S8.2-S8.9): internal technicians and stations' men alike.

    They work on while there is no network: the pages and the last data stay on the phone, and
    changes wait there until they can be sent, each with a number that makes it count once.

    No route is marked as reading only, but that which finds parts: a replica that lags would take
    back on the phone what the primary has just answered.
    """

    # -- pages -----------------------------------------------------------------------------------

    @route("/my/jobs", type="http", auth="user", methods=["GET"], sitemap=False)
    def jobs(self, **kw):
        """Show today's and open orders of the technician."""
        return self._page({"jobs": request.env["repair.order"]._onsite_list()})

    @route("/my/jobs/<int:order_id>", type="http", auth="user", methods=["GET"], sitemap=False)
    def job(self, order_id, **kw):
        """Show one order; one that is not his leads back to the list."""
        try:
            order = request.env["repair.order"]._onsite_mine(order_id)
        except AccessError:
            return request.redirect("/my/jobs")
        return self._page({"jobs": order._onsite_details()})

    def _page(self, values):
        """Render the one page of the phone with the data it starts from."""
        user = request.env.user
        lang = request.env.lang or user.lang or "en_US"
        boot = {
            **values,
            "now": self._now(),
            "user": {
                "id": user.id,
                "name": user.name,
                "lang": lang,
                "tz": request.env["repair.order"]._onsite_tz(),
            },
            "states": dict(
                request.env["repair.order"]._fields["service_state"]._description_selection(
                    request.env
                )
            ),
            "translations": {
                message["id"]: message["string"]
                for message in code_translations.get_web_translations("jinxing_repair", lang)[
                    "messages"
                ]
            },
        }
        response = request.render(
            "jinxing_repair.onsite_page",
            {"boot": scriptsafe.dumps(boot), "lang": lang.replace("_", "-")},
        )
        response.headers.update(_PRIVATE)
        return response

    @staticmethod
    def _now():
        return fields.Datetime.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    # -- data ------------------------------------------------------------------------------------

    @route("/my/jobs/data", type="jsonrpc", auth="user", methods=["POST"])
    def data(self):
        """Return all of the technician's orders in full, and what there is to choose from."""
        orders = request.env["repair.order"]
        return {
            "now": self._now(),
            "jobs": orders._onsite_all(),
            "catalog": orders._onsite_catalog(),
        }

    @route("/my/jobs/<int:order_id>/data", type="jsonrpc", auth="user", methods=["POST"])
    def job_data(self, order_id):
        """Return one order in full."""
        return {"now": self._now(), "job": self._job(order_id)}

    @route(
        "/my/jobs/<int:order_id>/parts",
        type="jsonrpc",
        auth="user",
        methods=["POST"],
        readonly=True,
    )
    def parts(self, order_id, text=""):
        """Return parts by name or number, with where they lie."""
        order = request.env["repair.order"]._onsite_mine(order_id)
        return {"parts": order._onsite_find_parts(text if isinstance(text, str) else "")}

    @staticmethod
    def _job(order_id):
        """Return one order in full, None when it is not the technician's (any more)."""
        try:
            return request.env["repair.order"]._onsite_mine(order_id)._onsite_details()[0]
        except AccessError:
            return None

    @route("/my/jobs/change", type="jsonrpc", auth="user", methods=["POST"])
    def change(self, order_id, request_id, operation, values=None, base=None, at=None):
        """Apply one change, once; return what came of it and the order as it is now."""
        orders = request.env["repair.order"]
        try:
            result = orders._onsite_change(
                order_id, request_id, operation, values=values, base=base, at=at
            )
        except AccessError as error:
            result = {"status": "gone", "message": str(error)}
        return {**result, "now": self._now(), "job": self._job(order_id)}

    # -- what the phone keeps --------------------------------------------------------------------

    @route(
        "/my/jobs/service-worker.js", type="http", auth="public", methods=["GET"], sitemap=False
    )
    def service_worker(self):
        """Serve the worker that keeps the pages; Odoo's own serves the back office only."""
        with file_open("jinxing_repair/static/src/onsite/service_worker.js") as script:
            body = script.read()
        return request.make_response(
            body,
            [
                ("Content-Type", "text/javascript; charset=utf-8"),
                ("Service-Worker-Allowed", "/my/jobs"),
                ("Cache-Control", "no-cache"),
            ],
        )

    @route(
        "/my/jobs/manifest.webmanifest", type="http", auth="public", methods=["GET"], sitemap=False
    )
    def manifest(self):
        """Let the page be put on the phone's start screen."""
        return request.make_json_response(
            {
                "name": request.env._("On-site work"),
                "short_name": request.env._("On site"),
                "id": "/my/jobs",
                "scope": "/my/jobs",
                "start_url": "/my/jobs",
                "display": "standalone",
                "background_color": "#ffffff",
                "theme_color": "#1b5e3b",
                "icons": [
                    {
                        "src": "/jinxing_base/static/description/icon.png",
                        "sizes": "any",
                        "type": "image/png",
                    }
                ],
            },
            {"Content-Type": "application/manifest+json"},
        )
