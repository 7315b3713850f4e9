"""The generator keeps its promises: what it invents is valid, adds up, is drawn as told, and is the same again."""

import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from lxml import etree
from PIL import Image
from stdnum.cn import uscc

from fixtures import golden
from fixtures.generator.broken import BROKEN, broken, odd_names
from fixtures.generator.carriers import CARRIERS, carried
from fixtures.generator.check_digits import credit_code, organisation_check, qr_tail
from fixtures.generator.fonts import missing_packages
from fixtures.generator.ofd import SPACE
from fixtures.generator.pdf import draw
from fixtures.generator.scan import DEGRADATIONS, degrade, rasterise
from fixtures.generator.truth import DIGITAL_KINDS, EXEMPT, KINDS, NO_TAX, SPECIAL_KINDS, TICKET_KINDS, Truth, invent
from fixtures.generator.variants import VARIANTS
from fixtures.generator.variants import invented as invented_as
from fixtures.generator.vocabulary import REGIONS
from fixtures.generator.words import in_words
from fixtures.score import Verdict, score

VECTORS = json.loads((Path(__file__).parents[1] / "domain-vectors.json").read_text("utf-8"))
SEEDS = range(1, 121)
needs_fonts = pytest.mark.skipif(
    bool(missing_packages()), reason=f"nothing can be drawn without Debian packages {missing_packages()}"
)


def invented() -> Iterator[Truth]:
    return (invent(kind, seed) for kind in KINDS for seed in SEEDS)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return squeezed(document[0].get_textpage().get_text_bounded())


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_the_same_seed_invents_the_same_invoice_and_another_seed_another() -> None:
    assert invent("digital_normal", 1) == invent("digital_normal", 1)
    assert len({truth.invoice_number for truth in invented()}) == len(KINDS) * len(SEEDS)


def test_a_truth_survives_json() -> None:
    for truth in invented():
        assert Truth.from_json(json.loads(golden.as_text(truth))) == truth
    for truth in varied():
        assert Truth.from_json(json.loads(golden.as_text(truth))) == truth


def varied() -> Iterator[Truth]:
    yield from (invented_as(kind, seed, name) for kind in KINDS for name in VARIANTS for seed in range(1, 9))
    yield from (invented_as(kind, seed) for kind in TICKET_KINDS for seed in range(1, 41))


def test_tax_ids_are_valid_and_carry_the_region_of_the_form() -> None:
    code_of = {region.name: region.code for region in REGIONS}
    for truth in invented():
        region = code_of[truth.region]
        assert uscc.is_valid(truth.seller_tax_id)
        assert truth.seller_tax_id[16] == organisation_check(truth.seller_tax_id[8:16])
        assert truth.seller_tax_id[2:4] == region
        assert truth.buyer_tax_id is None or uscc.is_valid(truth.buyer_tax_id)
        in_number = (truth.invoice_code or truth.invoice_number[2:]).removeprefix("0" if truth.check_code else "")
        assert in_number.startswith(region)


def test_check_digits_agree_with_the_standards_examples() -> None:
    assert organisation_check("D2143569") == "X"  # the example of GB 11714
    for text in VECTORS["uscc_valid"]:
        assert credit_code(text[:2], text[2:8], text[8:16]) == text


def test_words_agree_with_the_vectors() -> None:
    for amount, words in VECTORS["amount_words"].items():
        assert in_words(Decimal(amount)) == words


def test_qr_tails_agree_with_the_vectors() -> None:
    for vector in VECTORS["qr_crc"]:
        assert qr_tail(vector["text"]) == vector["crc"]


def test_lines_add_up_to_the_totals() -> None:
    for truth in (*invented(), *(truth for truth in varied() if truth.items)):
        net = sum(Decimal(item.amount) for item in truth.items)
        tax = sum(Decimal(item.tax_amount) for item in truth.items if item.tax_amount != NO_TAX)
        assert Decimal(truth.amount_without_tax) == net
        exempt = all(item.tax_rate in (EXEMPT, "0%") for item in truth.items)
        assert truth.tax_amount == (NO_TAX if exempt else f"{tax:.2f}")
        assert Decimal(truth.total_amount) == net + tax
        assert Decimal("0.01") <= abs(net + tax) <= Decimal("99999999.99")
        assert truth.total_amount_cn == in_words(net + tax)


def test_quantity_price_rate_and_amount_of_each_line_agree() -> None:
    for item in (item for truth in invented() for item in truth.items):
        if item.quantity and item.unit_price:
            assert abs(Decimal(item.quantity) * Decimal(item.unit_price) - Decimal(item.amount)) <= Decimal("0.005")
        if item.tax_rate == EXEMPT:
            assert item.tax_amount == NO_TAX
        else:
            rate = Decimal(item.tax_rate.removesuffix("%")) / 100
            assert abs(Decimal(item.amount) * rate - Decimal(item.tax_amount)) <= Decimal("0.01")


def test_the_qr_payload_says_what_the_form_says() -> None:
    for truth in (*invented(), *varied()):
        parts = truth.qr.removesuffix(",").split(",")
        digital = truth.kind in (*DIGITAL_KINDS, *TICKET_KINDS)
        assert parts[2:7] == [
            truth.invoice_code or "",
            truth.invoice_number,
            truth.total_amount if digital else truth.amount_without_tax,
            truth.issue_date.replace("-", ""),
            truth.check_code or "",
        ]
        assert parts[7] == qr_tail(",".join(parts[:7]) + ",")


def test_the_generator_has_variety() -> None:
    truths = list(invented())
    assert {len(truth.items) for truth in truths} == set(range(1, 9))
    rates = {item.tax_rate for truth in truths for item in truth.items}
    assert {"17%", "16%", "13%", "11%", "10%", "9%", "6%", "3%", "1%", EXEMPT} == rates
    assert {"0.01", "9999999.99"} <= {truth.total_amount for truth in truths}
    assert any(item.amount.startswith("-") for truth in truths for item in truth.items)
    private = [truth for truth in truths if truth.buyer_tax_id is None]
    assert private
    assert not any(truth.kind in SPECIAL_KINDS for truth in private)


@needs_fonts
@pytest.mark.parametrize("kind", KINDS)
def test_a_drawn_page_says_every_field_and_is_the_same_each_time(kind: str) -> None:
    for seed in range(1, 9):
        truth = invent(kind, seed)
        pdf = draw(truth)
        assert pdf == draw(truth)
        text = text_of(pdf)
        spoken = {name: value for name, value in truth.fields.items() if value and name != "issue_date"}
        cells = [cell for item in truth.items for cell in (item.spec, item.quantity, item.unit_price, item.amount)]
        for value in (*spoken.values(), *filter(None, cells)):
            assert squeezed(value) in text
        year, month, day = truth.issue_date.split("-")
        assert f"{year}年{month}月{day}日" in text


@needs_fonts
@pytest.mark.parametrize("kind", KINDS)
def test_the_drawn_qr_code_decodes_to_its_payload(kind: str) -> None:
    truth = invent(kind, 2)
    found = zxingcpp.read_barcodes(rasterise(draw(truth), 200))
    assert [code.text for code in found] == [truth.qr]


@needs_fonts
@pytest.mark.parametrize("name", DEGRADATIONS)
def test_a_degradation_changes_the_page_the_same_way_each_time(name: str) -> None:
    pdf = draw(invent("digital_normal", 3))
    scan = degrade(pdf, name, seed=1)
    assert scan == degrade(pdf, name, seed=1)
    with Image.open(io.BytesIO(scan.content)) as picture:
        assert picture.format == {".png": "PNG", ".jpg": "JPEG"}[scan.suffix]
        assert np.asarray(picture.convert("L")).std() > 10


@needs_fonts
@pytest.mark.parametrize("case", golden.CASES, ids=lambda case: f"{case.kind}/{case.name}")
def test_each_committed_case_is_what_the_generator_makes(case: golden.Case) -> None:
    content, truths = golden.make(case)
    committed = case.source.read_bytes()
    assert case.truths == truths
    assert len(committed) < 250_000
    assert_same(case.source.suffix, committed, content)


@needs_fonts
@pytest.mark.parametrize("paper", golden.PAPERS, ids=lambda paper: paper.name)
def test_each_committed_paper_is_what_the_generator_makes(paper: golden.PaperCase) -> None:
    committed = paper.source.read_bytes()
    assert len(committed) < 250_000
    assert_same(paper.source.suffix, committed, paper.make())


def assert_same(suffix: str, committed: bytes, content: bytes) -> None:
    """Compressed bytes may differ between builds of zlib; what they unpack to may not."""
    if suffix == ".pdf":
        assert text_of(committed) == text_of(content)
        assert float(np.abs(seen(committed) - seen(content)).mean()) < 0.1
    elif suffix in (".ofd", ".zip"):
        committed_members, members = members_of(committed), members_of(content)
        assert list(committed_members) == list(members)
        for name in members:
            assert_same(Path(name).suffix, committed_members[name], members[name])
    elif suffix in (".jpg", ".png"):
        assert float(np.abs(pixels(committed) - pixels(content)).mean()) < 1
    elif b"iVBOR" not in content:  # a QR code as PNG inside the XML
        assert committed == content


def seen(pdf: bytes) -> np.ndarray:
    return rasterise(pdf, 100).astype(np.int16)


def members_of(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def pixels(jpeg: bytes) -> np.ndarray:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.int16)


def test_every_committed_folder_is_in_the_list_of_cases() -> None:
    papers = set((golden.FOLDER / "not_an_invoice").glob("*/*"))
    assert papers == {paper.source for paper in golden.PAPERS}
    assert {path.parent for path in golden.FOLDER.glob("*/*/truth.json")} == {case.folder for case in golden.CASES}


CARRIED_BY = {
    "xml": ("einvoice", "original", "pinyin"),
    "ofd": ("ofd_",),
    "pdf-": ("pdf_",),
    "xbrl": ("xbrl",),
    "zip": ("zip",),
}


def test_the_cases_are_what_their_names_say() -> None:
    for case in golden.CASES:
        truth, facts = case.truths[0], []
        carried_by = next((way for start, way in CARRIED_BY.items() if case.name.startswith(start)), ("pdf",))
        facts += [case.carrier.startswith(carried_by)]
        facts += [len(truth.items) == 1] if "one-line" in case.name else []
        facts += [len(truth.items) == 8] if "eight-lines" in case.name else []
        facts += [len(truth.items) == 40] if "list" in case.name or "continued" in case.name else []
        facts += [len(case.truths) == 3] if "three-in-one" in case.name else []
        facts += [len({item.tax_rate for item in truth.items}) == 3] if "three-rates" in case.name else []
        facts += [any(item.amount.startswith("-") for item in truth.items)] if "discount" in case.name else []
        facts += [truth.tax_amount == NO_TAX] if "exempt" in case.name else []
        facts += [truth.items[0].tax_rate == "***"] if "differential" in case.name else []
        facts += [truth.mark == "代开"] if "agency" in case.name else []
        facts += [bool(truth.journeys)] if "travelled" in case.name else []
        facts += [truth.total_amount.startswith("-")] if f"-{case.name}".endswith(("-red", "-padded")) else []
        facts += [truth.buyer_tax_id is None] if "person" in case.name else []
        facts += [len(truth.items[0].name) > 25] if "wrapped" in case.name else []
        facts += [truth.total_amount == "0.01"] if "smallest" in case.name else []
        facts += [truth.total_amount == "9999999.99"] if "largest" in case.name else []
        facts += [case.degradation is not None] if "scan" in case.name else []
        assert facts, case.name
        assert all(facts), case.name


@needs_fonts
def test_broken_input_is_broken_in_the_way_its_name_says() -> None:
    assert all(broken(name) == BROKEN[name]() for name in BROKEN)
    assert broken("empty") == b""
    assert not broken("text_named_pdf").startswith(b"%PDF")
    for name in ("encrypted_pdf", "truncated_pdf", "zero_page_pdf"):
        assert broken(name).startswith(b"%PDF")
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(broken(name))[0]
    with pytest.raises(OSError, match="truncated"), Image.open(io.BytesIO(broken("truncated_jpeg"))) as picture:
        picture.load()


def test_hostile_data_is_hostile_in_the_way_its_name_says() -> None:
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(broken("truncated_xml"))
    assert b'SYSTEM "file:///' in broken("xml_with_entity")
    assert broken("xml_with_laughs").count(b"<!ENTITY") == 10
    assert broken("deep_xml").startswith(b"<EInvoice>" + b"<a>" * 1_000)
    with zipfile.ZipFile(io.BytesIO(broken("zip_bomb"))) as archive:
        (entry,) = archive.infolist()
        assert entry.file_size > 500 * entry.compress_size
    with zipfile.ZipFile(io.BytesIO(broken("crowded_zip"))) as archive:
        assert len(archive.namelist()) == 10_000
    with zipfile.ZipFile(io.BytesIO(broken("climbing_ofd"))) as archive:
        assert {"../../../../tmp/escape.xml", "OFD.xml"} <= set(archive.namelist())
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(broken("truncated_ofd")))
    pages = etree.fromstring(members_of(broken("ofd_without_pages"))["Doc_0/Document.xml"]).find(f"{{{SPACE}}}Pages")
    assert pages is not None
    assert len(pages) == 0


KIND_OF = {
    "original": "vat_normal_electronic",
    "ofd_original": "vat_normal_electronic",
    "ofd_ukey": "vat_special_electronic",
    "pdf_pairs": "toll_electronic",
}


UNSHOWN = {"digital_rail": ("issue_date", "amount_without_tax", "tax_amount")}
"""The railway tells the tax in its fare in the data only."""


def carried_truth(carrier: str, seed: int) -> Truth:
    """An invoice of a kind that travels so."""
    if "xbrl" in carrier:
        return invented_as(("digital_rail", "digital_air", "digital_special")[seed % 3], seed)
    kind = next((kind for start, kind in KIND_OF.items() if carrier.startswith(start)), "digital_normal")
    return invent(kind, seed)


@needs_fonts
@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_carrier_makes_the_same_bytes_each_time(carrier: str) -> None:
    for seed in (1, 2):
        truth = carried_truth(carrier, seed)
        assert carried(carrier, [truth]) == carried(carrier, [truth])


@pytest.mark.parametrize("carrier", [name for name, carrier in CARRIERS.items() if carrier.suffix == ".xml"])
def test_xml_is_well_formed_and_says_every_field(carrier: str) -> None:
    for seed in range(1, 13):
        truth = carried_truth(carrier, seed)
        root = etree.fromstring(carried(carrier, [truth]))
        said = {squeezed(text) for text in root.itertext() if text.strip()}
        year, month, day = truth.issue_date.split("-")
        assert said & {truth.issue_date, f"{year}年{month}月{day}日"}
        for name, value in truth.fields.items():
            assert value is None or name == "issue_date" or squeezed(value) in said, name
        for item in truth.items:
            assert {squeezed(value) for value in (item.name, item.amount, item.tax_amount)} <= said


@needs_fonts
@pytest.mark.parametrize("carrier", [name for name, carrier in CARRIERS.items() if carrier.suffix == ".ofd"])
def test_an_ofd_is_well_formed_and_says_every_field(carrier: str) -> None:
    for seed in (1, 2, 3):
        truth = carried_truth(carrier, seed)
        members = members_of(carried(carrier, [truth]))
        roots = {
            name: etree.fromstring(content)
            for name, content in members.items()
            if name.endswith(".xml") and not (name.endswith("CustomTag.xml") and "ukey" in carrier)
        }
        assert next(iter(members)) == "OFD.xml"
        codes = (code for name, root in roots.items() if "Pages" in name for code in root.iter(f"{{{SPACE}}}TextCode"))
        shown = squeezed("".join(code.text or "" for code in codes))
        for name, value in truth.fields.items():
            if carrier != "ofd_picture" and value and name not in UNSHOWN.get(truth.kind, ("issue_date",)):
                assert squeezed(value) in shown, name


@needs_fonts
@pytest.mark.parametrize("carrier", ["ofd_tags", "ofd_original"])
def test_each_tag_of_an_ofd_points_at_the_text_of_its_field(carrier: str) -> None:
    truth = carried_truth("original" if carrier == "ofd_original" else carrier, 4)
    members = members_of(carried(carrier, [truth]))
    texts = {
        found.get("ID"): "".join(found.itertext())
        for found in etree.fromstring(members["Doc_0/Pages/Page_0/Content.xml"]).iter(f"{{{SPACE}}}TextObject")
    }
    tags = etree.fromstring(members["Doc_0/Tags/CustomTag.xml"])
    expected = {"InvoiceNo": truth.invoice_number, "BuyerName": truth.buyer_name, "InvoiceClerk": truth.drawer}
    for tag, value in expected.items():
        (found,) = tags.iter(f"{{{etree.QName(tags).namespace}}}{tag}")
        assert "".join(texts[ref.text] for ref in found) == value
    (total,) = tags.iter(f"{{{etree.QName(tags).namespace}}}TaxInclusiveTotalAmount")
    assert [texts[ref.text] for ref in total][-1] == truth.total_amount


@needs_fonts
def test_the_tag_file_of_ukey_packages_is_no_xml() -> None:
    members = members_of(carried("ofd_ukey", [invent("vat_normal_electronic", 1)]))
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(members["Doc_0/Tags/CustomTag.xml"])


@needs_fonts
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_the_pairs_of_a_catalog_come_in_the_encoding_asked_for(encoding: str) -> None:
    truth = invent("toll_electronic", 3)
    with pikepdf.open(io.BytesIO(carried(f"pdf_pairs_{encoding.replace('-', '')}", [truth]))) as pdf:
        pairs = [line.split("=", 1) for line in pdf.Root.Metadata.read_bytes().decode(encoding).splitlines()]
    assert [value for key, value in pairs if key == "XM"] == [truth.seller_name, *(item.name for item in truth.items)]
    assert ["CH", truth.passages[0].plate] in pairs
    assert ["HM", truth.invoice_number] in pairs


@needs_fonts
def test_attachments_of_a_pdf_are_named_as_their_carrier_says() -> None:
    ticket = invented_as("digital_rail", 5)
    for carrier, key in (("pdf_xbrl", "rai_issuer"), ("pdf_xbrl_unnamed", "0")):
        with pikepdf.open(io.BytesIO(carried(carrier, [ticket]))) as pdf:
            name, place = pdf.Root.Names.EmbeddedFiles.Names
            assert str(name).startswith(key)
            assert str(place.UF).endswith(f"{ticket.invoice_number}.xml")
            assert etree.fromstring(place.EF.UF.read_bytes()).tag.endswith("xbrl")
    with pikepdf.open(io.BytesIO(carried("pdf_ciphertext", [invent("digital_normal", 5)]))) as pdf:
        name, place = pdf.Root.Names.EmbeddedFiles.Names
        assert (str(name), str(place.UF)) == ("Unnamed", "")
        assert bytes.fromhex(place.EF.F.read_bytes().decode()).startswith(b"\x04")


@needs_fonts
def test_a_garbled_pdf_looks_right_and_reads_wrong() -> None:
    truth = invent("digital_normal", 6)
    garbled = carried("pdf_garbled", [truth])
    assert np.array_equal(rasterise(garbled, 100), rasterise(draw(truth), 100))
    text = text_of(garbled)
    assert truth.invoice_number not in text
    assert truth.seller_name not in text


@needs_fonts
def test_many_lines_go_to_further_pages_and_none_is_lost() -> None:
    for kind in ("digital_normal", "vat_special_electronic"):
        truth = invented_as(kind, 8, "long")
        document = pypdfium2.PdfDocument(draw(truth))
        pages = [squeezed(page.get_textpage().get_text_bounded()) for page in document]
        assert len(pages) == 3
        assert all(any(squeezed(item.unit_price or "") in page for page in pages) for item in truth.items)
        assert ("详见销货清单" in pages[0]) == (kind == "vat_special_electronic")


def test_the_huge_picture_is_huge_and_its_file_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    content = broken("huge_png")
    assert len(content) < 250_000
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (35_000, 35_000)


def test_odd_names_are_names_that_a_file_could_bear_somewhere() -> None:
    assert max(len(name.encode()) for name in odd_names()) == 255
    assert not any("\0" in name for name in odd_names())


def reading_of(truth: Truth, **changes: str | None) -> dict[str, object]:
    fields = {name: {"value": value} for name, value in {**truth.fields, **changes}.items()}
    stored = json.loads(golden.as_text(truth))
    return {"kind": truth.kind, "decision": "accept", "fields": fields, "items": stored["items"]}


def test_a_perfect_reading_scores_full_marks_and_none_at_all_misses_everything() -> None:
    for truth in invented():
        assert score(reading_of(truth), truth).share_right == 1
        assert set(score(None, truth).counts) == {Verdict.MISSED}


def test_a_false_an_absent_and_an_invented_value_are_told_apart() -> None:
    truth = invent("digital_special", 1)
    result = score(reading_of(truth, seller_name="别的公司", drawer=None, check_code="1" * 20), truth)
    assert [mark.field for mark in result.accepted_wrong] == ["check_code", "seller_name"]
    assert [mark.field for mark in result.having(Verdict.MISSED)] == ["drawer"]


def test_a_lost_or_added_line_costs_marks() -> None:
    truth = invent("digital_special", 13)
    shorter = replace(truth, items=truth.items[:-1])
    assert {mark.verdict for mark in score(reading_of(shorter), truth).marks} == {Verdict.RIGHT, Verdict.MISSED}
    assert score(reading_of(truth), shorter).having(Verdict.WRONG)


def test_another_hand_for_the_same_value_is_right() -> None:
    truth = replace(
        invent("digital_normal", 5), tax_amount=NO_TAX, total_amount="1700.00", total_amount_cn="壹仟柒佰圆整"
    )
    result = score(reading_of(truth, tax_amount=None, total_amount="¥1,700.00", total_amount_cn="壹仟柒佰元正"), truth)
    assert result.share_right == 1
