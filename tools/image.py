"""What the docker image needs besides the official one: config/requirements.txt, with hashes."""

import re
import tomllib
from pathlib import Path

from . import settings, setup

TARGET = settings.ROOT / "config" / "requirements.txt"
#: Odoo imports it, and lists it nowhere.
UNLISTED = ("beautifulsoup4",)
HEAD = (
    "# Made from uv.lock by script/dev image: what the odoo:19 image has not.\n"
    "# Installed with --no-deps; what Odoo itself requires stays as the image has it.\n"
)


def has_odoo(project: Path) -> list[str]:
    """Return the names of Odoo's own requirements that the official image has."""
    groups = tomllib.loads(project.read_text(encoding="utf-8"))["dependency-groups"]
    names = [re.match(r"[\w.-]+", requirement).group() for requirement in groups["odoo"]]
    return [name for name in names if name not in UNLISTED]


def requirements() -> str:
    """Return the locked packages of our dependencies and of the group ``scale``, with hashes."""
    pruned = [f"--prune={name}" for name in has_odoo(settings.ROOT / "pyproject.toml")]
    text = setup.run_uv(
        *("export", "--frozen", "--no-default-groups", "--group", "scale"),
        *("--no-header", "--no-annotate", "--no-emit-project", *pruned),
    )
    return HEAD + text


def write() -> None:
    """Bring config/requirements.txt up to uv.lock."""
    TARGET.write_text(requirements(), encoding="utf-8")
