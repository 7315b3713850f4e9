"""QR codes on a picture, through zxing-cpp."""

import numpy as np
import zxingcpp
from PIL import Image

from archive.model.evidence import Box
from ingest.model.page import Symbol

# Tried in turn until a code is found: first as it is, then larger for small photos, then smaller for noisy ones.
_SCALES = (1.0, 2.0, 0.5)
_MAX_UPSCALED_SIDE = 2600  # pixels; a larger picture gains nothing by doubling


def find_symbols(picture: Image.Image) -> tuple[Symbol, ...]:
    """The QR codes of a picture, from top to bottom; empty where none can be decoded."""
    grey = picture.convert("L")
    for scale in _SCALES:
        if scale > 1 and max(grey.size) * scale > _MAX_UPSCALED_SIDE:
            continue
        size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
        scaled = grey if scale == 1 else grey.resize(size, Image.Resampling.BICUBIC)
        found = zxingcpp.read_barcodes(np.asarray(scaled), formats=zxingcpp.BarcodeFormat.QRCode)
        if found:
            symbols = (Symbol(code.text, _box(code.position, *scaled.size)) for code in found if code.text)
            return tuple(sorted(symbols, key=lambda symbol: (symbol.box.y0, symbol.box.x0)))
    return ()


def _box(position: zxingcpp.Position, width: int, height: int) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_left, position.bottom_right)
    xs, ys = [corner.x / width for corner in corners], [corner.y / height for corner in corners]
    return Box(max(0.0, min(xs)), max(0.0, min(ys)), min(1.0, max(xs)), min(1.0, max(ys)))
