"""Removing: refused before the term, and honestly refused after it."""

from datetime import date
from typing import Any

import pytest

from archive.archive import Archive
from archive.errors import NotFoundError, RetentionError


def test_before_its_term_a_record_is_not_removed(archive: Archive, deposit: Any) -> None:
    record = deposit(1)
    with pytest.raises(RetentionError, match="2031-03-01"):
        archive.remove(record.id, date(2031, 2, 28))
    assert archive.record(record.id) == record


def test_after_its_term_it_waits_for_disposal_by_procedure(archive: Archive, deposit: Any) -> None:
    record = deposit(1)
    with pytest.raises(RetentionError, match="does not offer"):
        archive.remove(record.id, date(2031, 3, 1))
    assert archive.record(record.id) == record


def test_what_is_not_there_is_not_found(archive: Archive) -> None:
    with pytest.raises(NotFoundError):
        archive.remove("0000000000000000", date(2031, 3, 1))
