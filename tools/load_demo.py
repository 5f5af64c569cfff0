"""Fed to ``odoo shell``: load the demo files of our addons only."""

import os

from odoo.modules.module import Manifest
from odoo.tools.convert import convert_file

for addon in os.environ["JINXING_ADDONS"].split(","):
    module = env["ir.module.module"].search([("name", "=", addon), ("state", "=", "installed")])  # noqa: F821
    if not module or module.demo:
        continue
    for path in Manifest.for_addon(addon)["demo"]:
        convert_file(env, addon, path, {}, mode="init", noupdate=True)  # noqa: F821
    module.demo = True
env.cr.commit()  # noqa: F821
