"""Let the rules be imported under their Odoo names while no Odoo is there.

``odoo.addons.<addon>.rules`` is plain Python; importing it through the addon would run the
addon's ``__init__`` and with it Odoo. Empty namespace modules stand in for the way down, and for
``<addon>.tests``, the way pytest goes down to a test.
"""

import os
import sys
import types
from pathlib import Path

from hypothesis import settings

# The same examples on every run, however busy the machine; JINXING_EXPLORE=1 looks for new ones.
settings.register_profile(
    "jinxing", deadline=None, derandomize=not os.environ.get("JINXING_EXPLORE")
)
settings.load_profile("jinxing")

ADDONS = Path(__file__).parent / "addons"


def _namespace(name: str, *paths: Path) -> None:
    module = types.ModuleType(name)
    module.__path__ = [str(path) for path in paths]
    sys.modules[name] = module


if "odoo" not in sys.modules:
    _namespace("odoo")
    _namespace("odoo.addons", ADDONS)
    for addon in sorted(path for path in ADDONS.iterdir() if path.is_dir()):
        _namespace(f"odoo.addons.{addon.name}", addon)
        _namespace(addon.name, addon)
        _namespace(f"{addon.name}.tests", addon / "tests")
