from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..rules import bring_texts

_lt = LazyTranslate(__name__)


def _translated(words):
    """Return the words of the rules, each to be translated when it is read."""
    return {key: _lt(text) for key, text in words.items()}


_TEXTS = _translated(bring_texts.BRING_TEXTS)
_VALUES = _translated(bring_texts.BRING_VALUES)
_KINDS = _translated(bring_texts.BRING_KINDS)
_OUTCOMES = _translated(bring_texts.BRING_OUTCOMES)


class JinxingDecision(models.Model):
    """The words of what is taken along to a machine (S8.3)."""

    _inherit = "jinxing.decision"

    @api.model
    def _texts(self):
        return {**super()._texts(), **_TEXTS}

    @api.model
    def _value_texts(self):
        return {**super()._value_texts(), **_VALUES}

    @api.model
    def _kind_texts(self):
        return {**super()._kind_texts(), **_KINDS}

    @api.model
    def _outcome_texts(self):
        return {**super()._outcome_texts(), **_OUTCOMES}
