"""What only some kinds show goes into the record with everything else."""

from datetime import date

import pytest

from archive.model.particulars import NAMES, in_order, split
from fixtures.generator.carriers import carried
from fixtures.generator.variants import invented
from ingest.filing import invoice_of
from ingest.pipeline import examine
from ingest.readers.registry import readers

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("carrier", ["pdf", "einvoice", "ofd_tags"])
def test_a_toll_invoice_keeps_its_passages(carrier: str) -> None:
    truth = invented("digital_toll", 3)
    (draft,) = examine(carried(carrier, [truth]), readers(), lambda _number, _picture: None, TODAY).drafts
    kept = invoice_of(draft).particulars
    assert kept["plate_number"] == in_order([passage.plate for passage in truth.passages])
    assert kept["vehicle_type"] == in_order([passage.vehicle for passage in truth.passages])
    assert kept.keys() <= NAMES.keys()


def test_several_values_stay_in_order_and_come_apart_again() -> None:
    assert in_order([]) is None
    assert in_order([None, None]) is None
    assert in_order(["京BI5006", "京BI5006"]) == "京BI5006"
    together = in_order(["CA1234", None, "CA5678"])
    assert together == "CA1234 / – / CA5678"
    assert split(together) == ["CA1234", "–", "CA5678"]
