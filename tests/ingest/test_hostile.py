"""Files made to harm a reader cost little, get one stable code each or go to a person, and the next file is read."""

from datetime import date

import pytest

from fixtures.generator.broken import broken
from fixtures.generator.hostile import HOSTILE, hostile
from fixtures.generator.truth import invent
from fixtures.score import score
from ingest.errors import UnreadableError
from ingest.model.decision import Known
from ingest.pipeline import decide
from ingest.reading_json import answer
from ingest.sandbox import Limits, Sandbox

TODAY = date(2026, 7, 1)
LIMITS = Limits(processor_seconds=60, wall_seconds=120)
CODES = {
    "many_pages": "TOO-MANY-PAGES",
    "recursive_form": "PDF-TOO-COMPLEX",
    "fanning_forms": "PDF-TOO-COMPLEX",
    "content_bomb": "PDF-TOO-COMPLEX",
    "operator_bomb": "PDF-TOO-COMPLEX",
    "looping_page_tree": "BROKEN",
    "huge_jpeg": "IMAGE-TOO-LARGE",
    "huge_tiff": "IMAGE-TOO-LARGE",
    "huge_webp": "IMAGE-TOO-LARGE",
    "huge_bmp": "IMAGE-TOO-LARGE",
    "locked_zip": "ENCRYPTED",
    "lying_zip": "BROKEN",
    "nested_zip": "ARCHIVE-NESTED",
    "wide_xml": "XML-TOO-LARGE",
    "long_text_xml": "XML-TOO-LARGE",
    "nul_xml": "BROKEN",
    "ofd_entity": "XML-DTD",
    "ofd_without_document": "BROKEN",
    "pdf_in_picture": "BROKEN",
}
READ = HOSTILE.keys() - CODES.keys()
"""Those that can be read: a page without an invoice, one that a person sees, or the invoice that was tampered with."""


@pytest.fixture(scope="module")
def sandbox():  # type: ignore[no-untyped-def]
    with Sandbox(LIMITS) as one:
        yield one


def keep_nothing(number: int, picture: bytes) -> None:
    pass


@pytest.mark.parametrize("name", CODES)
def test_what_asks_too_much_is_refused_with_its_code(name: str, sandbox: Sandbox) -> None:
    with pytest.raises(UnreadableError) as caught:
        sandbox.examine(hostile(name), TODAY, keep_nothing)
    assert caught.value.code == CODES[name]


@pytest.mark.parametrize("name", sorted(READ))
def test_what_can_be_read_is_never_falsely_accepted(name: str, sandbox: Sandbox) -> None:
    examination = sandbox.examine(hostile(name), TODAY, keep_nothing)
    decisions = [decide(draft, Known(), TODAY) for draft in examination.drafts]
    for told in answer("", None, examination, decisions)["invoices"]:
        assert score(told, invent("digital_normal", 1)).accepted_wrong == ()


def test_the_worker_lives(sandbox: Sandbox) -> None:
    """All of the above went through one process; it still answers."""
    with pytest.raises(UnreadableError) as caught:
        sandbox.examine(broken("truncated_xml"), TODAY, keep_nothing)
    assert caught.value.code == "BROKEN"
