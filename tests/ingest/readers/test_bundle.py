"""Zips of invoices: each member is read as what it is, and none gets lost."""

from collections.abc import Iterator, Mapping

import pytest
from PIL import Image

from archive.model.evidence import Source
from fixtures.generator.carriers import carried
from fixtures.generator.packing import packed
from fixtures.generator.variants import invented
from ingest.errors import UnreadableError
from ingest.model.page import Page
from ingest.readers.bundle import BundleReader
from ingest.readers.reader import KeepPage
from ingest.readers.sniff import PDF, XML

XML_FILE, PDF_FILE = b"<EInvoice/>", b"%PDF-1.7"


class Two:
    """A reader of two pages a file."""

    media_types = frozenset({XML, PDF})

    def pages(self, content: bytes, keep_page: KeepPage) -> Iterator[Page]:
        for number in (1, 2):
            keep_page(number, content)
            yield Page(number, 0, 0, Source.XML, ())


def read(members: Mapping[str, bytes]) -> tuple[list[int], dict[int, bytes]]:
    kept: dict[int, bytes] = {}
    pages = BundleReader([Two()]).pages(packed(members), kept.__setitem__)
    return [page.number for page in pages], kept


def refused(members: Mapping[str, bytes]) -> str:
    with pytest.raises(UnreadableError) as error:
        read(members)
    return error.value.code


def test_pages_are_numbered_through() -> None:
    numbers, kept = read({"a/1.xml": XML_FILE, "2.pdf": PDF_FILE, "3.xml": XML_FILE})
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert kept == {1: XML_FILE, 2: XML_FILE, 3: PDF_FILE, 4: PDF_FILE, 5: XML_FILE, 6: XML_FILE}


def test_notes_and_what_systems_leave_behind_are_passed_over() -> None:
    office = packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    litter = {"__MACOSX/._1.xml": XML_FILE, "a/._1.xml": XML_FILE, "a/.DS_Store": b"\0\0\0\1Bud1"}
    assert read({"说明.txt": "请查收".encode(), "list.xlsx": office, **litter, "1.xml": XML_FILE})[0] == [1, 2]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"1.xml": XML_FILE, "more.zip": packed({"2.xml": XML_FILE})}, "ARCHIVE-NESTED"),
        ({"1.xml": XML_FILE, "2.ofd": packed({"OFD.xml": b"<OFD/>"})}, "FORMAT-NOT-YET"),
        ({"note.txt": b"nothing here"}, "NOTHING-READABLE"),
        ({}, "NOTHING-READABLE"),
        ({f"{n}.xml": XML_FILE for n in range(300)}, "TOO-MANY-PAGES"),
        ({f"{n}.xml": b"" for n in range(10_000)}, "ARCHIVE-TOO-LARGE"),
    ],
)
def test_a_bundle_that_cannot_be_read_whole_says_so(members: Mapping[str, bytes], code: str) -> None:
    assert refused(members) == code


def test_renditions_of_one_invoice_come_as_pages_of_one_document() -> None:
    from ingest.readers.einvoice_xml import XmlReader
    from ingest.readers.ofd.reader import OfdReader
    from ingest.readers.qr_code import find_symbols

    def nobody(picture: Image.Image, number: int, dpi: float | None) -> tuple[Page, Image.Image]:
        raise AssertionError("no picture has to be read")

    truth = invented("digital_special", 6)
    members = {name: carried(name, [truth]) for name in ("einvoice", "ofd_tags")}
    readers = [XmlReader(find_symbols), OfdReader(nobody, find_symbols)]
    pages = list(BundleReader(readers).pages(packed(members), lambda _number, _picture: None))
    assert [(page.number, page.source) for page in pages] == [(1, Source.XML), (2, Source.OFD_TEXT)]
