"""Pictures of pages for people, drawn again without reading; thumbnails for lists."""

import io

from PIL import Image

from ingest.readers.limits import KEPT_SIDE
from ingest.readers.picture import kept
from ingest.renditions.geometry import projection
from ingest.renditions.page_text import WHOLE, PageText

THUMBNAIL_SIDE = 200  # pixels of the longer side
_SPARE = 2  # times the pixels that are shown, so that turning costs no sharpness


def redrawn(picture: Image.Image, text: PageText) -> bytes:
    """The picture that was kept when the page was read (WebP): turned and levelled as it was then."""
    return kept(picture if text.lies == WHOLE else _upright(picture, text))


def thumbnail(picture: bytes) -> bytes:
    """A small WebP of a page's kept picture."""
    with Image.open(io.BytesIO(picture), formats=("WEBP",)) as page:
        small = page.convert("RGB")
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    small.save(encoded, "WEBP", quality=70)
    return encoded.getvalue()


def _upright(picture: Image.Image, text: PageText) -> Image.Image:
    given = picture.copy()
    given.thumbnail((_SPARE * KEPT_SIDE, _SPARE * KEPT_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    scale = min(1.0, KEPT_SIDE / max(text.width, text.height))
    width, height = max(1, round(text.width * scale)), max(1, round(text.height * scale))
    p = projection(text.lies)
    across = (p.a * given.width / width, p.b * given.width / height, p.c * given.width)
    down = (p.d * given.height / width, p.e * given.height / height, p.f * given.height)
    map_back = (*across, *down, p.g / width, p.h / height)
    return given.transform(
        (width, height), Image.Transform.PERSPECTIVE, map_back, Image.Resampling.BILINEAR, fillcolor="white"
    )
