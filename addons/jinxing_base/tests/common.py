from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

from ..rules.decision import Decision, Step

DAY = timedelta(days=1)
#: The roles of the back office, from the least to the most.
STAFF = ("nobody", "technician", "parts_keeper", "clerk", "supervisor", "manager")


class BaseData:
    """Own users in every role, a second company, and short ways to decide on contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "lang": "en_US"})
        cls.today = fields.Date.context_today(cls.env["res.partner"])
        cls.company = cls.env.company
        cls.other_company = cls.env["res.company"].create({"name": "Other factory"})
        cls.users = {
            role: new_test_user(
                cls.env, f"b_{role}", groups=f"base.group_user,jinxing_base.group_{role}"
            )
            for role in STAFF
            if role != "nobody"
        }
        cls.users["nobody"] = new_test_user(cls.env, "b_nobody", groups="base.group_user")
        cls.users["portal"] = new_test_user(cls.env, "b_portal", groups="base.group_portal")
        cls.users["public"] = new_test_user(cls.env, "b_public", groups="base.group_public")
        cls.users["foreign"] = new_test_user(
            cls.env,
            "b_foreign",
            groups="base.group_user,jinxing_base.group_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )

    @classmethod
    def partner(cls, name, **values):
        """A company of the network."""
        return cls.env["res.partner"].create({"name": name, "is_company": True, **values})

    @classmethod
    def decision(cls, outcome="free", clauses=("G4.1",), steps=(), facts=None, **values):
        """The answer of a rule on cover."""
        return Decision(
            kind="cover",
            outcome=outcome,
            clauses=clauses,
            steps=steps or (Step.of("cover_no_start"),),
            facts=facts or {},
            **values,
        )

    @classmethod
    def decide(cls, records, decision=None, kind="cover"):
        """Store the same decision on all records, as a model with the mixin does.

        No model of this addon has decisions, so the mixin's method is lent to others.
        """
        mixin = cls.env.registry["jinxing.decision.mixin"]
        answer = decision or cls.decision()
        answers = {kind: dict.fromkeys(records.ids, answer)}
        return mixin._record_answers(records, answers)[kind]

    @classmethod
    def chinese(cls):
        """Make sure Chinese is there and this addon's words are loaded."""
        language = cls.env["res.lang"].with_context(active_test=False)
        chinese = language.search([("code", "=", "zh_CN")])
        if not chinese.active:
            cls.env["base.language.install"].create(
                {"lang_ids": [Command.set(chinese.ids)], "overwrite": True}
            ).lang_install()


class BaseCase(BaseData, TransactionCase):
    """For tests of models."""
