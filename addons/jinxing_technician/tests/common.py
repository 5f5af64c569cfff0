from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

DAY = timedelta(days=1)


class TechnicianCase(TransactionCase):
    """Own persons in every role, and short ways to award a grade."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "lang": "en_US"})
        cls.today = fields.Date.context_today(cls.env["res.partner"])
        cls.users = {
            role: new_test_user(
                cls.env, f"t_{role}", groups=f"base.group_user,jinxing_base.group_{role}"
            )
            for role in ("technician", "parts_keeper", "clerk", "supervisor", "manager")
        }
        cls.users["nobody"] = new_test_user(cls.env, "t_nobody", groups="base.group_user")
        cls.users["portal"] = new_test_user(cls.env, "t_portal", groups="base.group_portal")
        partners = cls.env["res.partner"]
        cls.external = partners.create({"name": "Sun", "is_external_examiner": True})
        cls.zhao, cls.li, cls.zhang = partners.create(
            [{"name": "Zhao"}, {"name": "Li"}, {"name": "Zhang"}]
        )
        cls.gearbox = cls.env.ref("jinxing_technician.category_gearbox")
        cls.belts = cls.env.ref("jinxing_technician.category_belts")
        cls.installation = cls.env.ref("jinxing_technician.category_installation")

    @classmethod
    def certificate(cls, partner, grade, on=None, examiner=None, **values):
        """A draft certificate, examined by the external examiner unless told."""
        return cls.env["jinxing.certification"].create(
            {
                "partner_id": partner.id,
                "grade": grade,
                "date_award": on or cls.today,
                "examiner_id": (examiner or cls.external).id,
                "score_written": 80,
                "score_practical": 85,
                **values,
            }
        )

    @classmethod
    def award(cls, partner, grade, on=None, examiner=None, **values):
        """An awarded certificate."""
        record = cls.certificate(partner, grade, on, examiner, **values)
        record.action_award()
        return record

    @classmethod
    def training(cls, *partners, on=None, trainer=None, passed=True):
        """A training that is over but not closed."""
        day = on or cls.today
        return cls.env["jinxing.training"].create(
            {
                "name": "Header and threshing",
                "date_start": day,
                "date_end": day,
                "trainer_id": (trainer or cls.external).id,
                "line_ids": [
                    Command.create(
                        {"partner_id": partner.id, "attended": True, "passed": passed}
                    )
                    for partner in partners
                ],
            }
        )

    @classmethod
    def months_ago(cls, months):
        return cls.today - relativedelta(months=months)

    def grade_of(self, partner, on=None):
        return partner._technician_grades(on).get(partner.id, 0)
