"""Terms: the five-year floor, and originals that are kept as long as their records, also against SQL by hand."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index("records_by_retain_until", "records", ["retain_until"])
    for trigger in _TRIGGERS:
        op.execute(trigger)


# 发票管理办法 (2023) Art. 28. SQLite makes 1 March of a 29 February that a year does not have.
_REFUSE_SHORTER = """
BEGIN
    SELECT RAISE(ABORT, 'retention: five years from the issue date are the least')
    WHERE NEW.retain_until < date(NEW.issue_date, '+5 years');
END
"""

_TRIGGERS = [
    "CREATE TRIGGER records_floor_at_first BEFORE INSERT ON records" + _REFUSE_SHORTER,
    "CREATE TRIGGER records_floor BEFORE UPDATE OF retain_until, issue_date ON records" + _REFUSE_SHORTER,
    # What belongs to a record: its originals, and every version of its JSON.
    """
    CREATE TRIGGER records_carry_their_objects AFTER UPDATE OF retain_until ON records BEGIN
        UPDATE objects SET retain_until = NEW.retain_until
        WHERE retain_until < NEW.retain_until
        AND (
            key IN (SELECT object_key FROM record_originals WHERE record_id = NEW.id)
            OR (key > 'records/' || NEW.id || '/' AND key < 'records/' || NEW.id || '0')
        );
    END
    """,
    """
    CREATE TRIGGER originals_last_as_long BEFORE INSERT ON record_originals BEGIN
        UPDATE objects SET retain_until = (SELECT retain_until FROM records WHERE id = NEW.record_id)
        WHERE key = NEW.object_key
        AND retain_until < (SELECT retain_until FROM records WHERE id = NEW.record_id);
    END
    """,
]
