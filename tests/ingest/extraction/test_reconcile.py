"""Readings that agree make each other surer; readings that differ are settled only where one clearly outweighs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from archive.model.evidence import Box, Reading, Severity, Source
from ingest.extraction.reconcile import reconcile

PLACE = Box(0.1, 0.1, 0.2, 0.2)
MATCHED, UNCHECKED = "0.9999", "0.99"


def read(value: str, source: Source, confidence: str = "0.99", field: str = "total_amount") -> Reading:
    return Reading(field, value, source, Decimal(confidence), 1, PLACE)


def test_a_single_reading_is_taken_as_it_is() -> None:
    only = read("9.00", Source.PDF_TEXT)
    assert reconcile([only]) == ({"total_amount": only}, ())


@pytest.mark.parametrize("source", [Source.PDF_TEXT, Source.OCR])
def test_agreement_with_the_qr_code_makes_a_printed_reading_surer(source: Source) -> None:
    chosen, findings = reconcile([read("9.00", source, "0.9"), read("9.00", Source.QR, UNCHECKED)])
    assert (chosen["total_amount"].source, chosen["total_amount"].confidence) == (source, Decimal("0.999"))
    assert findings == ()


def test_the_same_source_twice_is_no_agreement() -> None:
    chosen, _ = reconcile([read("9.00", Source.OCR, "0.9"), read("9.00", Source.OCR, "0.8")])
    assert chosen["total_amount"].confidence == Decimal("0.9")


@pytest.mark.parametrize("crc", [MATCHED, UNCHECKED])
def test_text_and_qr_code_that_differ_are_a_conflict(crc: str) -> None:
    _, (finding,) = reconcile([read("9.00", Source.PDF_TEXT), read("8.00", Source.QR, crc)])
    assert (finding.code, finding.severity, finding.field) == ("FIELD-CONFLICT", Severity.ERROR, "total_amount")
    assert "9.00" in finding.zh
    assert "8.00" in finding.zh


def test_a_qr_code_whose_check_sum_holds_outweighs_an_unsure_scan() -> None:
    chosen, findings = reconcile([read("9.00", Source.OCR, "0.7"), read("8.00", Source.QR, MATCHED)])
    assert (chosen["total_amount"].value, findings) == ("8.00", ())


@pytest.mark.parametrize(("ocr", "qr"), [("0.95", MATCHED), ("0.7", UNCHECKED)])
def test_otherwise_scan_and_qr_code_that_differ_are_a_conflict(ocr: str, qr: str) -> None:
    _, findings = reconcile([read("9.00", Source.OCR, ocr), read("8.00", Source.QR, qr)])
    assert [finding.code for finding in findings] == ["FIELD-CONFLICT"]


def test_one_of_two_printed_places_that_the_qr_code_confirms_settles_the_other() -> None:
    readings = [
        read("1100263180", Source.OCR, "0.99", "invoice_code"),
        read("1100263130", Source.OCR, "0.8", "invoice_code"),
    ]
    _, without = reconcile(readings)
    chosen, settled = reconcile([*readings, read("1100263130", Source.QR, MATCHED, "invoice_code")])
    assert [finding.code for finding in without] == ["FIELD-CONFLICT"]
    assert (chosen["invoice_code"].value, settled) == ("1100263130", ())


def test_two_qr_codes_that_differ_are_a_conflict_even_if_print_confirms_one() -> None:
    readings = [read("9.00", Source.PDF_TEXT), read("9.00", Source.QR, MATCHED), read("8.00", Source.QR, MATCHED)]
    _, findings = reconcile(readings)
    assert [finding.code for finding in findings] == ["FIELD-CONFLICT"]


def test_names_that_differ_in_width_only_are_the_same() -> None:
    readings = [
        read("云杉（北京）公司", Source.PDF_TEXT, field="buyer_name"),
        read("云杉(北京)公司", Source.OCR, field="buyer_name"),
    ]
    chosen, findings = reconcile(readings)
    assert (chosen["buyer_name"].value, findings) == ("云杉（北京）公司", ())


def test_what_nothing_can_confirm_is_left_unchosen_where_ocr_is_unsure() -> None:
    readings = [read("客户编号", Source.OCR, "0.5", "remarks"), read("张三", Source.OCR, "0.95", "drawer")]
    chosen, findings = reconcile(readings)
    assert (set(chosen), findings) == ({"drawer"}, ())


def test_data_is_believed_where_the_page_says_the_same() -> None:
    chosen, findings = reconcile([read("9.00", Source.XML, "1"), read("9.00", Source.OFD_TEXT)])
    assert (chosen["total_amount"].source, findings) == (Source.XML, ())


@pytest.mark.parametrize("third", [Source.OFD_TEXT, Source.XBRL, Source.QR])
def test_data_that_the_page_contradicts_is_a_conflict_whoever_else_agrees(third: Source) -> None:
    readings = [read("9.00", Source.XML, "1"), read("8.00", Source.PDF_TEXT), read("9.00", third)]
    _, findings = reconcile(readings)
    assert [finding.code for finding in findings] == ["FIELD-CONFLICT"]


def test_words_are_compared_as_amounts_are_read() -> None:
    written = [
        read("壹仟元整", Source.PDF_TEXT, field="total_amount_cn"),
        read("壹仟圆", Source.XML, "1", "total_amount_cn"),
    ]
    assert reconcile(written)[1] == ()
    assert reconcile([*written, read("贰仟圆整", Source.OFD_TEXT, field="total_amount_cn")])[1] != ()


def test_particulars_of_which_each_page_has_a_part_are_left_out() -> None:
    first = Reading("plate_number", "京A12345 / 京B12345", Source.PDF_TEXT, Decimal("0.99"), 1)
    more = replace(first, value="京C12345", page=2)
    assert reconcile([first, more]) == ({}, ())
    assert reconcile([first, replace(first, page=2)]) == ({"plate_number": first}, ())
    data = replace(first, value="京A12345 / 京B12345 / 京C12345", source=Source.PDF_DATA, confidence=Decimal(1))
    assert reconcile([first, more, data]) == ({"plate_number": data}, ())
