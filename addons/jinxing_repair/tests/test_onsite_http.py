import json
import uuid

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import RepairData
from .common_onsite import PICTURE, OnsiteData


class OnsiteHttpCase(OnsiteData, RepairData, HttpCase):
    """Asks the pages as a browser does."""

    def setUp(self):
        super().setUp()
        self.sign_in("technician")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.speak_english()

    def sign_in(self, user):
        login = self.users[user].login if user else None
        self.authenticate(login, login)

    def call(self, path, **params):
        """A JSON call; returns the result, or the error as it is."""
        answer = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}),
            headers={"Content-Type": "application/json"},
        )
        body = answer.json()
        return body.get("result", body.get("error"))

    def send(self, order, operation, values=None, base=None):
        return self.call(
            "/my/jobs/change", order_id=order.id, request_id=str(uuid.uuid4()),
            operation=operation, values=values or {}, base=base or {},
        )

    def boot(self, path):
        """What a page starts with."""
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200)
        text = answer.text.split('id="onsite_boot">', 1)[1].split("</script>", 1)[0]
        return json.loads(text), answer


@tagged("post_install", "-at_install")
class TestOnsitePages(OnsiteHttpCase):
    """S8.2-S8.9: the technician's pages and their data, for him alone."""

    def test_list_and_page(self):
        """Today's and open orders of the technician, the most pressing first."""
        order, pressing = self.given(), self.given(machine=self.other_machine)
        pressing.with_user(self.users["clerk"]).emergency = True
        theirs = self.given("station_man")
        boot, answer = self.boot("/my/jobs")
        self.assertEqual([job["id"] for job in boot["jobs"]], [pressing.id, order.id])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        job = boot["jobs"][1]
        self.assertEqual((job["serial"], job["phone"]), ("JY20250001", "13980123456"))
        self.assertEqual(
            {d["kind"] for d in job["deadlines"]}, {"contact", "preliminary", "arrival"}
        )
        boot, _answer = self.boot(f"/my/jobs/{order.id}")
        self.assertTrue(boot["jobs"][0]["full"])
        foreign = self.url_open(f"/my/jobs/{theirs.id}", allow_redirects=False)
        self.assertEqual(foreign.status_code, 303)
        self.assertTrue(foreign.headers["Location"].endswith("/my/jobs"))
        self.assertNotIn(theirs.name, self.url_open(f"/my/jobs/{theirs.id}").text)

    def test_done_today_and_before(self):
        """An order handed in shows on its day only."""
        order = self.signed()
        order.with_user(self.users["technician"]).action_hand_in()
        self.assertEqual([job["id"] for job in self.boot("/my/jobs")[0]["jobs"]], [order.id])
        order.sudo().handed_in_at = "2020-01-01"
        self.assertFalse(self.boot("/my/jobs")[0]["jobs"])

    def test_texts_cannot_break_out(self):
        """What customers say stays text, in the page's data too."""
        order = self.given()
        evil = "</script><script>alert(1)</script>"
        order.with_user(self.users["clerk"]).fault_description = evil
        boot, answer = self.boot("/my/jobs")
        self.assertNotIn("<script>alert", answer.text)
        self.assertIn("<script>alert(1)", boot["jobs"][0]["reported"])

    def test_data(self):
        """All orders in full, and what there is to choose from."""
        order = self.at_work()
        self.add_fault(order, self.housing)
        data = self.call("/my/jobs/data")
        (job,) = data["jobs"]
        self.assertEqual(job["faults"][0]["cover"], "free")
        self.assertIn("G4.2", job["faults"][0]["why"])
        stock = {item["name"]: item["free"] for item in data["catalog"]["stock"]}
        self.assertEqual(stock, {"Gearbox housing": 10, "Battery 12V": 10})
        self.assertIn(self.fee_travel.id, [fee["id"] for fee in data["catalog"]["fees"]])
        one = self.call(f"/my/jobs/{order.id}/data")["job"]
        self.assertEqual(one["name"], order.name)
        parts = self.call(f"/my/jobs/{order.id}/parts", text="battery")["parts"]
        self.assertEqual([part["name"] for part in parts], ["Battery 12V"])

    def test_change(self):
        """A change comes back with the order as it is now."""
        order = self.given()
        answer = self.send(order, "accept")
        self.assertEqual((answer["status"], answer["job"]["state"]), ("done", "accepted"))
        answer = self.send(order, "depart")
        self.assertEqual(answer["status"], "refused")
        answer = self.send(order, "decline", {"reason": "Ill"})
        self.assertEqual((answer["status"], answer["job"]), ("done", None))

    @mute_logger("odoo.http")
    def test_foreign_orders(self):
        """Another's order gives no data and takes no change, for whoever is signed in."""
        order = self.given("station_man")
        self.add_fault_by_clerk(order)
        for user in ("technician", "station", "dealer", "other_dealer", "farmer", "other_farmer",
                     "clerk", "nobody"):
            with self.subTest(user=user):
                self.sign_in(user)
                self.assertNotIn(order.name, self.url_open("/my/jobs").text)
                self.assertIsNone(self.call(f"/my/jobs/{order.id}/data")["job"])
                self.assertNotIn("parts", self.call(f"/my/jobs/{order.id}/parts", text="batt"))
                self.assertFalse(self.call("/my/jobs/data")["jobs"])
                answer = self.send(order, "accept")
                self.assertEqual((answer["status"], answer["job"]), ("gone", None))
        self.assertEqual(order.service_state, "assigned")
        self.sign_in("station_man")
        self.assertEqual(self.send(order, "accept")["status"], "done")

    def add_fault_by_clerk(self, order):
        return self.env["jinxing.repair.fault"].with_user(self.users["clerk"]).create(
            {"order_id": order.id, "component_id": self.battery.id}
        )

    @mute_logger("odoo.http")
    def test_no_login(self):
        """Without login pages lead to the login and data routes say that it has ended."""
        order = self.given()
        self.sign_in(None)
        for path in ("/my/jobs", f"/my/jobs/{order.id}"):
            answer = self.url_open(path)
            self.assertIn("/web/login", answer.url)
            self.assertNotIn(order.name, answer.text)
        for path in ("/my/jobs/data", f"/my/jobs/{order.id}/data", f"/my/jobs/{order.id}/parts",
                     "/my/jobs/change"):
            self.assertEqual(self.call(path, order_id=order.id)["code"], 100, path)

    @mute_logger("odoo.http", "werkzeug")
    def test_forged(self):
        """A form of another site can send no JSON: neither as a form nor as plain text."""
        order = self.given()
        body = json.dumps(
            {"jsonrpc": "2.0", "params": {"order_id": order.id, "operation": "accept",
                                          "request_id": str(uuid.uuid4())}}
        )
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            answer = self.url_open(
                "/my/jobs/change", data=body, headers={"Content-Type": kind}
            )
            self.assertGreaterEqual(answer.status_code, 400, kind)
        for path in ("/my/jobs/change", "/my/jobs/data", f"/my/jobs/{order.id}/data"):
            self.assertGreaterEqual(self.url_open(path).status_code, 400, path)
        self.assertEqual(order.service_state, "assigned")

    @mute_logger("odoo.http")
    def test_wrong_bodies(self):
        """Whatever is sent in place of a number or values is refused, never a server error."""
        order = self.at_work()
        number = str(uuid.uuid4())
        for params in (
            {"order_id": str(order.id), "request_id": number, "operation": "quote"},
            {"order_id": [order.id], "request_id": number, "operation": "quote"},
            {"order_id": True, "request_id": number, "operation": "quote"},
            {"order_id": order.id, "request_id": {"a": 1}, "operation": "quote"},
            {"order_id": order.id, "request_id": number, "operation": "tick", "values": [1]},
            {"order_id": order.id, "request_id": number, "operation": "tick",
             "values": {"check": {"a": 1}, "done": 1}, "base": "x"},
            {"order_id": order.id, "request_id": number, "operation": "fault_add",
             "values": {"component_id": "1 OR 1=1"}},
            {"order_id": order.id, "request_id": number, "operation": "fault_add",
             "values": {"component_id": self.battery.id, "symptom": {"a": 1}}},
            {"order_id": order.id, "request_id": number, "operation": "note",
             "values": {"explanation": "x" * 5000}, "base": {"explanation": ""}},
        ):
            answer = self.call("/my/jobs/change", **params)
            self.assertIn(answer["status"], ("refused", "gone"), params)
        self.assertFalse(order.fault_ids)

    def test_what_the_phone_keeps(self):
        """The worker serves these pages only, to everybody, and holds no data itself."""
        self.sign_in(None)
        worker = self.url_open("/my/jobs/service-worker.js")
        self.assertEqual(worker.headers["Service-Worker-Allowed"], "/my/jobs")
        self.assertIn("javascript", worker.headers["Content-Type"])
        manifest = self.url_open("/my/jobs/manifest.webmanifest").json()
        self.assertEqual(manifest["scope"], "/my/jobs")

    def test_photo(self):
        """A photo of the fault is there for who may see the order, and for nobody else."""
        order = self.at_work()
        fault = self.add_fault(order)
        photo = self.change(order, "photo_add", {"fault": fault.id, "data": PICTURE})
        path = f"/my/dispatch/{order.id}/photo/{photo['answer']['id']}"
        for user, status in (("technician", 200), ("dealer", 200), ("farmer", 200),
                             ("other_dealer", 404), ("other_farmer", 404), ("station", 404)):
            self.sign_in(user)
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, status, user)
            if status == 200:
                self.assertEqual(answer.headers["Content-Type"], "image/jpeg")
        other = self.given(machine=self.other_machine)
        self.sign_in("technician")
        foreign = path.replace(f"/{order.id}/", f"/{other.id}/")
        self.assertEqual(self.url_open(foreign).status_code, 404)
        self.sign_in(None)
        self.assertIn("/web/login", self.url_open(path).url)

    def test_queries(self):
        """The list, the data and one change cost the same with 50 orders as with one."""
        first = self.given()
        self.add_fault_by_clerk(first).cause = "Old"
        asks = {
            "list": lambda: self.url_open("/my/jobs"),
            "data": lambda: self.call("/my/jobs/data"),
            "one": lambda: self.call(f"/my/jobs/{first.id}/data"),
        }
        counts = {}
        for wanted in (1, 50):
            for _number in range(wanted - 1):
                self.given(machine=self.other_machine)
            for name, ask in asks.items():
                ask()
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                ask()
                counts[name, wanted] = self.cr.sql_log_count - before
        self.assertLessEqual(counts["list", 50], 15)
        for name in ("list", "data", "one"):
            self.assertLessEqual(counts[name, 50], counts[name, 1] + 1, (name, counts))
