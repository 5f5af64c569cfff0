from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.jinxing_complaint.models.helpdesk_ticket import SYSTEM, WRITTEN_IN
from odoo.addons.jinxing_complaint.rules import complaint

from .common import ComplaintCase

OWN_STEPS = "nine steps"


@tagged("post_install", "-at_install")
class TestWaysRound(ComplaintCase):
    """C19: whatever way is tried, a complaint goes through its steps and nowhere else."""

    def setUp(self):
        super().setUp()
        self.done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.archived = self.env.ref("jinxing_complaint.stage_closed")

    def test_write_of_stage_and_step(self):
        """C19: no role, and not even the system's own calls, writes stage or step."""
        ticket = self.at("investigate")
        for user in ("clerk", "supervisor", "manager"):
            for stage in (self.done, self.archived, ticket.stage_id):
                with self.refused(UserError, OWN_STEPS):
                    ticket.with_user(self.users[user]).write({"stage_id": stage.id})
        with self.refused(UserError, OWN_STEPS):
            ticket.sudo().write({"stage_id": self.done.id})
        for name, value in (("complaint_step", "closed"), ("closed_date", self.now)):
            with self.refused(UserError, OWN_STEPS):
                ticket.sudo().write({name: value})
        self.assertEqual(ticket.complaint_step, "investigate")

    def test_every_system_field_is_guarded(self):
        """C19: what the steps set is set by them alone."""
        ticket = self.complain()
        values = {"selection": "portal", "integer": 1, "monetary": 1.0, "binary": b"YQ=="}
        for name in sorted(SYSTEM):
            field = ticket._fields[name]
            value = values.get(field.type, False)
            with self.subTest(name), self.refused(UserError, OWN_STEPS):
                ticket.with_user(self.users["manager"]).write({name: value})

    def test_created_at_the_end(self):
        """C19.1: a complaint begins with its first step, whoever makes it and however."""
        for values in (
            {"complaint_step": "closed"},
            {"stage_id": self.done.id},
            {"stage_id": self.archived.id},
            {"consent_method": "call", "consent_by": "X", "consent_at": self.now},
        ):
            with self.refused(UserError, "first step"):
                self.complain(**values)
        ticket = self.env["helpdesk.ticket"].create(
            {"kind": "complaint", "name": "X", "stage_id": self.done.id}
        )
        self.assertEqual(ticket.stage_id.complaint_step, "record")

    def test_import(self):
        """C19: an import neither moves nor makes a complaint past its steps."""
        ticket = self.complain()
        tickets = self.env["helpdesk.ticket"].with_user(self.users["manager"])
        result = tickets.load([".id", "stage_id/.id"], [[str(ticket.id), str(self.done.id)]])
        self.assertTrue(result["messages"])
        self.assertFalse(result["ids"])
        result = tickets.load([".id", "complaint_step"], [[str(ticket.id), "closed"]])
        self.assertFalse(result["ids"])
        result = tickets.load(
            ["name", "kind", "description", "stage_id/.id"],
            [["X", "complaint", "X", str(self.archived.id)]],
        )
        self.assertFalse(result["ids"])
        ticket.invalidate_recordset()
        self.assertEqual(ticket.complaint_step, "record")

    def test_mass_edit(self):
        """C19: among other contacts in one write, the complaint stops it, by its number."""
        ticket, other = self.complain(), self.register()
        with self.refused(UserError, ticket.number):
            (ticket | other).write({"stage_id": self.done.id})
        other.write({"stage_id": self.done.id})
        self.assertTrue(other.closed)

    def test_other_contacts_do_not_take_its_stages(self):
        """C19: a repair does not move into the steps of a complaint."""
        other = self.register()
        with self.assertRaises(UserError):
            other.write({"stage_id": self.archived.id})

    def test_merge_as_duplicate(self):
        """C19: marking a complaint a duplicate does not close it."""
        ticket, first = self.complain(), self.complain()
        wizard = self.env["helpdesk.ticket.duplicate.wizard"].with_user(self.users["clerk"])
        with self.refused(UserError, OWN_STEPS):
            wizard.create(
                {
                    "ticket_id": ticket.id,
                    "duplicate_of_id": first.id,
                    "target_stage_id": self.done.id,
                }
            ).action_confirm()

    def test_hidden_deleted_or_renamed(self):
        """C18: a complaint is not archived away, deleted, or made a praise."""
        ticket = self.complain().with_user(self.users["manager"])
        with self.refused(UserError, OWN_STEPS):
            ticket.active = False
        with self.refused(UserError, OWN_STEPS):
            ticket.action_archive()
        with self.refused(UserError, "never deleted"):
            ticket.unlink()
        with self.refused(UserError, OWN_STEPS):
            ticket.kind = "praise"

    def test_reclassified_before_it_is_recorded(self):
        """O21: what was clicked by mistake a supervisor corrects, with a reason that stays."""
        ticket = self.complain()
        with self.assertRaises(AccessError):
            ticket.action_reclassify("consultation", "Only asked")
        supervisor = ticket.with_user(self.users["supervisor"])
        with self.refused(UserError, "Why"):
            supervisor.action_reclassify("consultation", " ")
        with self.refused(UserError, "What kind"):
            supervisor.action_reclassify("complaint", "x")
        supervisor.action_reclassify("consultation", "Only asked")
        self.assertEqual((ticket.kind, ticket.complaint_step), ("consultation", False))
        self.assertFalse(ticket.stage_id.complaint_step)
        self.assertEqual(ticket.complaint_log_ids[-1].reason, "Only asked")
        late = self.at("judge")
        with self.refused(UserError, "is judged"):
            late.with_user(self.users["supervisor"]).action_reclassify("opinion", "x")

    def test_becomes_a_complaint(self):
        """C19.1: any contact can become a complaint, and then begins with the first step."""
        ticket = self.register()
        with self.assertRaises(UserError):
            ticket.write({"kind": "complaint", "stage_id": self.done.id})
        ticket.write({"kind": "complaint"})
        self.assertEqual(ticket.complaint_step, "record")
        self.assertEqual(ticket.stage_id.complaint_step, "record")
        self.assertEqual(ticket.complaint_log_ids.action, "open")

    def test_copy_begins_anew(self):
        """C19: a copy takes neither the step nor what the steps wrote along."""
        ticket = self.at("consent")
        copy = ticket.copy()
        self.assertEqual(copy.complaint_step, "record")
        for name in WRITTEN_IN:
            if name in ("description", "fault_description", "category_id", "called_at",
                        "company_id", "partner_id", "lot_id"):
                continue
            self.assertFalse(copy[name], name)

    def test_what_a_step_wrote_stays(self):
        """C19: nothing a passed step has written is changed."""
        ticket = self.at("archive")
        changes = {
            "fault_description": "Otherwise", "judgement": "No", "company_duties": "None",
            "findings": "Nothing", "proposal": "Nothing", "proposal_amount": 1,
            "cause_id": False, "partner_id": self.other_farmer.id, "promise_ids": [(5,)],
            "penalty_ids": [(5,)], "countermeasure_ids": [(5,)], "category_id": False,
        }
        for name, value in changes.items():
            for user in ("clerk", "manager"):
                with self.subTest(name), self.refused(UserError, "is fixed"):
                    ticket.with_user(self.users[user]).write({name: value})
        self.assertLessEqual(set(changes), set(WRITTEN_IN))

    def test_lines_by_the_back_door(self):
        """C19: what belongs to a step is not changed through its own model either."""
        ticket = self.at("archive")
        manager = self.users["manager"]
        for records, values in (
            (ticket.promise_ids, {"name": "Other"}),
            (ticket.promise_ids, {"done_at": self.now}),
            (ticket.penalty_ids, {"what": "Other"}),
            (ticket.penalty_ids, {"state": "approved"}),
            (ticket.countermeasure_ids, {"measure_state": "effective"}),
            (ticket.countermeasure_ids, {"effect_due": self.today}),
            (ticket.countermeasure_ids, {"ticket_id": False}),
            (ticket.countermeasure_ids, {"active": False}),
            (ticket.countermeasure_ids,
             {"stage_id": self.env.ref("mgmtsystem_action.stage_close").id}),
        ):
            with self.subTest(values), self.assertRaises(UserError):
                records.with_user(manager).write(values)
        for records in (ticket.promise_ids, ticket.penalty_ids, ticket.countermeasure_ids):
            with self.assertRaises(UserError):
                records.with_user(manager).unlink()
        for records in (ticket.complaint_log_ids, ticket.notice_ids):
            with self.assertRaises(UserError):
                records.with_user(manager).write({"date": self.now})
            with self.assertRaises(UserError):
                records.sudo().write({"date": self.now})
            with self.assertRaises(UserError):
                records.with_user(manager).unlink()
        with self.assertRaises(UserError):
            self.env["jinxing.complaint.log"].with_user(manager).create(
                {"ticket_id": ticket.id, "action": "archive", "user_id": manager.id}
            )
        with self.assertRaises(AccessError):
            self.env["jinxing.complaint.notice"].with_user(manager).create(
                {"ticket_id": ticket.id, "topic": "result", "method": "portal"}
            )

    def test_the_stages_themselves(self):
        """C19: nobody opens a way by changing what a step's stage means."""
        stage = self.env.ref("jinxing_complaint.stage_judge").with_user(self.users["manager"])
        for values in ({"closed": True}, {"close_from_portal": True}, {"active": False},
                       {"complaint_step": False}, {"team_ids": [Command.clear()]}):
            with self.subTest(values), self.assertRaises(UserError):
                stage.write(values)
        with self.assertRaises(UserError):
            stage.unlink()

    def test_steps_of_others(self):
        """C19: who has no role takes no step."""
        ticket = self.complain()
        for user in ("technician", "parts_keeper", "nobody", "farmer", "dealer"):
            with self.subTest(user), self.assertRaises(AccessError):
                ticket.with_user(self.users[user]).action_record()
        for step in complaint.NINE[1:]:
            self.assertNotEqual(ticket.complaint_step, step)

    def test_the_agents_server_actions(self):
        """C19: a private method is not called from outside."""
        from odoo.service.model import get_public_method

        for name in ("_store_step", "_take_complaint_step"):
            with self.assertRaises(AccessError):
                get_public_method(self.env["helpdesk.ticket"], name)
