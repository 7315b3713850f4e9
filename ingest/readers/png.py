"""PNG for PDF: both compress pixels in the same way (PNG, 3rd edition, 10; ISO 32000-1, 7.4.4.4); none is touched."""

import struct
from collections.abc import Iterator

from ingest.readers.facsimile import Affine, Encoded

_SIGNATURE = 8  # bytes
_HEADER = ">IIBBBBB"
_COLOURS = {0: 1, 2: 3}  # colour types grey and RGB; palettes and transparency have no such simple counterpart
_PNG_PREDICTORS = 15


def png_as_it_is(content: bytes, matrix: Affine) -> Encoded | None:
    """The compressed pixels of a PNG; None where PDF does not know its form (interlaced, palette, transparent)."""
    chunks = list(_chunks(content))
    kinds = {kind for kind, _ in chunks}
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != struct.calcsize(_HEADER) or b"tRNS" in kinds:
        return None
    width, height, bits, colour, _, _, interlaced = struct.unpack(_HEADER, chunks[0][1])
    if interlaced or colour not in _COLOURS or b"acTL" in kinds:
        return None
    pixels = b"".join(body for kind, body in chunks if kind == b"IDAT")
    parameters = {"Predictor": _PNG_PREDICTORS, "Colors": _COLOURS[colour], "BitsPerComponent": bits, "Columns": width}
    return Encoded(pixels, width, height, _COLOURS[colour], bits, "FlateDecode", parameters, matrix)


def _chunks(content: bytes) -> Iterator[tuple[bytes, memoryview]]:
    view, at = memoryview(content), _SIGNATURE
    while at + 12 <= len(content):
        length = int.from_bytes(view[at : at + 4])
        yield bytes(view[at + 4 : at + 8]), view[at + 8 : at + 8 + length]
        at += 12 + length
