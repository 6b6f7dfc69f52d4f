"""Pictures drawn anew: what hides behind or inside a picture, place and camera, stays outside."""

import struct
import tempfile
import zlib
from typing import IO

from PIL import Image, ImageOps

from epa.uploads.kinds import UploadRefused

MOST_PIXELS = 60_000_000
FORMATS = {"jpg": "JPEG", "png": "PNG"}
TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)


def redrawn(name: str, stream: IO[bytes], extension: str) -> IO[bytes]:
    """The same picture, upright, without metadata, as a new file of the same kind.

    Raises:
        UploadRefused: It is damaged, cut short or larger than 60 million pixels.
    """
    made = tempfile.SpooledTemporaryFile(max_size=1024**2)  # noqa: SIM115 - handed on open
    try:
        _draw(name, stream, made, FORMATS[extension])
    except BaseException as fault:
        made.close()
        if isinstance(fault, TOO_LARGE):
            raise UploadRefused(_too_large(name)) from fault
        if isinstance(fault, BROKEN):
            damaged = f"“{name}” cannot be opened: it is damaged or cut short."
            raise UploadRefused(damaged) from fault
        raise
    made.seek(0)
    return made


def _draw(name: str, stream: IO[bytes], made: IO[bytes], picture_format: str) -> None:
    with Image.open(stream, formats=[picture_format]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise UploadRefused(_too_large(name))
        upright = ImageOps.exif_transpose(picture)
        if picture_format == "JPEG" and upright.mode not in {"L", "RGB"}:
            upright = upright.convert("RGB")
        # Comments and colour profiles would be written again from here.
        transparency = upright.info.get("transparency")
        upright.info = {} if transparency is None else {"transparency": transparency}
        upright.save(made, picture_format, quality=90)


def _too_large(name: str) -> str:
    return f"“{name}” has more than {MOST_PIXELS // 1_000_000} million pixels. Make it smaller."
