"""Where things are, and which versions: the one place for both."""

import hashlib
import os
import platform
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = ROOT / "var"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jinxing-after-sales"

#: Odoo as Debian packages it (docs/adr/0001). A newer one: change version, file and sha256.
ODOO_VERSION = "19.0.0+dfsg-1"
MIRROR = "http://deb.debian.org/debian/pool/main/"
DEBS = {
    "o/odoo/odoo-19_19.0.0+dfsg-1_all.deb": (
        "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
    ),
    "f/fonts-montserrat/fonts-montserrat_9.000-6_all.deb": (
        "c5f603701f86661a7eed820ff0b0d19e0aa697b316053b7885cc7346370128c1"
    ),
    "f/fonts-font-awesome/fonts-font-awesome_5.0.10+really4.7.0~dfsg-4.1_all.deb": (
        "5f09e1adce26d59628a239c538882d53e58978b958233864fc617be9a510018e"
    ),
    "f/fonts-inconsolata/fonts-inconsolata_001.010-6_all.deb": (
        "bb5015c631cd47aa7d9d6e0ecd101f0e1234300f935e7719ea32ed9b640f0ac4"
    ),
    "f/fonts-ocr-b/fonts-ocr-b_0.3~dfsg1-1_all.deb": (
        "56e6a6bfe5d77bbb4f0a6964ce1f8ed3679d7c1a138064bcaf6cc3480c3628f3"
    ),
    "f/fonts-roboto/fonts-roboto-unhinted_0~20170802-3_all.deb": (
        "f89cf7d8a589489daecf750031ec50456ab3e648d49ff544f0f08753268fbd91"
    ),
    "n/node-jquery/libjs-jquery_3.6.1+dfsg+~3.5.14-1_all.deb": (
        "a58c9ff6afe96c769cb6535754c909410760e4efa1e1540236194e489adcfb25"
    ),
    "j/jquery-goodies/libjs-jquery-form_12-4_all.deb": (
        "fbfeedcd3eaf519b3cdcc88e93a1c79f6775da71657bac763f1430fe66e8a1da"
    ),
    "u/underscore/libjs-underscore_1.13.4~dfsg+~1.11.4-3_all.deb": (
        "4a0fbc90e7f62ea50c4ac7453352721fa60bb5eac87e9f39a027908faff29015"
    ),
}

UV_VERSION = "0.13.9"
#: machine -> (address below files.pythonhosted.org, sha256) of the uv wheel
UV_WHEELS = {
    "x86_64": (
        "packages/3d/aa/26d64642d808de4a652579ef950d7cd2d37f080a8babf9c67c6b75fc4c3f/"
        "uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    "aarch64": (
        "packages/fe/2f/"
        "51a5de367c602592c018a42a23d57fba5f2689fe6c3bf025dcf043b39c61/"
        "uv-0.13.9-py3-none-manylinux_2_28_aarch64.whl",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
}
UV_HOST = "https://files.pythonhosted.org/"

#: What our addons stand on, installed before ours in the template databases.
BASE_MODULES = (
    "account",
    "base_import",
    "contacts",
    "helpdesk_mgmt",
    "helpdesk_mgmtsystem_nonconformity",
    "hr",
    "hr_skills",
    "l10n_cn",
    "l10n_cn_city",
    "maintenance",
    "mgmtsystem_action",
    "portal",
    "purchase_request_tier_validation",
    "purchase_stock",
    "rating",
    "repair",
    "repair_service",
    "report_xlsx",
    "rma_sale",
    "sale_stock",
    "stock_request",
    "survey",
    "web_tour",
)

LANGUAGE = "zh_CN"
DATABASE = os.environ.get("JINXING_DB", "jinxing")
PORT = int(os.environ.get("JINXING_PORT", "8069"))


def machine() -> str:
    """Return the processor family as Debian's wheels name it."""
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )


def odoo_home() -> Path:
    """Return the folder that holds the ``odoo`` package (``ODOO_SOURCE`` overrides)."""
    given = os.environ.get("ODOO_SOURCE")
    if given:
        return Path(given).resolve()
    return CACHE / f"odoo-{ODOO_VERSION}" / "usr" / "lib" / "python3" / "dist-packages"


def _depends() -> dict[str, list[str]]:
    import ast

    return {
        path.parent.name: ast.literal_eval(path.read_text(encoding="utf-8"))["depends"]
        for path in ADDONS.glob("*/__manifest__.py")
    }


def addons_below(addons: list[str]) -> list[str]:
    """Return those of our addons that ``addons`` stand on, without themselves."""
    depends = _depends()
    found: set[str] = set()
    queue = list(addons)
    while queue:
        below = [n for n in depends.get(queue.pop(), ()) if n in depends and n not in found]
        found.update(below)
        queue += below
    return [name for name in our_addons() if name in found and name not in addons]


def our_addons() -> list[str]:
    """Return our addons, those others stand on first."""
    depends = _depends()
    ordered: list[str] = []

    def visit(name):
        if name in depends and name not in ordered:
            for below in depends[name]:
                visit(below)
            ordered.append(name)

    for name in sorted(depends):
        visit(name)
    return ordered


def tree_hash(*folders: Path) -> str:
    """Return a short hash over names and contents of the files below ``folders``."""
    digest = hashlib.sha256()
    for folder in folders:
        files = [folder] if folder.is_file() else sorted(folder.rglob("*"))
        for path in files:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
