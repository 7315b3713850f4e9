"""The invoice: what a document shows once its readings are settled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Party:
    """Buyer 购买方 or seller 销售方."""

    name: str | None = None
    tax_id: str | None = None
    address_phone: str | None = None
    bank_account: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of goods or services. ``tax_rate`` is text as printed: ``13%``, ``免税``, ``***``."""

    name: str | None = None
    spec: str | None = None
    unit: str | None = None
    quantity: str | None = None
    unit_price: str | None = None
    amount: Decimal | None = None
    tax_rate: str | None = None
    tax_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """One 发票. Identifiers are text (leading zeros count), money is Decimal in yuan, dates are Beijing dates.

    ``invoice_code`` and ``check_code`` are None on fully digitalised invoices (数电票), which have a 20-digit number
    only. ``total_amount`` is tax-included 价税合计, ``amount_without_tax`` 合计金额, ``tax_amount`` 合计税额.
    ``particulars`` are what only some kinds show (stations, plates, the invoice that a red one takes back), by the
    names of ``particulars.py``.
    """

    kind: str
    invoice_number: str | None = None
    invoice_code: str | None = None
    issue_date: date | None = None
    check_code: str | None = None
    machine_number: str | None = None
    seller: Party = Party()
    buyer: Party = Party()
    amount_without_tax: Decimal | None = None
    tax_amount: Decimal | None = None
    total_amount: Decimal | None = None
    total_amount_cn: str | None = None
    payee: str | None = None
    reviewer: str | None = None
    drawer: str | None = None
    remarks: str | None = None
    lines: tuple[Line, ...] = ()
    particulars: Mapping[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> str | None:
        """What makes two documents claims to the same invoice: the 20-digit number, else code and 8-digit number.

        None where the number (or, for an 8-digit number, the code) was not read.
        """
        if self.invoice_number and len(self.invoice_number) == 20:
            return self.invoice_number
        if self.invoice_number and self.invoice_code:
            return f"{self.invoice_code}-{self.invoice_number}"
        return None
