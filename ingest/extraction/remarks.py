"""What remarks 备注 say in a form that the law or the issuing software sets: the invoice that a red one takes back, the
deduction of a margin scheme, for whom a tax bureau issued, where a property lies."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from archive.model.evidence import Reading
from ingest.extraction import normalise

# A value in words ends at a stop, or where the next label begins.
_END = (
    r"(?=[;,。|]|$|建筑服务发生地|建筑项目名称|项目名称|土地增值税|不动产地址|详细地址|租赁期起止|跨地\(市\)|起运地|到达地|"
    r"车种车号|车号|运输工具|运输货物|代开企业|合同)"
)
_PATTERNS = (
    # 国家税务总局公告 2024 年第 11 号: 数电票; 国家税务总局公告 2016 年第 47 号: the forms of the tax control systems
    re.compile(r"被红冲蓝字(?:数电票|数电发票|全电发票|发票)?号码:?(?P<original_invoice_number>\d{20}|\d{8})(?!\d)"),
    re.compile(
        r"对应(?:正数|蓝字)发票代码:?(?P<original_invoice_code>\d{12}|\d{10})(?!\d),?"
        r"(?:发票)?号码:?(?P<original_invoice_number>\d{8})(?!\d)"
    ),
    re.compile(r"红字发票信息确认单(?:编号)?:?(?P<red_notice_no>\d{20})(?!\d)"),
    re.compile(r"红字(?:增值税专用)?发票(?:信息|通知|申请)[表单](?:编)?号:?(?P<red_notice_no>\d{16})(?!\d)"),
    # 国家税务总局公告 2016 年第 23 号, 第四条: margin scheme, construction, sale and lease of property
    re.compile(r"(?P<is_differential>差额征税)(?::?(?P<deduction>\d[\d,]*\.\d\d)(?!\d))?"),
    re.compile(r"建筑服务发生地:?(?P<construction_place>.+?)" + _END),
    re.compile(r"(?:建筑服务发生地.+|建筑)项目名称:?(?P<construction_project>.+?)" + _END),
    re.compile(r"土地增值税项目编号:?(?P<land_tax_project_no>\w+)"),
    re.compile(r"(?:不动产|详细)地址:(?P<property_address>.+?)" + _END),
    re.compile(r"租赁期起止:?(?P<lease_period>20[\d\-/.年月日\s至到~]+\d日?)"),
    re.compile(r"跨地\(市\)标志:?(?P<cross_region>[是否])"),
    # 国家税务总局公告 2015 年第 99 号, 第一条: transport of goods
    re.compile(r"起运地:(?P<loading_place>.+?)" + _END),
    re.compile(r"到达地:(?P<unloading_place>.+?)" + _END),
    re.compile(r"(?:车种车号|车号|运输工具牌号):(?P<transport_no>.+?)" + _END),
    re.compile(r"运输货物(?:信息|名称):(?P<goods_carried>.+?)" + _END),
    # 税务机关代开增值税专用发票管理办法 (国税发〔2004〕153号) and its successors
    re.compile(r"代开企业税号:?(?P<principal_tax_id>[0-9A-Z]{15,20})"),
    re.compile(r"代开企业名称:?(?P<principal_name>.+?)" + _END),
)
_MONEY = frozenset({"deduction"})
_RED = "红字"


def told(remarks: Reading) -> Iterator[Reading]:
    """The particulars in remarks, with their place and confidence."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", remarks.value))
    for pattern in _PATTERNS:
        found = pattern.search(text)
        for field, value in (found.groupdict() if found else {}).items():
            read = normalise.money(value) if value and field in _MONEY else value
            if read and ":" not in read:  # else it has run into a label that is not known
                yield replace(remarks, field=field, value=read)
        if found and "original_invoice_number" in found.groupdict():
            yield replace(remarks, field="is_red", value=_RED)
