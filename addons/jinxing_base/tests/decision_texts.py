import re

from odoo import Command

_VALUE = re.compile(r"%\((\w+)\)s")


class DecisionTexts:
    """For tests of the words in which an addon tells its decisions; beside a test case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        languages = cls.env["res.lang"].with_context(active_test=False)
        chinese = languages.search([("code", "=", "zh_CN")])
        cls.env["base.language.install"].create(
            {"lang_ids": [Command.set(chinese.ids)], "overwrite": True}
        ).lang_install()

    def in_chinese(self, text):
        """Return what a reader of Chinese meets."""
        return str(self.env["jinxing.decision"].with_context(lang="zh_CN").env._(text))

    def assert_all_in_chinese(self, texts):
        """Every word of a rules' ``texts`` is known, Chinese, and speaks of the same values."""
        words = self.env["jinxing.decision"]
        said = {
            **words._texts(), **words._value_texts(), **words._kind_texts(),
            **words._outcome_texts(),
        }
        ours = {*texts.TEXTS, *texts.VALUES, *texts.KINDS, *texts.OUTCOMES}
        self.assertLessEqual(ours, set(said))
        for key in ours:
            with self.subTest(key):
                told = self.in_chinese(said[key])
                self.assertRegex(told, "[\u4e00-\u9fff]")
                english = str(said[key])
                self.assertEqual(sorted(_VALUE.findall(told)), sorted(_VALUE.findall(english)))
