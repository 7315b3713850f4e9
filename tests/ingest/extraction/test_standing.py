"""A page that says it is a print of a result, a preview or void is never accepted as the invoice it shows."""

from collections.abc import Callable
from datetime import date

import pytest

from ingest.drafting import draft_of
from ingest.extraction.fields import read_page
from ingest.model.decision import Known
from ingest.pipeline import decide

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("查验次数:第1次", "VERIFICATION-PRINT"),
        ("查验时间:2026-11-21 10:20:30", "VERIFICATION-PRINT"),
        ("仅供预览", "PREVIEW-MARK"),
        ("样 票", "PREVIEW-MARK"),
        ("作 废", "VOID-MARK"),
        ("订单作废须在七日内", None),
        ("云杉预览文化有限公司", None),
        ("请及时查验", None),
    ],
)
def test_marks_that_stand_alone(page_of: Callable, digital_prints: Callable, text: str, code: str | None) -> None:
    draft = draft_of((read_page(page_of([*digital_prints(), (text, 40, 20)])),), TODAY)
    assert [reason.code for reason in decide(draft, Known(), TODAY).reasons] == ([code] if code else [])
