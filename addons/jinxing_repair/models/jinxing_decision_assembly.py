from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..rules import assembly_texts as texts

_lt = LazyTranslate(__name__)


class JinxingDecision(models.Model):
    """The words of assemblies (G3.2)."""

    _inherit = "jinxing.decision"

    @api.model
    def _texts(self):
        return {**super()._texts(), **{key: _lt(text) for key, text in texts.TEXTS.items()}}

    @api.model
    def _kind_texts(self):
        return {**super()._kind_texts(), **{key: _lt(text) for key, text in texts.KINDS.items()}}

    @api.model
    def _outcome_texts(self):
        words = {key: _lt(text) for key, text in texts.OUTCOMES.items()}
        return {**super()._outcome_texts(), **words}
