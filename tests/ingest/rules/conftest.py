"""Drafts of invented invoices for the rules."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from archive.model.evidence import Reading, Source
from ingest.model.draft import Draft, Item


@pytest.fixture(scope="session")
def draft_of() -> Callable[..., Draft]:
    def draft_of(*items: Item, kind: str = "digital_normal", **values: str) -> Draft:
        fields = {field: Reading(field, value, Source.PDF_TEXT, Decimal(1)) for field, value in values.items()}
        return Draft(kind, (1,), fields, tuple(fields.values()), items, ())

    return draft_of
