from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.jinxing_base.rules.decision import plain

from ..rules import texts

_lt = LazyTranslate(__name__)


def _translated(words):
    """Return the words of the rules, each to be translated when it is read."""
    return {key: _lt(text) for key, text in words.items()}


_TEXTS = _translated(texts.TEXTS)
_VALUES = _translated(texts.VALUES)
_KINDS = _translated(texts.KINDS)
_OUTCOMES = _translated(texts.OUTCOMES)


class JinxingDecision(models.Model):
    """The words of dispatch, the clock, rights, the guarantee, assessment and collection."""

    _inherit = "jinxing.decision"

    @api.model
    def _texts(self):
        return {**super()._texts(), **_TEXTS}

    @api.model
    def _value_texts(self):
        names = self.env["jinxing.component"]._names_by_code(self.env.lang)
        components = {("component", code): name for code, name in names.items()}
        return {**super()._value_texts(), **components, **_VALUES}

    @api.model
    def _kind_texts(self):
        return {**super()._kind_texts(), **_KINDS}

    @api.model
    def _outcome_texts(self):
        return {**super()._outcome_texts(), **_OUTCOMES}

    @api.model
    def _step_lines(self, steps):
        """Return what steps of a rule say to the reader, a line each."""
        return self._step_texts([steps])[0]

    @api.model
    def _step_texts(self, lists):
        """Return what each list of steps says to the reader, see :meth:`_step_lines`."""
        texts_, words = self._texts(), self._value_texts()
        return [
            "\n".join(
                str(
                    self._render_step(
                        texts_.get(step.key), step.key, plain(dict(step.params)), words
                    )
                )
                for step in steps
            )
            for steps in lists
        ]
