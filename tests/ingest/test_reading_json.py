"""The contract of ``piaoku read --json``."""

import json
from collections.abc import Callable
from datetime import date

from archive.model.digest import Digest
from ingest.drafting import draft_of
from ingest.extraction.fields import read_page
from ingest.model.decision import Known
from ingest.model.draft import Examination
from ingest.pipeline import decide
from ingest.readers import unreadable
from ingest.reading_json import answer

TODAY = date(2026, 11, 22)


def test_a_read_file_tells_each_invoice_with_evidence(page_of: Callable, digital_prints: Callable) -> None:
    draft = draft_of([read_page(page_of(digital_prints(seller=""), number=3))], TODAY)
    examination = Examination("application/pdf", 3, 0.25, (draft,))
    told = answer("a.pdf", Digest.of(b"a"), examination, [decide(draft, Known(), TODAY)])
    told = json.loads(json.dumps(told, ensure_ascii=False))
    (invoice,) = told.pop("invoices")
    assert told == {
        "file": "a.pdf",
        "sha256": Digest.of(b"a").hex,
        "media_type": "application/pdf",
        "pages": 3,
        "seconds": 0.25,
        "error": None,
    }
    assert (invoice["kind"], invoice["pages"]) == ("digital_normal", [3])
    assert (invoice["decision"], invoice["reasons"]) == ("review", ["FIELD-MISSING"])
    assert invoice["fields"]["total_amount"] == {
        "value": "1130.00",
        "source": "pdf_text",
        "confidence": 0.99,
        "page": 3,
        "box": [0.745, 0.7015, 0.793, 0.7197],
    }
    assert invoice["items"][0]["tax_rate"] == "13%"
    assert [(f["code"], f["severity"], f["field"]) for f in invoice["findings"]] == [
        ("FIELD-MISSING", "error", "seller_name")
    ]


def test_a_file_that_cannot_be_read_tells_why() -> None:
    told = answer("b.pdf", None, unreadable.encrypted(), ())
    assert (told["error"]["code"], told["invoices"], told["sha256"]) == ("ENCRYPTED", [], None)
    assert "密码" in told["error"]["message"]
    assert "password" in told["error"]["message"]
