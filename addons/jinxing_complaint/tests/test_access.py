import json

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.jinxing_repair.tests.test_access import OPERATIONS, STAFF, table

from .common import ComplaintCase
from .test_portal import PortalCase

#: Everybody who works in the house.
HOUSE = ("technician", "parts_keeper", *STAFF, "finance", "nobody", "hr")


def house(rights, **roles):
    """Rights that everybody who works in the house has, and what some have beyond."""
    return {**dict.fromkeys(HOUSE, rights), **roles}


#: model -> role -> (r)ead, (w)rite, (c)reate, (u)nlink. Roles not named: nothing.
MATRIX = {
    "jinxing.appraisal.report": {"supervisor": "r", "manager": "r", "hr": "r"},
    "jinxing.cause.report": {"supervisor": "r", "manager": "r"},
    "jinxing.complaint.cause": house("r", manager="rwcu"),
    "jinxing.complaint.consent": table("rwcu"),
    "jinxing.complaint.evidence": table("rwcu"),
    "jinxing.complaint.inform": table("rwcu"),
    "jinxing.complaint.log": table("r"),
    "jinxing.complaint.notice": table("r"),
    "jinxing.complaint.promise": {**house("rw"), **table("rwcu"), "dealer": "r"},
    "jinxing.complaint.reason": table("rwcu"),
    "jinxing.complaint.remedy": house("r", manager="rwcu", dealer="r"),
    "jinxing.conduct": {
        "technician": "r", "clerk": "rwc", "supervisor": "rwcu", "manager": "rwcu", "hr": "r",
    },
    "jinxing.conduct.decide": {"supervisor": "rwcu", "manager": "rwcu"},
    "jinxing.contact.report": {"supervisor": "r", "manager": "r"},
    "jinxing.contact.route": house("r", manager="rwcu"),
    "jinxing.countermeasure.note": house("rwcu"),
    "jinxing.follow.up": {"clerk": "rwc", "supervisor": "rwcu", "manager": "rwcu"},
    "jinxing.monthly.report": {"manager": "rwcu"},
    "jinxing.penalty": {"clerk": "r", "supervisor": "rwcu", "manager": "rwcu", "hr": "r"},
    "jinxing.penalty.reject": {"manager": "rwcu"},
    "jinxing.public.report": house("rwcu"),
    "jinxing.service.report": {"supervisor": "r", "manager": "r"},
    # of the base, as far as complaints stand on it; the rules below narrow it down
    "mgmtsystem.action": house("r", supervisor="rwcu", manager="rwcu"),
    "helpdesk.ticket.stage": {**house("r", manager="rwcu"), "dealer": "r", "public": "r"},
}


@tagged("post_install", "-at_install")
class TestMatrix(ComplaintCase):
    """Who may do what, for every model of the addon and every role (O20, O21, C19)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["public"] = cls.env.ref("base.public_user")
        cls.users["hr"] = new_test_user(
            cls.env, "c_hr", groups="base.group_user,hr.group_hr_user"
        )

    def test_matrix_is_complete(self):
        """Every model of this addon that holds or shows data is in the table."""
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "jinxing_complaint" and not model._abstract
        }
        self.assertLessEqual(models, set(MATRIX), "add new models to MATRIX")

    def test_matrix(self):
        """Each role has the rights of the table, no more and no less."""
        for model, rights in MATRIX.items():
            for role in (*HOUSE, "dealer", "farmer", "station", "public"):
                # dealer, station and customer are portal users alike; rules tell them apart
                expected = rights.get("dealer" if role in ("farmer", "station") else role, "")
                may = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if self.env[model].with_user(self.users[role]).has_access(operation)
                )
                self.assertEqual(may, expected, (model, role))

    def test_whose_promise(self):
        """C19.3: who is in charge sees his promises; customers their own; strangers none."""
        ticket = self.at("investigate")
        promise = ticket.promise_ids
        promise.sudo()._store({"user_id": self.users["nobody"].id})
        promises = self.env["jinxing.complaint.promise"]
        expected = {
            "nobody": True, "parts_keeper": False, "technician": False, "finance": False,
            "clerk": True, "farmer": True, "other_farmer": False, "dealer": False,
            "station": False,
        }
        for role, seen in expected.items():
            with self.subTest(role):
                found = promises.with_user(self.users[role]).search([("id", "=", promise.id)])
                self.assertEqual(bool(found), seen)

    def test_whose_countermeasure(self):
        """C19.8: its owner reads his own; others of the house none, the office those it watches."""
        ticket = self.at("archive")
        measure = ticket.countermeasure_ids
        stranger = self.env["mgmtsystem.action"].create(
            {"name": "Other", "type_action": "correction", "user_id": self.users["nobody"].id}
        )
        expected = {
            "general": measure, "nobody": stranger, "clerk": measure, "supervisor": measure,
            "technician": measure.browse(), "finance": measure.browse(),
        }
        for role, seen in expected.items():
            with self.subTest(role):
                found = self.env["mgmtsystem.action"].with_user(self.users[role]).search(
                    [("id", "in", (measure | stranger).ids)]
                )
                self.assertEqual(found, seen)

    def test_other_company(self):
        """O21: nothing of another company is seen, by whatever role."""
        other = self.env["res.company"].create({"name": "Other factory"})
        self.users["manager"].company_ids |= other
        ticket = self.at("archive")
        self.env["jinxing.complaint.evidence"].search([], limit=1)
        self.env["jinxing.conduct"].create(
            {"kind": "praise", "partner_id": self.technician.id, "description": "x"}
        )
        self.env["jinxing.follow.up"].create({"partner_id": self.farmer.id})
        self.env["jinxing.contact.route"].create(
            {"kind": "praise", "category_id": self.quality.id, "company_id": self.company.id,
             "team_id": self.env.ref("jinxing_complaint.team_office").id}
        )
        self.env.flush_all()
        for model in (
            "jinxing.complaint.log", "jinxing.complaint.notice", "jinxing.complaint.promise",
            "jinxing.penalty", "jinxing.conduct", "jinxing.follow.up", "jinxing.contact.report",
            "jinxing.contact.route",
        ):
            records = self.env[model].with_user(self.users["manager"])
            domain = [("company_id", "=", self.company.id)]
            if model == "jinxing.complaint.log":
                domain = [("ticket_id", "=", ticket.id)]
            with self.subTest(model):
                self.assertTrue(records.search(domain, limit=1))
                there = records.with_context(allowed_company_ids=other.ids)
                self.assertFalse(there.search(domain, limit=1))


@tagged("post_install", "-at_install")
class TestHandsOff(PortalCase):
    """C19: what is sent past the pages: the base's routes, remote calls, drags of a card."""

    def setUp(self):
        super().setUp()
        self.ticket = self.at("investigate")
        self.done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")

    def call(self, model, method, *args, **kwargs):
        """Call a method as a program of the user's would; return its answer as JSON."""
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0", "method": "call", "id": 1,
                    "params": {"model": model, "method": method, "args": args, "kwargs": kwargs},
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def untouched(self):
        self.env.invalidate_all()
        self.assertEqual(self.ticket.complaint_step, "investigate")
        self.assertEqual(self.ticket.stage_id.complaint_step, "investigate")
        self.assertFalse(self.ticket.closed_date)

    @mute_logger("odoo.http")
    def test_closed_by_a_link(self):
        """C19: the base closes by GET; for a complaint neither a link nor a form does."""
        for login in ("r_farmer", "r_other_farmer", "r_dealer", "r_clerk", None):
            self.authenticate(login, login)
            with self.subTest(login):
                answer = self.url_open(
                    f"/ticket/close?ticket_id={self.ticket.id}&stage_id={self.done.id}",
                    allow_redirects=False,
                )
                self.assertEqual(answer.status_code, 405)
                self.page("/ticket/close", ticket_id=self.ticket.id, stage_id=self.done.id)
                self.untouched()

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_changed_by_remote_calls(self):
        """C19: neither the customer nor another one nor the public writes it, whatever field."""
        values = (
            {"stage_id": self.done.id}, {"complaint_step": "closed"}, {"proposal_amount": 9000},
            {"satisfaction": "5"}, {"description": "Nothing"}, {"active": False},
        )
        for login in ("r_farmer", "r_other_farmer", "r_dealer", "r_station", None):
            self.authenticate(login, login)
            for vals in values:
                with self.subTest(login=login, vals=vals):
                    answer = self.call("helpdesk.ticket", "write", [self.ticket.id], vals)
                    self.assertIn("error", answer)
            for method in ("action_investigate", "unlink", "action_archive"):
                with self.subTest(login=login, method=method):
                    answer = self.call("helpdesk.ticket", method, [self.ticket.id])
                    self.assertIn("error", answer)
            self.untouched()

    @mute_logger("odoo.http")
    def test_stages_by_remote_calls(self):
        """C19: nobody but the manager writes a stage; the base lets the public do it."""
        stage = self.env.ref("jinxing_complaint.stage_judge")
        name = stage.name
        for login in ("r_farmer", "r_dealer", "r_clerk", "r_supervisor", "r_technician", None):
            self.authenticate(login, login)
            with self.subTest(login):
                for args in (([stage.id], {"name": "Hacked"}), ([stage.id], {"closed": True})):
                    self.assertIn("error", self.call("helpdesk.ticket.stage", "write", *args))
                self.assertIn("error", self.call("helpdesk.ticket.stage", "unlink", [stage.id]))
                self.assertIn(
                    "error", self.call("helpdesk.ticket.stage", "create", [{"name": "Mine"}])
                )
        self.env.invalidate_all()
        self.assertEqual(stage.name, name)
        self.assertFalse(stage.closed)

    @mute_logger("odoo.http")
    def test_dragged_card(self):
        """C19: a card is not drawn to another column, and what a drag would send is refused."""
        arch = self.env["helpdesk.ticket"].get_view(
            self.env.ref("jinxing_complaint.complaint_view_kanban").id, "kanban"
        )["arch"]
        self.assertEqual(etree.fromstring(arch).get("records_draggable"), "0")
        for login in ("r_clerk", "r_supervisor", "r_manager"):
            self.authenticate(login, login)
            for vals in ({"complaint_step": "closed"}, {"stage_id": self.done.id}):
                with self.subTest(login=login, vals=vals):
                    answer = self.call(
                        "helpdesk.ticket", "web_save", [self.ticket.id], vals, specification={}
                    )
                    self.assertIn("nine steps", json.dumps(answer["error"], ensure_ascii=False))
            self.untouched()


@tagged("post_install", "-at_install")
class TestMoreWaysRound(ComplaintCase):
    """C19: the ways that lead over other models."""

    def test_mass_edit_by_a_server_action(self):
        """C19: an action of the list that writes many stops at the complaint."""
        ticket, other = self.complain(), self.register()
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        action = self.env["ir.actions.server"].create(
            {
                "name": "Close all",
                "model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
                "state": "code",
                "code": f"records.write({{'stage_id': {done.id}}})",
            }
        )
        with self.refused(UserError, "nine steps"):
            action.with_context(
                active_model="helpdesk.ticket", active_ids=(ticket | other).ids
            ).run()
        self.assertFalse(other.closed)

    def test_merged_customer(self):
        """C19: two contacts made one carry the complaint along, in its step."""
        twin = self.env["res.partner"].create({"name": "Zhang Defu (2)"})
        ticket = self.at("promise", partner_id=twin.id)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.farmer | twin).ids, self.farmer
        )
        ticket.invalidate_recordset()
        self.assertEqual((ticket.partner_id, ticket.complaint_step), (self.farmer, "promise"))

    def test_a_stage_taken_from_elsewhere(self):
        """C19: the step's stages are not put to a team, nor made again by a copy."""
        stage = self.env.ref("jinxing_complaint.stage_closed")
        manager = stage.with_user(self.users["manager"])
        team = self.env["helpdesk.ticket.team"].create({"name": "Team"})
        with self.assertRaises(UserError):
            manager.team_ids = [Command.link(team.id)]
        copy = stage.copy()
        ticket = self.complain()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            ticket.stage_id = copy
        self.assertFalse(copy.complaint_step)

    def test_4_investigation(self):
        """C19.4: whom we asked, what we found, the cause and the evidence; then it stays."""
        ticket = self.at("investigate")
        outputs = {
            "department_ids": "the departments asked",
            "findings": "what was found",
            "cause_id": "the cause",
            "evidence_note": "the evidence or what was checked",
        }
        for name, words in outputs.items():
            self.fill(ticket, "investigate", **{name: False})
            with self.subTest(name), self.refused(UserError, words):
                ticket.action_investigate()
        self.fill(ticket, "investigate", evidence_note=False)
        piece = self.env["jinxing.complaint.evidence"].with_user(self.users["clerk"]).create(
            {"ticket_id": ticket.id, "name": "Weld", "file": b"SGVsbG8="}
        )
        ticket.action_investigate()
        self.assertEqual(ticket.complaint_step, "propose")
        with self.refused(UserError, "evidence stays"):
            piece.name = "Other"
        with self.refused(UserError, "evidence stays"):
            piece.unlink()
        with self.refused(UserError, "evidence stays"):
            piece.copy()
        for user in ("technician", "farmer", "finance", "nobody"):
            with self.subTest(user), self.assertRaises(AccessError):
                piece.with_user(self.users[user]).read(["name"])
