"""Fed to ``odoo shell``: uninstall one addon."""

import os

addon = env["ir.module.module"].search([("name", "=", os.environ["JINXING_ADDON"])])  # noqa: F821
addon.button_immediate_uninstall()
