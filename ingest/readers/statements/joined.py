"""How values that a form states in parts, or leaves blank, become one or none."""

from collections.abc import Mapping


def joined(*parts: str | None) -> str:
    """Address and telephone, bank and account: as older invoices print them, in one with a space."""
    return " ".join(part for part in parts if part)


def without_blanks(values: Mapping[str, str | None]) -> dict[str, str]:
    return {field: value for field, value in values.items() if value}
