import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_bring import BringData
from .test_onsite_http import OnsiteHttpCase


@tagged("post_install", "-at_install")
class TestBringHttp(BringData, OnsiteHttpCase):
    """S8.3: the things to bring over the phone's routes, for the order's technician alone."""

    def say(self, order, line, **values):
        return self.send(
            order, "bring", {"line": line.id, "taken": True, **values},
            {"taken": line.taken, "left_reason": line.left_reason},
        )

    def test_own_order(self):
        """S8.3: the page brings the list, a tick comes back with the order as it is now."""
        order = self.electrical()
        line = self.line(order)
        boot, _answer = self.boot(f"/my/jobs/{order.id}")
        self.assertEqual([one["id"] for one in boot["jobs"][0]["bring"]], [line.id])
        answer = self.say(order, line)
        self.assertEqual(answer["status"], "done")
        self.assertTrue(answer["job"]["bring"][0]["taken"])
        answer = self.send(order, "depart")
        self.assertEqual(answer["status"], "refused")
        self.assertIn("Work clothes and badge", answer["message"])

    def test_stations_man(self):
        """S8.3: a station's man ticks his own list, the station's clerk on the portal does not."""
        order = self.electrical("station_man")
        line = self.line(order)
        self.sign_in("station_man")
        self.assertEqual(self.say(order, line)["status"], "done")
        self.sign_in("station")
        self.assertEqual(self.say(order, line, taken=False)["status"], "gone")
        self.assertTrue(self.line(order).taken)

    def test_foreign_order(self):
        """S8.3: another man's order, and another order's line, are out of reach."""
        theirs = self.electrical("station_man")
        mine = self.electrical(machine=self.other_machine)
        line = self.line(theirs)
        self.assertEqual(self.say(theirs, line)["status"], "gone")
        self.assertEqual(self.say(mine, line)["status"], "refused")
        self.assertFalse(self.line(theirs).taken)

    @mute_logger("odoo.http")
    def test_no_login_and_forged(self):
        """S8.3: without a login, and by a form of another site, nothing is changed."""
        order = self.electrical()
        line = self.line(order)
        self.sign_in(None)
        self.assertIn("code", self.say(order, line))
        self.sign_in("technician")
        body = {
            "jsonrpc": "2.0", "method": "call",
            "params": {"order_id": order.id, "request_id": "x", "operation": "bring",
                       "values": {"line": line.id, "taken": True},
                       "base": {"taken": False, "left_reason": False}},
        }
        forged = self.url_open(
            "/my/jobs/change", data={"data": json.dumps(body)},
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        self.assertIn(forged.status_code, (400, 415))
        self.assertEqual(self.url_open("/my/jobs/change").status_code, 405)
        self.assertFalse(self.line(order).taken)

    def test_print(self):
        """S8.3: the printed order lists what to bring, and where it lies."""
        order = self.electrical()
        report = self.env["ir.actions.report"].with_user(self.users["technician"])
        html = report._render_qweb_html(
            "jinxing_repair.report_dispatch_order", order.ids
        )[0].decode()
        for text in ("Battery 12V", "Van 1"):
            self.assertIn(text, html)
