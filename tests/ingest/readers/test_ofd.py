"""OFD by its pages and by its data, however the writer cut, placed and packed it."""

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest
from PIL import Image

from archive.model.evidence import Source
from fixtures.generator.carriers import carried
from fixtures.generator.packing import packed
from fixtures.generator.truth import Truth
from fixtures.generator.variants import invented
from ingest.errors import UnreadableError
from ingest.extraction.fields import read_page
from ingest.model.page import Page
from ingest.readers.ocr.engine import TextLine
from ingest.readers.ocr.raster import picture_reader
from ingest.readers.ofd.reader import OfdReader
from ingest.readers.qr_code import find_symbols

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
TEXTS = ("ofd_tags", "ofd_ukey_alone", "ofd_exported", "ofd_fragments")
NAMES = ("invoice_number", "issue_date", "seller_name", "seller_tax_id", "buyer_name", "amount_without_tax")
LABELS = "发票号码 开票日期 价税合计"


class Eye:
    """An engine that sees a picture and reads nothing."""

    def __init__(self) -> None:
        self.seen: list[Image.Image] = []

    def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
        self.seen.append(picture)
        return ()


Read = Callable[[bytes], list[Page]]


@pytest.fixture
def eye() -> Eye:
    return Eye()


@pytest.fixture
def kept() -> dict[int, bytes]:
    return {}


@pytest.fixture
def read(eye: Eye, kept: dict[int, bytes]) -> Read:
    reader = OfdReader(picture_reader(eye, find_symbols), find_symbols)
    return lambda content: list(reader.pages(content, kept.__setitem__))


def ofd(page: str, *, area: str = "0 0 210 140", document: str = "", more: Mapping[str, bytes] | None = None) -> bytes:
    """A package of one page whose layer holds ``page``."""
    body = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    tree = f"""<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{area}</ofd:PhysicalBox></ofd:PageArea>
      <ofd:DocumentRes>Res.xml</ofd:DocumentRes></ofd:CommonData>
      <ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>{document}"""
    content = f"<ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content>"
    return packed(
        {
            "OFD.xml": f"<ofd:OFD {SPACE}>{body}</ofd:OFD>".encode(),
            "Doc_0/Document.xml": f"<ofd:Document {SPACE}>{tree}</ofd:Document>".encode(),
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {SPACE}>{content}</ofd:Page>".encode(),
            **(more or {}),
        }
    )


def text(characters: str, *, box: str = "20 20 100 10", at: str = 'X="0" Y="4"', of: str = 'Size="4"') -> str:
    return f'<ofd:TextObject Boundary="{box}" {of}><ofd:TextCode {at}>{characters}</ofd:TextCode></ofd:TextObject>'


def resource(name: str, content: bytes) -> dict[str, bytes]:
    listing = f"""<ofd:Res {SPACE} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="9" Type="Image">
      <ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"""
    return {"Doc_0/Res.xml": listing.encode(), f"Doc_0/Res/{name}": content}


def printed(page: Page) -> dict[str, str]:
    return {reading.field: reading.value for reading in read_page(page).readings if reading.source is Source.OFD_TEXT}


@pytest.mark.parametrize("carrier", TEXTS)
@pytest.mark.parametrize("kind", ["digital_special", "vat_normal_electronic"])
def test_the_text_of_a_page_is_read_by_its_places(carrier: str, kind: str, read: Read, eye: Eye) -> None:
    truth = invented(kind, 11)
    (page,) = read(carried(carrier, [truth]))
    assert page.source is Source.OFD_TEXT
    values = printed(page)
    assert {name: values.get(name) for name in NAMES} == {name: getattr(truth, name) for name in NAMES}
    assert [symbol.text for symbol in page.symbols] == [truth.qr]
    assert eye.seen == []


@pytest.mark.parametrize(
    ("carrier", "kind", "sources"),
    [
        ("ofd_tags", "digital_special", [Source.OFD_DATA, Source.OFD_TEXT]),
        ("ofd_ukey_alone", "digital_special", [Source.OFD_TEXT]),
        ("ofd_ukey", "vat_normal_electronic", [Source.XML, Source.OFD_DATA, Source.OFD_TEXT]),
        ("ofd_xbrl", "digital_rail", [Source.XBRL]),
        ("ofd_exported", "digital_special", []),
    ],
)
def test_the_data_beside_the_pages_is_stated(carrier: str, kind: str, sources: list[Source], read: Read) -> None:
    truth = invented(kind, 5)
    (page,) = read(carried(carrier, [truth]))
    assert [statement.source for statement in page.statements] == sources
    for statement in page.statements:
        assert statement.values["invoice_number"] == truth.invoice_number


def test_every_page_has_a_picture_for_people(read: Read, kept: dict[int, bytes]) -> None:
    truth: Truth = invented("vat_normal_electronic", 2, "long")
    pages = read(carried("ofd_tags", [truth]))
    assert sorted(kept) == [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert len(pages) > 1
    for number, picture in kept.items():
        darkest, lightest = Image.open(io.BytesIO(picture)).convert("L").getextrema()
        assert (darkest < 128, lightest > 250) == (True, True), number


def test_runs_of_equal_steps_are_counted(read: Read) -> None:
    (page,) = read(ofd(text("发票号码:12", at='X="0" Y="4" DeltaX="g 4 4 4 2"') + text(LABELS, box="20 60 100 10")))
    found = next(word for word in page.words if word.text == "发票号码:12")
    assert (found.box.x0, found.box.x1) == pytest.approx((20 / 210, 44 / 210))
    assert found.box.y1 == pytest.approx((24 + 0.14 * 4) / 140)


def test_places_go_through_the_objects_own_map(read: Read) -> None:
    mapped = text("开票日期", box="0 0 210 140", of='Size="4" CTM="2 0 0 2 10 20"', at='X="5" Y="10" DeltaX="4 4 4"')
    (page,) = read(ofd(mapped + text(LABELS)))
    found = next(word for word in page.words if word.text == "开票日期")
    assert (found.box.x0, found.box.x1) == pytest.approx((20 / 210, 52 / 210))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<![CDATA[发票号码]]>", "发票号码"),
        ("\n      发票号码\n   ", "发票号码"),
        ("发⽂⽅⾦", "发文方金"),
        ("０５０１０", "05010"),
    ],
)
def test_characters_are_those_that_are_meant(written: str, shown: str, read: Read) -> None:
    (page,) = read(ofd(text(written, box="20 90 100 10") + text(LABELS)))
    assert shown in {word.text for word in page.words}


@pytest.mark.parametrize(
    "hidden",
    [
        text("藏", of='Size="4" Visible="false"'),
        text("藏", of='Size="4" Fill="false"'),
        text("藏", of='Size="4" Alpha="0"'),
        text("藏", box="500 20 100 10"),
    ],
)
def test_what_nobody_sees_is_no_text(hidden: str, read: Read) -> None:
    (page,) = read(ofd(hidden + text(LABELS, box="20 60 100 10")))
    assert not any("藏" in word.text for word in page.words)


def test_a_page_that_is_a_picture_is_read_by_ocr(read: Read, eye: Eye, kept: dict[int, bytes]) -> None:
    truth = invented("digital_normal", 4)
    (page,) = read(carried("ofd_picture", [truth]))
    assert (page.source, page.words) == (Source.OCR, ())
    assert [symbol.text for symbol in page.symbols] == [truth.qr]
    assert len(eye.seen) == len(kept) == 1


def test_outlines_are_painted_for_ocr(read: Read, eye: Eye) -> None:
    square = "M 0 0 L 40 0 L 40 40 L 0 40 C M 10 10 L 10 30 L 30 30 L 30 10 C"
    path = f"""<ofd:PathObject Boundary="50 50 40 40" Fill="true" Stroke="false" Rule="Even-Odd">
      <ofd:FillColor Value="0 0 0"/><ofd:AbbreviatedData>{square}</ofd:AbbreviatedData></ofd:PathObject>"""
    (page,) = read(ofd(path, area="0 0 200 200"))
    assert page.source is Source.OCR
    (picture,) = eye.seen
    assert [
        picture.convert("L").getpixel((picture.width * x // 200, picture.height * 70 // 200)) for x in (55, 70)
    ] == [
        0,
        255,
    ]


def test_curves_are_painted(read: Read, eye: Eye) -> None:
    disc = "M 20 0 B 31 0 40 9 40 20 B 40 31 31 40 20 40 Q 0 40 0 20 Q 0 0 20 0 C"
    path = f"""<ofd:PathObject Boundary="50 50 40 40" Fill="true" Stroke="false">
      <ofd:FillColor Value="200 0 0"/><ofd:AbbreviatedData>{disc}</ofd:AbbreviatedData></ofd:PathObject>"""
    read(ofd(path, area="0 0 200 200"))
    picture = eye.seen[0].convert("RGB")
    assert picture.getpixel((picture.width * 70 // 200, picture.height * 70 // 200)) == (200, 0, 0)
    assert picture.getpixel((picture.width * 51 // 200, picture.height * 51 // 200)) == (255, 255, 255)


def test_what_cannot_be_drawn_does_not_keep_the_text_from_being_read(read: Read, kept: dict[int, bytes]) -> None:
    broken = '<ofd:ImageObject ID="3" Boundary="0 0 50 50" CTM="50 0 0 50 0 0" ResourceID="9"/>'
    broken += '<ofd:PathObject Boundary="0 0 9 9"><ofd:AbbreviatedData>M 1 Z B 1</ofd:AbbreviatedData></ofd:PathObject>'
    (page,) = read(ofd(broken + text(LABELS), more=resource("torn.png", b"\x89PNG\r\n\x1a\n torn")))
    assert (page.source, len(kept)) == (Source.OFD_TEXT, 1)


def test_a_picture_of_enormous_size_is_left_out(read: Read) -> None:
    from fixtures.generator.broken import broken

    image = '<ofd:ImageObject ID="3" Boundary="0 0 50 50" CTM="50 0 0 50 0 0" ResourceID="9"/>'
    (page,) = read(ofd(image + text(LABELS), more=resource("huge.png", broken("huge_png"))))
    assert page.source is Source.OFD_TEXT


def test_groups_that_contain_themselves_come_to_an_end(read: Read) -> None:
    unit = f"""<ofd:Res {SPACE}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="7" Width="9" Height="9">
      <ofd:Content><ofd:CompositeObject Boundary="0 0 9 9" ResourceID="7"/>{text(LABELS)}</ofd:Content>
      </ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"""
    group = '<ofd:CompositeObject Boundary="0 0 210 140" ResourceID="7"/>'
    (page,) = read(ofd(group, more={"Doc_0/Res.xml": unit.encode()}))
    assert "发票号码" in "".join(word.text for word in page.words)


def test_an_attachment_that_is_hostile_is_passed_over(read: Read) -> None:
    listing = f"""<ofd:Attachments {SPACE}><ofd:Attachment Name="original_invoice">
      <ofd:FileLoc>data.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"""
    attached = {
        "Doc_0/Attachs/Attachments.xml": listing.encode(),
        "Doc_0/Attachs/data.xml": b'<!DOCTYPE a [<!ENTITY x "1">]><eInvoice><InvoiceNo>&x;</InvoiceNo></eInvoice>',
    }
    tree = "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
    (page,) = read(ofd(text(LABELS), document=tree, more=attached))
    assert page.statements == ()


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("OFD.xml", b"<ofd:OFD", "BROKEN"),
        ("OFD.xml", b"<OFD/>", "BROKEN"),
        ("Doc_0/Document.xml", b"<Document/>", "BROKEN"),
        ("Doc_0/Pages/Page_0/Content.xml", b"<Page>", "BROKEN"),
        ("Doc_0/Pages/Page_0/Content.xml", None, "BROKEN"),
        ("Doc_0/Pages/Page_0/Content.xml", b'<!DOCTYPE a [<!ENTITY x "1">]><Page>&x;</Page>', "XML-DTD"),
        ("Doc_0/Pages/Page_0/Content.xml", b"<Page>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</Page>", "XML-TOO-DEEP"),
        ("Doc_0/Pages/Page_0/Content.xml", b"<Page>" + b" " * 30_000_000 + b"</Page>", "ARCHIVE-TOO-LARGE"),
    ],
)
def test_a_package_that_is_broken_or_hostile_says_so(path: str, content: bytes | None, code: str, read: Read) -> None:
    files = members(ofd(text(LABELS))) | ({path: content} if content is not None else {})
    if content is None:
        del files[path]
    with pytest.raises(UnreadableError) as refused:
        read(packed(files))
    assert refused.value.code == code


def test_more_pages_than_a_document_may_have_are_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.ofd.reader.MAX_PAGES", 0)
    with pytest.raises(UnreadableError) as refused:
        read(ofd(text(LABELS)))
    assert refused.value.code == "TOO-MANY-PAGES"


def test_a_code_as_jbig2_is_read(read: Read) -> None:
    truth = invented("vat_normal_electronic", 51)
    (page,) = read(carried("ofd_ukey_faxed", [truth]))
    assert [symbol.text for symbol in page.symbols] == [truth.qr]
