"""All rules, in the order in which their findings are told."""

from collections.abc import Callable, Iterator
from datetime import date

from archive.model.evidence import Finding
from ingest.model.draft import Draft
from ingest.rules import amounts, dates, lines, numbers, parties, rates, relations, tickets

Rule = Callable[[Draft, date], Iterator[Finding]]
"""Takes a draft and today's Beijing date. A rule whose fields were not read finds nothing."""

ALL: tuple[Rule, ...] = (
    numbers.number_length,
    numbers.code_length,
    numbers.check_code_length,
    numbers.number_year,
    numbers.number_region,
    dates.issue_date,
    dates.kind_in_force,
    parties.tax_ids,
    amounts.amount_sum,
    amounts.words,
    amounts.signs,
    lines.amount_lines,
    lines.tax_lines,
    lines.bill_lines,
    lines.list_elsewhere,
    lines.line_price,
    lines.line_tax,
    lines.discounts,
    rates.unusual,
    tickets.fare_sum,
    tickets.fare_tax,
    relations.red_original,
    relations.red_sign,
    relations.red_itself,
    relations.margin_tax,
    relations.agency_named,
    relations.business_told,
    relations.special_exempt,
    relations.special_person,
)


def findings(draft: Draft, today: date, rules: tuple[Rule, ...] = ALL) -> tuple[Finding, ...]:
    """What the rules find. Raises ValueError for an empty set of rules, which would pass everything."""
    if not rules:
        raise ValueError("no rules to check the draft by")
    return tuple(finding for rule in rules for finding in rule(draft, today))
