"""Forms that exist on paper only, worn as scans and photos wear: read nearly in full, in their places, never accepted
by themselves."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from archive.model.evidence import Box
from fixtures.generator.paper_slips import FORMS as SLIPS
from fixtures.generator.paper_slips import PaperForm
from fixtures.generator.paper_vehicles import FORMS as VEHICLES
from fixtures.generator.scan import DEGRADATIONS
from ingest.model.decision import Known, Outcome
from ingest.model.draft import Draft
from ingest.pipeline import decide, examine
from ingest.readers.image import ImageReader
from ingest.readers.ocr.rapid import RapidEngine
from ingest.readers.ocr.raster import picture_reader
from ingest.readers.qr_code import find_symbols
from ingest.readers.reader import Reader

FORMS = {**SLIPS, **VEHICLES}
TODAY = date(2026, 11, 20)
CASES = (
    ("taxi", 11, "shadow"),
    ("taxi", 15, "seal"),
    ("train_paper", 12, "skew"),
    ("vat_roll", 13, "perspective"),
    ("quota", 14, "jpeg"),
    ("motor_vehicle", 16, "shadow"),
    ("used_vehicle", 17, "noise"),
)
MOST = 0.8  # of the fields; masked ids and names are left out where a star of the mask is unsure


@pytest.fixture(scope="module")
def known_readers() -> Sequence[Reader]:
    return [ImageReader(picture_reader(RapidEngine(), find_symbols))]


def read(picture: Image.Image, known_readers: Sequence[Reader]) -> Draft:
    content = BytesIO()
    picture.save(content, "JPEG", quality=80)
    (draft,) = examine(content.getvalue(), known_readers, lambda _number, _picture: None, TODAY).drafts
    return draft


def worn(form: PaperForm, degradation: str) -> Image.Image:
    pixels = np.asarray(form.picture)[:, :, ::-1].copy()
    return Image.fromarray(DEGRADATIONS[degradation].wear(pixels, np.random.default_rng(7))[:, :, ::-1])


@pytest.mark.parametrize(("kind", "seed", "degradation"), CASES)
def test_a_worn_paper_form_is_read_and_shown_to_a_person(
    known_readers: Sequence[Reader], kind: str, seed: int, degradation: str
) -> None:
    form = FORMS[kind](seed)
    draft = read(worn(form, degradation), known_readers)
    right = [field for field, value in form.fields.items() if draft.value(field) == value]
    found = {field: draft.value(field) for field in form.fields if field not in right}
    assert draft.kind == kind
    assert len(right) >= MOST * len(form.fields), found
    assert not {"invoice_number", "total_amount", "issue_date"} & {field for field, value in found.items() if value}
    assert decide(draft, Known(), TODAY).outcome is Outcome.REVIEW


def test_the_box_of_a_value_lies_about_its_ink(known_readers: Sequence[Reader]) -> None:
    for kind, printed_once in (("taxi", "invoice_number"), ("motor_vehicle", "seller_name")):
        form = FORMS[kind](21)
        draft = read(form.picture, known_readers)
        for field in (printed_once, "issue_date", "total_amount"):
            assert covers(draft.fields[field].box, form, field), (kind, field)


def covers(box: Box | None, form: PaperForm, field: str) -> bool:
    """Whether the box holds the middle of the value's ink and most of its width."""
    assert box is not None
    x0, y0, x1, y1 = form.places[field]
    width, height = form.picture.size
    shared = min(x1, box.x1 * width) - max(x0, box.x0 * width)
    return box.y0 * height < (y0 + y1) / 2 < box.y1 * height and shared > 0.7 * (x1 - x0)


def test_the_same_seed_makes_the_same_form() -> None:
    for make in FORMS.values():
        first, second = make(3), make(3)
        assert first.fields == second.fields
        assert first.picture.tobytes() == second.picture.tobytes()
        assert set(first.places) - {""} <= set(first.fields)
