"""Particulars: what only some kinds of invoice show, as text by name, in the groups and the order of the screen.

Names are those of readings. A value that an invoice shows several times (two flights, three passages) is kept in the
order of the page, parted by `` / ``. Marks (``is_red`` …) are there where they hold, with the words of the page.
"""

from collections.abc import Mapping, Sequence

_PARTED_BY = " / "
_NONE = "–"

GROUPS: Mapping[str, Mapping[str, str]] = {
    "journey": {
        "passenger_name": "旅客",
        "passenger_id_no": "证件号",
        "departure": "出发地",
        "destination": "到达地",
        "departure_date": "出发日期",
        "departure_time": "出发时间",
        "carrier_no": "车次/航班",
        "seat_class": "席别",
        "seat": "座位",
        "ticket_no": "电子客票号",
        "conveyance": "交通工具",
    },
    "fare": {
        "fare": "票价",
        "fuel_surcharge": "燃油附加费",
        "development_fund": "民航发展基金",
        "other_taxes": "其他税费",
    },
    "road": {
        "plate_number": "车牌号",
        "vehicle_type": "车辆类型",
        "passage_start": "通行日期起",
        "passage_end": "通行日期止",
        "boarding_time": "上车时间",
        "alighting_time": "下车时间",
        "mileage": "里程（公里）",
    },
    "vehicle": {
        "vin": "车辆识别代号",
        "engine_no": "发动机号",
        "certificate_no": "合格证号",
        "brand_model": "厂牌型号",
        "registration_no": "登记证号",
    },
    "business": {
        "special_business": "特定业务",
        "construction_place": "建筑服务发生地",
        "construction_project": "建筑项目名称",
        "land_tax_project_no": "土地增值税项目编号",
        "property_certificate_no": "产权证书号",
        "property_address": "不动产地址",
        "lease_period": "租赁期起止",
        "area_unit": "面积单位",
        "cross_region": "跨地（市）标志",
        "transport_kind": "运输工具种类",
        "transport_no": "运输工具牌号",
        "loading_place": "起运地",
        "unloading_place": "到达地",
        "goods_carried": "运输货物名称",
    },
    "relation": {
        "is_red": "红字发票",
        "original_invoice_code": "原发票代码",
        "original_invoice_number": "原发票号码",
        "red_notice_no": "红字信息编号",
        "is_differential": "差额征税",
        "deduction": "扣除额",
        "is_agency_issued": "代开",
        "principal_name": "代开企业名称",
        "principal_tax_id": "代开企业税号",
        "is_purchase_invoice": "收购发票",
    },
}
"""Names by group, with what they are called in Chinese."""

NAMES: Mapping[str, str] = {name: zh for group in GROUPS.values() for name, zh in group.items()}


def in_order(values: Sequence[str | None]) -> str | None:
    """The values of one name as one text: a single one where all agree; None where there are none.

    >>> in_order(["CA1234", None, "CA5678"])
    'CA1234 / – / CA5678'
    """
    if not any(values):
        return None
    return values[0] if len(set(values)) == 1 else _PARTED_BY.join(value or _NONE for value in values)


def split(text: str) -> list[str]:
    """The parts of what ``in_order`` made."""
    return text.split(_PARTED_BY)
