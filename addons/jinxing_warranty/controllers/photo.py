"""Photos that dealers and owners send: limited in type and size, written anew."""

import base64
import io

from PIL import Image, ImageOps, UnidentifiedImageError

from odoo.http import request

MAX_BYTES = 8 * 1024 * 1024
#: More is a trap: a small file that unpacks to an enormous picture.
MAX_PIXELS = 60_000_000
#: An invoice is still readable at this size, which is the most that Odoo keeps.
LONGEST_SIDE = 1920
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def read_photo(upload):
    """Return an uploaded photo as base64 of a JPEG, and what is wrong with it as a sentence.

    The picture is drawn anew, so that nothing but a picture is kept: no place, no script.
    Both are ``None`` when nothing was uploaded.
    """
    _ = request.env._
    if not upload or not getattr(upload, "filename", ""):
        return None, None
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        return None, _("The photo is larger than %(size)s MB.", size=MAX_BYTES // 1024**2)
    if not data.startswith(_BEGINNINGS):
        return None, _("Only photos (.jpg, .png) are accepted.")
    try:
        picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > MAX_PIXELS:
            return None, _("The photo is too large to be read.")
        picture = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None, _("The photo cannot be read.")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=85)
    return base64.b64encode(output.getvalue()), None
