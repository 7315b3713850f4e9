"""Black and white for PDF: CCITT group 4 (ITU-T T.6), which loses nothing and is smallest for scans without grey."""

import io

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from ingest.readers.facsimile import Affine, Encoded

_STRIP_OFFSETS, _STRIP_BYTES, _ROWS_PER_STRIP = 273, 279, 278  # TIFF 6.0


def black_and_white(picture: Image.Image, matrix: Affine) -> Encoded:
    """A picture of one bit a pixel, compressed by the TIFF encoder in one strip."""
    file = io.BytesIO()
    picture.save(file, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: picture.height})
    file.seek(0)
    with TiffImageFile(file) as written:
        (start,), (length,) = written.tag_v2[_STRIP_OFFSETS], written.tag_v2[_STRIP_BYTES]
    data = file.getvalue()[start : start + length]
    parameters = {"K": -1, "Columns": picture.width, "Rows": picture.height, "BlackIs1": True}
    return Encoded(data, *picture.size, 1, 1, "CCITTFaxDecode", parameters, matrix)
