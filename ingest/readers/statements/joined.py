"""How values that a form states in parts, several times, or leaves blank, become one or none."""

from collections.abc import Mapping, Sequence

from archive.model.particulars import in_order


def joined(*parts: str | None) -> str:
    """Address and telephone, bank and account: as older invoices print them, in one with a space."""
    return " ".join(part for part in parts if part)


def without_blanks(values: Mapping[str, str | None]) -> dict[str, str]:
    return {field: value for field, value in values.items() if value}


def repeated(blocks: Sequence[Mapping[str, str]], fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a block that may repeat, by the names that ``fields`` gives to its tags."""
    found = {field: in_order([block.get(tag) for block in blocks]) for tag, field in fields.items()}
    return without_blanks(found)
