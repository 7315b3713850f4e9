"""Extend: longer, never shorter; record, rows, locks and log together, whatever cuts it off."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.audit.entry import Act
from archive.errors import NotFoundError, QueryError, RetentionError
from archive.model.beijing import beijing_date
from archive.objects.filesystem import FilesystemStore
from archive.retention.schedule import PERMANENT_UNTIL, RetentionClass

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
THIRTY = RetentionClass.THIRTY_YEARS


def extend(archive: Archive, record: Any, **terms: Any) -> Any:
    return archive.extend(record.id, actor="会计", now=NOW, **terms)


def locks(folder: Path) -> set[date | None]:
    vault = FilesystemStore(folder / "vault")
    return {vault.stat(item.key).locked_until for item in vault.list() if not item.key.startswith("audit/")}


def test_a_voucher_is_kept_thirty_years_from_the_year_after_its_booking(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    record = deposit.join(deposit(1, issue_date=date(2026, 3, 1)), b"as OFD")
    extended = extend(archive, record, retention_class=THIRTY, booking_year=2026)
    assert extended == replace(
        record, version=3, retention_class="thirty-years", booking_year=2026, retain_until=date(2057, 1, 1)
    )
    assert archive.record(record.id) == extended
    assert locks(data_folder) == {date(2057, 1, 1)}
    assert archive.check(list, pause=0).clean


def test_the_log_tells_who_extended_what_from_when_to_when(archive: Archive, deposit: Any) -> None:
    record = deposit(1)
    extend(archive, record, retention_class=THIRTY, booking_year=2026)
    entry = archive.history(record.id)[-1]
    assert (entry.act, entry.actor) == (Act.RETENTION_EXTENDED, "会计")
    told = dict(entry.details)
    assert str(told.pop("record_json")).startswith("sha256:")
    assert told == {
        "version": 2,
        "class_before": "five-years",
        "class": "thirty-years",
        "booking_year": 2026,
        "retain_until_before": "2031-03-01",
        "retain_until": "2057-01-01",
    }


def test_what_changes_nothing_changes_nothing(archive: Archive, deposit: Any) -> None:
    record = deposit(1)
    extended = extend(archive, record, retention_class=THIRTY, booking_year=2026)
    assert extend(archive, record, retention_class=THIRTY) == extended
    assert extend(archive, record, booking_year=2026) == extended
    assert extend(archive, record) == extended
    assert len(archive.history(record.id)) == 2


def test_a_shorter_class_is_refused_and_an_earlier_booking_shortens_nothing(archive: Archive, deposit: Any) -> None:
    record = deposit(1)
    longer = extend(archive, record, retention_class=THIRTY, booking_year=2026)
    with pytest.raises(RetentionError, match="thirty-years"):
        extend(archive, record, retention_class=RetentionClass.TEN_YEARS)
    assert archive.record(record.id) == longer
    earlier = extend(archive, record, booking_year=2025)
    assert (earlier.booking_year, earlier.retain_until) == (2025, date(2057, 1, 1))


@pytest.mark.parametrize("year", [2024, 2028, 20266, 0, -1])
def test_a_year_that_cannot_be_one_of_booking_is_refused(archive: Archive, deposit: Any, year: int) -> None:
    record = deposit(1)
    with pytest.raises(QueryError, match="year of booking"):
        extend(archive, record, booking_year=year)
    assert archive.record(record.id) == record


def test_a_record_that_does_not_exist_is_told(archive: Archive) -> None:
    with pytest.raises(NotFoundError):
        archive.extend("0000000000000000", retention_class=THIRTY, actor="会计")


def test_for_ever_is_locked_ten_years_ahead_and_joining_later_works(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    record = extend(archive, deposit(1), retention_class=RetentionClass.PERMANENT)
    assert record.retain_until == PERMANENT_UNTIL
    joined = deposit.join(record, b"as OFD", now=NOW)
    assert joined.retain_until == PERMANENT_UNTIL
    assert locks(data_folder) == {date(2036, 11, 23)}
    assert archive.check(list, pause=0).clean


def test_an_original_of_two_records_is_kept_for_the_longer_of_their_terms(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    first = deposit(1)
    second = archive.deposit(**{**deposit.arguments(1), "index": 1, "invoice": deposit.invoice(2)})
    extend(archive, first, retention_class=THIRTY, booking_year=2026)
    assert archive.record(second.id) == second
    assert locks(data_folder) == {date(2057, 1, 1), second.retain_until}
    assert archive.check(list, pause=0).clean


class KilledError(Exception):
    """The process is killed."""


@pytest.mark.parametrize("step", range(1, 5))
def test_cut_off_at_any_step_it_is_done_or_undone_and_can_be_repeated(
    archive: Archive, deposit: Any, data_folder: Path, step: int
) -> None:
    record = deposit(1)
    left = [step]

    class CutOff(FilesystemStore):
        def lock_until(self, *arguments: Any) -> Any:
            return self._cut(super().lock_until, *arguments)

        def put(self, *arguments: Any) -> Any:
            return self._cut(super().put, *arguments)

        def _cut(self, act: Any, *arguments: Any) -> Any:
            left[0] -= 1
            if not left[0]:
                raise KilledError
            return act(*arguments)

    cut = Archive(archive.database, archive.inbox, CutOff(data_folder / "vault"))
    try:
        extend(cut, record, retention_class=THIRTY, booking_year=2026)
    except KilledError:
        assert archive.record(record.id) == record
        assert archive.check(list, pause=0).clean
    extended = extend(archive, record, retention_class=THIRTY, booking_year=2026)
    assert extended.version == 2
    assert locks(data_folder) == {date(2057, 1, 1)}
    assert archive.check(list, pause=0).clean


def test_a_database_error_at_the_end_leaves_the_old_term_and_a_repetition_takes_up_what_was_written(
    archive: Archive, deposit: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = deposit(1)
    with monkeypatch.context() as patched:
        patched.setattr("archive.audit.log.append", lambda *_: (_ for _ in ()).throw(KilledError))
        with pytest.raises(KilledError):
            extend(archive, record, retention_class=THIRTY, booking_year=2026)
    assert archive.record(record.id) == record
    assert extend(archive, record, retention_class=THIRTY, booking_year=2026).version == 2
    assert archive.check(list, pause=0).clean


def test_the_schedule_lengthens_locks_that_lag(archive: Archive, deposit: Any, data_folder: Path) -> None:
    record = deposit(1)
    deposit(2)
    archive.anchor()
    key = f"records/{record.id}/0001.json"
    (data_folder / "vault/.locks" / key).write_text("2030-01-01\n")
    head = data_folder / "vault/.locks/audit/checkpoints/000000000002"
    head.write_text(f"{beijing_date(datetime.now(UTC)) + timedelta(days=3000)}\n")
    assert archive.lengthen_locks() == 2
    assert archive.lengthen_locks() == 0
    assert FilesystemStore(data_folder / "vault").stat(key).locked_until == record.retain_until
    assert archive.check(list, pause=0).clean


def test_what_is_missing_in_the_vault_does_not_stop_the_schedule(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    record, other = sorted((deposit(1), deposit(2)), key=lambda record: record.id)
    (data_folder / f"vault/records/{record.id}/0001.json").unlink()
    (data_folder / f"vault/.locks/records/{other.id}/0001.json").unlink()
    assert archive.lengthen_locks() == 1


def test_what_expires_soon_is_listed_with_the_first_to_end_on_top(archive: Archive, deposit: Any) -> None:
    today = beijing_date(datetime.now(UTC))
    terms = {n: today.replace(day=1) - timedelta(days=5 * 365 - 40 * n) for n in range(3)}
    records = [deposit(n + 1, issue_date=day) for n, day in terms.items()]
    deposit(9, issue_date=today)
    assert [hit.record for hit in archive.expiring(100)] == [record.id for record in records]
    last_day = records[1].retain_until - today
    assert [hit.record for hit in archive.expiring(last_day.days)] == [record.id for record in records[:2]]
    assert archive.expiring(last_day.days - 1)[-1].record == records[0].id
