from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class JinxingDecision(models.Model):
    _inherit = "jinxing.decision"

    @api.model
    def _kind_texts(self):
        return {**super()._kind_texts(), "provider": _lt("Who serves?")}
