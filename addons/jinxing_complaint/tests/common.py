from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.jinxing_complaint.rules import complaint
from odoo.addons.jinxing_repair.tests.common import SIGNATURE, RepairData

#: A one-page PDF, as the printer makes it.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)


class ComplaintData(RepairData):
    """The factory of the repairs, with a department, an employee and complaints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.users["general"] = new_test_user(
            cls.env, "c_general", groups="base.group_user", email="general@example.com"
        )
        cls.department = cls.env["hr.department"].create({"name": "Assembly shop"})
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "Sun Zhigang",
                "department_id": cls.department.id,
                "user_id": cls.users["general"].id,
            }
        )
        cls.quality = cls.env.ref("jinxing_complaint.category_quality")
        cls.attitude = cls.env.ref("jinxing_complaint.category_attitude")
        cls.assembly = cls.env.ref("jinxing_complaint.cause_assembly")
        cls.compensation = cls.env.ref("jinxing_complaint.remedy_compensation")
        cls.exchange = cls.env.ref("jinxing_complaint.remedy_exchange")
        cls.farmer.email = "zhang@example.com"

    def setUp(self):
        super().setUp()
        reports = self.env.registry["ir.actions.report"]
        self.printer = self.enterContext(
            patch.object(reports, "_render_qweb_pdf", return_value=(PDF, "pdf"))
        )

    @contextmanager
    def refused(self, error, words):
        """Expect an error with these words, and take back what was written before it came."""
        with self.assertRaisesRegex(error, words), self.env.cr.savepoint():
            yield

    @staticmethod
    def decision(record, kind):
        """The decision in force on one question, those that wait for the commit included."""
        record.env.cr.precommit.run()
        return record.decision_ids.filtered(lambda d: d.kind == kind and d.is_current)

    @classmethod
    def complain(cls, user="clerk", **values):
        """A complaint as the clerk writes it down."""
        return cls.env["helpdesk.ticket"].with_user(cls.users[user]).create(
            {
                "kind": "complaint",
                "partner_id": cls.farmer.id,
                "caller_phone": cls.farmer.phone,
                "lot_id": cls.machine.id,
                "category_id": cls.quality.id,
                "fault_description": "The reel broke on the second day",
                **values,
            }
        )

    @classmethod
    def fill(cls, ticket, step, **values):
        """Write down what a step demands."""
        ticket.write({**cls._outputs(step), **values})

    @classmethod
    def _outputs(cls, step):
        later = fields.Datetime.now() + timedelta(days=3)
        return {
            complaint.RECORD: {},
            complaint.JUDGE: {
                "nature_id": cls.quality.id,
                "judgement": "Within the cover, photo shows a broken weld",
                "explanation": "<p>We explain</p>",
            },
            complaint.PROMISE: {
                "company_duties": "New reel",
                "customer_duties": "Keep the broken reel",
                "promise_ids": [(0, 0, {"name": "Reel fitted", "deadline": later})],
            },
            complaint.INVESTIGATE: {
                "department_ids": [(6, 0, cls.department.ids)],
                "findings": "Weld without root",
                "cause_id": cls.assembly.id,
                "evidence_note": "Weld cut open",
            },
            complaint.PROPOSE: {
                "proposal": "New reel, 150 for the lost day",
                "remedy_id": cls.compensation.id,
                "proposal_amount": 150,
            },
            complaint.CONSENT: {},
            complaint.LIABILITY: {
                "penalty_ids": [
                    (
                        0,
                        0,
                        {
                            "employee_id": cls.employee.id,
                            "department_id": cls.department.id,
                            "what": "Weld not checked",
                            "measure": "warning",
                        },
                    )
                ],
            },
            complaint.COUNTERMEASURE: {
                "countermeasure_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Every reel weld is tested",
                            "type_action": "correction",
                            "user_id": cls.users["general"].id,
                            "date_deadline": cls.today + timedelta(days=14),
                            "effect_due": cls.today + timedelta(days=60),
                        },
                    )
                ],
            },
            complaint.ARCHIVE: {"summary": "Test all welds", "satisfaction": "4"},
        }[step]

    @classmethod
    def take(cls, ticket, step, sudo=False):
        """Take the usual action that leaves a step, as the role that takes it."""
        clerk = ticket.with_user(cls.users["clerk"])
        supervisor = ticket.with_user(cls.users["supervisor"])
        actions = {
            complaint.RECORD: clerk.action_record,
            complaint.JUDGE: clerk.action_establish,
            complaint.PROMISE: clerk.action_promise,
            complaint.INVESTIGATE: clerk.action_investigate,
            complaint.PROPOSE: clerk.action_propose,
            complaint.CONSENT: lambda: clerk.action_consent(
                "signature", "Zhang Defu", signature=SIGNATURE
            ),
            complaint.LIABILITY: supervisor.action_assign_liability,
            complaint.COUNTERMEASURE: supervisor.action_set_countermeasure,
            complaint.ARCHIVE: supervisor.action_archive_complaint,
        }
        actions[step]()

    @classmethod
    def at(cls, step, **values):
        """A complaint that has come to a step, and has nothing of it yet."""
        ticket = cls.complain(**values)
        for past in complaint.NINE:
            if past == step:
                break
            user = "supervisor" if past in ("liability", "countermeasure") else "clerk"
            cls.fill(ticket.with_user(cls.users[user]), past)
            if past == complaint.ARCHIVE:
                ticket.promise_ids.action_done()
            cls.take(ticket, past)
        else:
            assert step == complaint.CLOSED
        return ticket


class ComplaintCase(ComplaintData, TransactionCase):
    """For tests of models."""
