from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import TechnicianCase

MODELS = (
    "jinxing.certification",
    "jinxing.training",
    "jinxing.training.line",
    "jinxing.post.certificate",
    "jinxing.competence",
    "jinxing.fault.category",
)


@tagged("post_install", "-at_install")
class TestAccess(TechnicianCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.me = cls.users["technician"].partner_id
        cls.mine = cls.award(cls.me, 3)
        cls.other = cls.award(cls.li, 2)
        cls.training(cls.li).action_done()
        cls.env["jinxing.post.certificate"].create(
            {
                "name": "Repairer",
                "partner_id": cls.li.id,
                "issuer": "Province",
                "date_issue": cls.today,
            }
        )

    def test_portal_sees_nothing(self):
        """T0: certificates are no business of the network's portal users."""
        for model in MODELS:
            records = self.env[model].with_user(self.users["portal"])
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(records.has_access(operation), (model, operation))
            with self.assertRaises(AccessError):
                records.search([])

    def test_staff_without_a_role_sees_no_certificates(self):
        """T0: an employee without a role, and the parts keeper, see none."""
        for role in ("nobody", "parts_keeper"):
            for model in MODELS[:4]:
                with self.assertRaises(AccessError):
                    self.env[model].with_user(self.users[role]).search([])
            person = self.li.with_user(self.users[role])
            self.assertEqual(person.technician_grade, 2)
            self.assertNotIn("certification_ids", person.fields_get())

    def test_technician_reads_his_own(self):
        """T0: a technician reads his own certificates and those he examined."""
        records = self.env["jinxing.certification"].with_user(self.users["technician"])
        self.assertEqual(records.search([]), self.mine)
        with self.assertRaises(AccessError):
            self.other.with_user(self.users["technician"]).grade  # noqa: B018
        with self.assertRaises(AccessError):
            self.mine.with_user(self.users["technician"]).note = "x"
        for model in MODELS[1:4]:
            self.assertFalse(self.env[model].with_user(self.users["technician"]).search([]))

    def test_clerk_reads_and_does_not_write(self):
        """T0: a clerk reads all, awards nothing."""
        own = self.other.with_user(self.users["clerk"])
        self.assertEqual(own.grade, 2)
        draft = self.certificate(self.zhang, 1).with_user(self.users["clerk"])
        for change in (draft.action_award, lambda: own.action_revoke("x"),
                       lambda: draft.write({"note": "x"}), draft.copy):
            with self.assertRaises(AccessError):
                change()

    def test_supervisor_awards_and_revokes(self):
        """T0: a supervisor awards; only a manager deletes drafts."""
        user = self.users["supervisor"]
        form = Form(self.env["jinxing.certification"].with_user(user))
        form.partner_id = self.zhang
        form.grade_level = "4"
        form.examiner_id = self.external
        form.score_written, form.score_practical = 80, 80
        record = form.save()
        self.assertEqual(record.examiner_kind, "external")
        record.action_award()
        self.assertEqual(record.grade, 4)
        self.assertEqual(record.create_uid, user)
        action = record.action_why()
        self.assertEqual(action["res_model"], "jinxing.decision")
        record.action_revoke("Wrong person", record.date_award)
        draft = self.certificate(self.zhang, 1)
        with self.assertRaises(AccessError):
            draft.with_user(user).unlink()
        draft.with_user(self.users["manager"]).unlink()

    def test_supervisor_may_not_make_himself_an_examiner_by_a_technicians_hand(self):
        """T5: a technician cannot enter himself as an external examiner."""
        with self.assertRaises(AccessError):
            self.me.with_user(self.users["technician"]).is_external_examiner = True

    def test_companies_are_apart(self):
        """T0: an award counts in its own company only."""
        company = self.env["res.company"].create({"name": "Second"})
        manager = self.users["manager"]
        manager.company_ids += company
        second = self.env["jinxing.certification"].with_company(company)
        record = second.create(
            {
                "partner_id": self.zhang.id,
                "grade": 5,
                "examiner_id": self.external.id,
                "score_written": 90,
                "score_practical": 90,
                "company_id": company.id,
            }
        )
        record.action_award()
        here = self.zhang.with_context(allowed_company_ids=self.env.company.ids)
        self.assertEqual(self.grade_of(here), 0)
        self.assertEqual(self.grade_of(here.with_context(allowed_company_ids=company.ids)), 5)
        first = record.with_user(self.users["supervisor"])
        with self.assertRaises(AccessError):
            first.grade  # noqa: B018
        both = record.with_user(manager).with_context(allowed_company_ids=[company.id])
        self.assertEqual(both.grade, 5)

    def test_partner_form_opens_for_every_role(self):
        """T0: the technician page does not hinder those who may not see it."""
        for role in ("nobody", "technician", "clerk", "supervisor", "manager"):
            view = self.env["res.partner"].with_user(self.users[role]).get_view(
                self.env.ref("base.view_partner_form").id, "form"
            )
            shown = 'name="certification_ids"' in view["arch"]
            self.assertEqual(shown, role != "nobody", role)
