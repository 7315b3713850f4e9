"""The readable copy of long scans: what a page costs, and that memory does not grow with the number of pages."""

import io
import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pytest
from pikepdf import Name
from PIL import Image, ImageDraw

from archive.model.digest import Digest
from archive.model.evidence import Box, Source
from ingest.model.page import Page, Word
from ingest.readers.image import ImageReader
from ingest.readers.pdf_text import PdfReader
from ingest.renditions.drawing import copy
from ingest.renditions.metadata import Heading
from ingest.renditions.page_text import of_page

WORDS = tuple(
    Word(f"第{row}行 金额 {row * 7:,}.00 元", Box(0.1, row / 60, 0.6, (row + 0.7) / 60)) for row in range(2, 58)
)
SHORT, LONG = 30, 300  # pages
MOST_GROWTH = 40 << 20  # bytes of peak memory between the two
SCANNED = (2480, 3508)  # pixels: A4 at 300 dpi


def sheet(number: int, mode: str) -> Image.Image:
    """Rows of print; on paper with some grain where there is grey."""
    if mode == "1":
        picture = Image.new("1", SCANNED, 1)
    else:
        picture = Image.effect_noise((SCANNED[0] // 8, SCANNED[1] // 8), 30).resize(SCANNED).convert(mode)
    draw = ImageDraw.Draw(picture)
    strokes = Random(number)
    for _ in range(12_000):
        x, y = strokes.randrange(200, SCANNED[0] - 200), 60 * strokes.randrange(3, 57) + strokes.randrange(36)
        draw.rectangle((x, y, x + strokes.randrange(3, 20), y + 3), fill=0)
    return picture


def fax(path: Path, pages: int) -> Path:
    """A multi-page TIFF in black and white, as copiers send it."""
    sheets = [sheet(number, "1") for number in range(3)]
    sheets[0].save(
        path,
        save_all=True,
        append_images=(sheets[number % 3] for number in range(1, pages)),
        compression="group4",
        dpi=(300, 300),
    )
    return path


def scanned_pdf(path: Path, pages: int) -> Path:
    """A PDF of JPEG scans, each page another."""
    jpegs = []
    for number in range(3):
        file = io.BytesIO()
        sheet(number, "L").save(file, "JPEG", quality=60)
        jpegs.append(file.getvalue())
    with pikepdf.new() as pdf:
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(595.2, 841.92))
            picture = pikepdf.Stream(
                pdf,
                jpegs[number % 3] + b"%d" % number,
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=SCANNED[0],
                Height=SCANNED[1],
                ColorSpace=Name.DeviceGray,
                BitsPerComponent=8,
                Filter=Name.DCTDecode,
            )
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
            page.Contents = pikepdf.Stream(pdf, b"q 595.2 0 0 841.92 0 0 cm /P Do Q")
        pdf.save(path)
    return path


MAKERS = {"fax.tif": fax, "scans.pdf": scanned_pdf}


def measure(path: Path, pages: int) -> dict[str, float]:
    """Writes the copy to nowhere in this process, and tells what it cost."""
    content = path.read_bytes()
    texts = {n: of_page(Page(n, *SCANNED, Source.OCR, WORDS)) for n in range(1, pages + 1)}
    heading = Heading(path.name, Digest.of(content), datetime(2026, 11, 20, tzinfo=UTC))
    readers: Any = [ImageReader(None), PdfReader(None, None)]  # type: ignore[arg-type]
    written = 0

    def write(part: bytes) -> None:
        nonlocal written
        written += len(part)

    started = time.process_time()
    copy(content, texts, readers, heading, write)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return {"seconds": seconds, "peak": peak, "before": len(content), "after": written}


def measured(path: Path, pages: int) -> dict[str, float]:
    """The same in a process of its own, so that its peak is its own."""
    command = [sys.executable, __file__, str(path), str(pages)]
    answer = subprocess.run(command, capture_output=True, check=True, cwd=Path(__file__).parents[2])
    found: dict[str, float] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("name", MAKERS)
def test_memory_is_flat_and_the_size_near_that_of_the_original(name: str, tmp_path: Path, benchmark: Any) -> None:
    short = measured(MAKERS[name](tmp_path / f"short-{name}", SHORT), SHORT)
    path = MAKERS[name](tmp_path / f"long-{name}", LONG)
    long = benchmark.pedantic(measured, (path, LONG), rounds=1)
    growth = (long["peak"] - long["before"]) - (short["peak"] - short["before"])
    print(
        f"\n{name}: {1000 * long['seconds'] / LONG:.1f} ms of processor time a page over {LONG} pages, peak "
        f"{long['peak'] / 2**20:.0f} MB, of which the document {long['before'] / 2**20:.0f} MB; "
        f"{growth / 2**20:+.1f} MB against {SHORT} pages; size {long['after'] / long['before']:.3f} of the original"
    )
    assert growth < MOST_GROWTH
    assert long["after"] < 1.25 * long["before"]


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
