from odoo import api, models
from odoo.tools.translate import LazyTranslate

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
    """The words of routing, classes, plans, suppliers, old parts, audits, fitting and tools."""

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

    @api.model
    def _tell(self, decision):
        """Return the steps of a rule's decision as sentences, before or without storing it."""
        said = self._texts()
        return [
            self._render_step(said.get(key), key, params or {})
            for key, params in decision.to_json()["steps"]
        ]
