from odoo import models, tools


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            self.env.registry.clear_cache()
        return result

    def _own_partner(self):
        """Return the contact of the company; whose it is costs no query once it is known."""
        return self.env["res.partner"].browse(self._own_partner_id() if self else ())

    @tools.ormcache("self.id")
    def _own_partner_id(self):
        # sudo: the contact of a company is no secret
        return self.sudo().partner_id.id

    def _in_own_language(self):
        """Return the company in the language in which it keeps names that all read alike.

        The name of a store is one text for everybody: it is written in the company's language,
        Chinese as long as the company has not chosen and Chinese is installed.
        """
        self.ensure_one()
        # sudo: the language of the company is no secret
        chosen = self.sudo().partner_id.lang
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        if chosen in (False, "en_US") and "zh_CN" in installed:
            chosen = "zh_CN"
        return self.with_context(lang=chosen) if chosen in installed else self
