"""Download one file, checked; a broken download is taken up where it stopped."""

import errno
import hashlib
import os
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path


class SetupError(Exception):
    """Something a person must know or do before it can go on; the text says what."""


def sha256(path: Path) -> str:
    """Return the hexadecimal sha256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def download(url: str, target: Path, digest: str) -> Path:
    """Fetch ``url`` to ``target`` unless a file with that ``digest`` is there already.

    :raises SetupError: no network, file gone, disk full, or another checksum than expected
    """
    if target.exists() and sha256(target) == digest:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(urllib.parse.quote(url, safe=":/~+%"))
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            mode = "ab" if answer.status == 206 else "wb"
            with part.open(mode) as stream:
                while block := answer.read(1 << 20):
                    stream.write(block)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # the part is complete already
            pass
        elif error.code == 404:
            raise SetupError(
                f"{url} is gone: Debian has replaced this version. Set ODOO_SOURCE to an Odoo 19 "
                "checkout, or pin the new version in tools/settings.py."
            ) from error
        else:
            raise SetupError(f"{url} answers {error.code} {error.reason}") from error
    except OSError as error:
        raise SetupError(explain(error, url)) from error
    found = sha256(part)
    if found != digest:
        part.unlink()
        raise SetupError(
            f"Wrong checksum for {target.name}: expected {digest}, got {found}. "
            "The file was thrown away; try again, and if it stays so, do not trust the mirror."
        )
    os.replace(part, target)
    return target


def explain(error: OSError, what: str) -> str:
    """Return what an operating-system error means to the person at the keyboard."""
    reason = getattr(error, "reason", error)
    code = getattr(reason, "errno", None) or error.errno
    if code == errno.ENOSPC:
        return f"The disk is full (while fetching {what}). About 2.5 GB are needed."
    if code in (errno.EACCES, errno.EROFS):
        return f"No right to write: {error}"
    return f"No network: {what} cannot be reached ({reason}). What is fetched already is kept."
