"""Record ids: the same on every machine, different for every invoice."""

import re

from hypothesis import given
from hypothesis import strategies as st

from archive.model.digest import Digest
from archive.model.record import record_id


def test_an_id_is_the_one_the_format_page_explains() -> None:
    # SHA-256 of "sha256:<64 zeros>#0" begins with 80 bits that spell this in Crockford's base 32, worked out by hand.
    digest = Digest("sha256:" + "0" * 64)
    bits = int.from_bytes(bytes.fromhex(Digest.of(f"{digest}#0".encode()).hex)[:10], "big")
    letters = "0123456789abcdefghjkmnpqrstvwxyz"
    assert record_id(digest, 0) == "".join(letters[bits >> shift & 31] for shift in range(75, -1, -5))


@given(st.sets(st.tuples(st.binary(max_size=4).map(Digest.of), st.integers(0, 50)), max_size=30))
def test_ids_are_short_plain_and_different(invoices: set[tuple[Digest, int]]) -> None:
    ids = {record_id(digest, index) for digest, index in invoices}
    assert len(ids) == len(invoices)
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{16}", made) for made in ids)
