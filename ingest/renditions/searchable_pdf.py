"""The readable copy: a PDF/A-2b (ISO 19005-2) of the pages' pictures with the text that was read behind them."""

from collections.abc import Callable, Sequence

from ingest.readers.facsimile import Encoded
from ingest.renditions.colour import srgb
from ingest.renditions.geometry import Line, Sheet, joined
from ingest.renditions.glyphless import DESCENT, EM, Glyphless
from ingest.renditions.metadata import Heading, info, xmp
from ingest.renditions.pdf_file import PdfFile, numbers, ref

_SPACES = {1: "/DeviceGray", 3: "/DeviceRGB"}


class SearchablePdf:
    """Pages are written as they are added; ``close`` ends the file."""

    def __init__(self, write: Callable[[bytes], object], heading: Heading) -> None:
        self._file = PdfFile(write)
        self._heading = heading
        self._glyphless = Glyphless()
        self._catalog, self._tree, self._font = (self._file.reserve() for _ in range(3))
        self._pages: list[int] = []

    def add(self, sheet: Sheet, picture: Encoded, lines: Sequence[Line]) -> None:
        image, content, page = (self._file.reserve() for _ in range(3))
        self._file.stream(image, _image(picture), picture.data)
        self._file.stream(content, "", self._content(sheet, picture, lines).encode("ascii"), compressed=True)
        self._file.put(
            page,
            f"<< /Type /Page /Parent {ref(self._tree)} /MediaBox [0 0 {numbers((sheet.width, sheet.height))}] "
            f"/Resources << /XObject << /P {ref(image)} >> /Font << /T {ref(self._font)} >> >> "
            f"/Contents {ref(content)} >>",
        )
        self._pages.append(page)

    def close(self) -> None:
        metadata, intent, profile, about = (self._file.reserve() for _ in range(4))
        self._glyphless.write(self._file, self._font)
        self._file.stream(metadata, "/Type /Metadata /Subtype /XML", xmp(self._heading))
        self._file.stream(profile, "/N 3", srgb(), compressed=True)
        self._file.put(
            intent,
            "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) "
            f"/DestOutputProfile {ref(profile)} >>",
        )
        self._file.put(about, info(self._heading))
        kids = " ".join(map(ref, self._pages))
        self._file.put(self._tree, f"<< /Type /Pages /Kids [{kids}] /Count {len(self._pages)} >>")
        self._file.put(
            self._catalog,
            f"<< /Type /Catalog /Pages {ref(self._tree)} /Metadata {ref(metadata)} /OutputIntents [{ref(intent)}] "
            f"/Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >> >>",
        )
        self._file.close(self._catalog, about, self._heading.identity)

    def _content(self, sheet: Sheet, picture: Encoded, lines: Sequence[Line]) -> str:
        drawn = f"q {numbers(joined(picture.matrix, sheet.matrix))} cm /P Do Q"
        text = [shown for line in lines if (shown := self._text(line))]
        return "\n".join([drawn, "BT 3 Tr", *text, "ET"])

    def _text(self, line: Line) -> str | None:
        """A line in invisible letters (text rendering mode 3), as high and, stretched, as wide as it was read."""
        string, width = self._glyphless.encoded(line.text)
        if not width:
            return None
        (cos, sin), (x, y) = line.direction, line.start
        lift = -DESCENT / EM * line.height
        stretch = 100 * line.length / (width / EM * line.height)
        place = numbers((cos, sin, -sin, cos, x - sin * lift, y + cos * lift))
        return f"/T {numbers((line.height,))} Tf {numbers((stretch,))} Tz {place} Tm {string} Tj"


def _image(picture: Encoded) -> str:
    parameters = " ".join(
        f"/{name} {str(value).lower() if isinstance(value, bool) else value}"
        for name, value in picture.parameters.items()
    )
    return (
        f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} "
        f"/ColorSpace {_SPACES[picture.colours]} /BitsPerComponent {picture.bits} /Interpolate false "
        f"/Filter /{picture.filter} /DecodeParms << {parameters} >>"
    )
