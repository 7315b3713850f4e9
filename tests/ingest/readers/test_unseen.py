"""Reading a document whose pages nobody will look at: the same is read, and no picture is made for people."""

from dataclasses import replace

import pytest
from PIL import Image

from fixtures.golden import CASES, Case
from ingest.model.page import Page, Symbol
from ingest.readers.ofd.reader import OfdReader
from ingest.readers.pdf_text import PdfReader
from ingest.readers.qr_code import find_symbols
from ingest.readers.reader import Reader

WRITTEN = [case for case in CASES if case.carrier in ("pdf", "ofd_tags", "ofd_exported") and case.machine][::5]


def no_ocr(_picture: Image.Image, _number: int, _dpi: float | None) -> tuple[Page, Image.Image]:
    raise AssertionError("a page with text needs no OCR")


def reader_of(case: Case) -> Reader:
    return (PdfReader if case.carrier == "pdf" else OfdReader)(no_ocr, find_symbols)


def without_places(page: Page) -> Page:
    return replace(page, symbols=tuple(replace(symbol, box=page.symbols[0].box) for symbol in page.symbols))


@pytest.mark.parametrize("case", WRITTEN, ids=lambda case: f"{case.kind}/{case.name}")
def test_the_same_is_read_without_pictures(case: Case) -> None:
    kept: dict[int, bytes] = {}
    content, reader = case.source.read_bytes(), reader_of(case)
    seen, unseen = list(reader.pages(content, kept.__setitem__)), list(reader.pages(content, None))
    assert list(map(without_places, unseen)) == list(map(without_places, seen))
    assert sorted(kept) == [page.number for page in seen]
    assert any(page.symbols for page in unseen)


def test_a_code_too_fine_for_the_kept_picture_is_found() -> None:
    """The first look is at the picture kept for people; the second at reading resolution."""
    sizes: list[int] = []

    def only_when_large(picture: Image.Image) -> tuple[Symbol, ...]:
        sizes.append(max(picture.size))
        return find_symbols(picture) if len(sizes) == 2 else ()

    case = WRITTEN[0]
    (page,) = PdfReader(no_ocr, only_when_large).pages(case.source.read_bytes(), None)
    assert page.symbols
    assert sizes[0] < sizes[1]
