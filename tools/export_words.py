"""Fed to ``odoo shell``: write the translation template of each addon to a folder."""

import os
from pathlib import Path

from odoo.tools.translate import trans_export

for addon in os.environ["JINXING_ADDONS"].split(","):
    with (Path(os.environ["JINXING_FOLDER"]) / f"{addon}.pot").open("wb") as stream:
        trans_export(None, [addon], stream, "po", env)  # noqa: F821
