"""What a PDF tells machines beside its page, in every way that issuers have of telling it."""

import io
import zlib

import pikepdf
import pytest
from pikepdf import Name, Pdf

from archive.model.evidence import Source
from fixtures.generator import pdf_data as made
from fixtures.generator.carriers import carried
from fixtures.generator.hostile import hostile
from fixtures.generator.pdf import draw
from fixtures.generator.press import Press, leaves, pressed
from fixtures.generator.variants import invented
from ingest.errors import UnreadableError
from ingest.extraction.stated import stated_items, stated_readings
from ingest.model.statement import Statement
from ingest.readers.pdf_data import DAMAGED, data_of
from ingest.readers.qr_code import find_symbols

NAMES = ("invoice_number", "issue_date", "seller_tax_id", "buyer_tax_id", "amount_without_tax", "total_amount")


def statements(content: bytes) -> tuple[Statement, ...]:
    return data_of(content, find_symbols).statements


def with_metadata(content: bytes, **entries: object) -> bytes:
    written = io.BytesIO()
    with Pdf.open(io.BytesIO(draw(invented("vat_normal_electronic", 1)))) as pdf:
        stream = pdf.make_stream(content)
        for key, value in entries.items():
            stream[f"/{key}"] = value
        pdf.Root.Metadata = stream
        pdf.save(written, fix_metadata_version=False, compress_streams=False)
    return written.getvalue()


@pytest.mark.parametrize(
    ("carrier", "kind", "source"),
    [
        ("pdf_pairs_gbk", "vat_normal_electronic", Source.PDF_DATA),
        ("pdf_pairs_utf8", "vat_special_electronic", Source.PDF_DATA),
        ("pdf_pairs_gbk", "toll_electronic", Source.PDF_DATA),
        ("pdf_info", "digital_special", Source.PDF_DATA),
        ("pdf_xbrl", "digital_rail", Source.XBRL),
        ("pdf_xbrl_unnamed", "digital_rail", Source.XBRL),
    ],
)
def test_the_data_is_found_and_read(carrier: str, kind: str, source: Source) -> None:
    truth = invented(kind, 4)
    (statement,) = statements(carried(carrier, [truth]))
    read = {reading.field: reading.value for reading in stated_readings(statement, 1)}
    assert statement.source is source
    assert {name: read.get(name) for name in NAMES} == {name: getattr(truth, name) for name in NAMES}


@pytest.mark.parametrize("seed", range(1, 6))
def test_keys_that_repeat_are_read_in_their_order(seed: int) -> None:
    truth = invented("vat_normal_electronic", seed)
    (statement,) = statements(made.with_pairs(truth, "gbk"))
    assert statement.values["seller_name"] == truth.seller_name
    lines = [(i.name, i.quantity, i.unit_price, i.amount, i.tax_rate) for i in stated_items(statement)]
    assert lines == [(i.name, i.quantity, i.unit_price, i.amount, i.tax_rate) for i in truth.items]


@pytest.mark.parametrize(
    "content",
    [
        draw(invented("digital_normal", 1)),
        carried("pdf_ciphertext", [invented("digital_normal", 1)]),
        with_metadata(b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>'),
        with_metadata(b"BT=\xff", Filter=Name.FlateDecode),
        with_metadata(b"BT=x", Filter=Name.Crypt),
        b"%PDF-1.7 cut off",
        b"",
    ],
)
def test_what_is_no_data_states_nothing(content: bytes) -> None:
    assert [statement for statement in statements(content) if statement.values.get("invoice_number")] == []


def test_data_is_not_unpacked_beyond_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zlib.compress("BT=电子普通发票\nHM=00123456\n".encode("gbk") + b"BZ=x\n" * 10_000)
    packed = with_metadata(content, Filter=Name.FlateDecode)
    assert [statement.values["invoice_number"] for statement in statements(packed)] == ["00123456"]
    monkeypatch.setattr("ingest.readers.pdf_data._MOST_METADATA", 40_000)
    assert statements(packed) == ()


def test_attachments_that_cannot_be_read_do_not_hide_the_others() -> None:
    truth = invented("digital_rail", 2)
    written = io.BytesIO()
    with Pdf.open(io.BytesIO(carried("pdf_xbrl", [truth]))) as pdf:
        for name, content in {"a.xml": b"<a>", "b.xml": b"<!DOCTYPE a [<!ENTITY x '1'>]><a>&x;</a>"}.items():
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name)
        pdf.save(written)
    assert [statement.values["invoice_number"] for statement in statements(written.getvalue())] == [
        truth.invoice_number
    ]


def test_a_file_whose_packed_parts_changed_is_called_damaged() -> None:
    """A flipped bit in a font makes characters vanish from the page, and neither pdfium nor qpdf say so."""
    whole = draw(invented("digital_normal", 1))
    assert data_of(whole, find_symbols).findings == ()
    changed = bytearray(whole)
    changed[whole.index(b"stream", len(whole) // 2) + 400] ^= 0x10
    assert data_of(bytes(changed), find_symbols).findings == (DAMAGED,)


def test_a_file_that_has_to_be_mended_is_called_damaged() -> None:
    whole = draw(invented("digital_normal", 1))
    assert data_of(whole.replace(b"startxref", b"startxxxx"), find_symbols).findings == (DAMAGED,)
    assert data_of(b"%PDF-1.4 nothing", find_symbols).findings == (DAMAGED,)


def test_forms_within_forms_are_counted_before_they_are_drawn() -> None:
    with pytest.raises(UnreadableError) as caught:
        data_of(hostile("fanning_forms"), find_symbols)
    assert caught.value.code == "PDF-TOO-COMPLEX"
    assert data_of(pressed(leaves(invented("digital_normal", 1)), Press(form=True)), find_symbols).findings == ()


def test_a_rate_without_its_sign_is_no_quantity() -> None:
    """Quantity and rate have one key; a line of discount has no quantity."""
    pairs = ["BT=x", "HM=00123456", "XM=卖方", "XM=甲", "SL=2", "DJ=50", "JE=100.00", "SL=0.13", "SE=13.00"]
    pairs += ["XM=甲", "JE=-10.00", "SL=0.13", "SE=-1.30"]
    (statement,) = statements(with_metadata("\n".join(pairs).encode()))
    assert [(line.quantity, line.tax_rate) for line in stated_items(statement)] == [("2", "13%"), (None, "13%")]


def test_rare_characters_of_names_are_kept() -> None:
    (statement,) = statements(with_metadata("BT=x\nHM=00123456\nXM=㐂𠮷商店\n".encode("gb18030")))
    assert statement.values["seller_name"] == "㐂𠮷商店"
