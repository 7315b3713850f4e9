"""A kind is what all clues agree on; kinds we do not read are never taken for those we do."""

import pytest

from ingest.kinds.kind import Kind
from ingest.kinds.recognise import Clues, recognise
from ingest.kinds.registry import KINDS

FULL = {
    "digital_special": Clues(
        "电子发票(增值税专用发票)\n发票号码:26117000000123456789", frozenset({"31"}), None, "2" * 20
    ),
    "digital_normal": Clues("电子发票（普通发票）", frozenset({"32"}), None, "2" * 20),
    "digital_toll": Clues("通行费\n电子发票(普通发票)", frozenset({"32"}), None, "2" * 20),
    "digital_rail": Clues("电子发票(铁路电子客票)", frozenset({"51"}), None, "2" * 20),
    "digital_air": Clues("电子发票(航空运输电子客票行程单)", frozenset({"61"}), None, "2" * 20),
    "vat_special_electronic": Clues("北京增值税电子专用发票", frozenset({"20"}), "011002600113", "00123456"),
    "toll_electronic": Clues("北京增值税电子普通发票\n通行费", frozenset({"10"}), "011002600112", "00123456"),
    "vat_normal_electronic": Clues("北京增值税电子普通发票", frozenset({"10"}), "011002600111", "00123456"),
    "vat_special_paper": Clues("1100263130北京增值税专用发票No00123456", frozenset({"01"}), "1100263150", "00123456"),
    "vat_normal_paper": Clues("北京增值税普通发票", frozenset({"04"}), "011002600104", "00123456"),
    "vat_roll": Clues("北京增值税普通发票(卷票)", frozenset({"11"}), "011002600106", "00123456"),
    "motor_vehicle": Clues("机动车销售统一发票", frozenset({"03"}), "111002620660", "00123456"),
    "used_vehicle": Clues("二手车销售统一发票", frozenset({"15"}), "011002600117", "00123456"),
    "digital_motor_vehicle": Clues("电子发票(机动车销售统一发票)", frozenset({"83"}), None, "2" * 20),
    "digital_used_vehicle": Clues("电子发票（二手车销售统一发票）", frozenset({"84"}), None, "2" * 20),
    "digital_paper_special": Clues("北京增值税专用发票\n数电票号码", frozenset(), "1100263150", "00123456"),
    "digital_paper_normal": Clues("北京增值税普通发票\n数电票号码", frozenset(), "011002600104", "00123456"),
    "digital_paper_motor": Clues("机动车销售统一发票\n数电票号码", frozenset(), "111002620660", "00123456"),
    "digital_paper_used": Clues("二手车销售统一发票\n数电票号码", frozenset(), "011002600117", "00123456"),
    "freight_special": Clues("北京货物运输业增值税专用发票", frozenset({"02"}), "1100143720", "00123456"),
    "general_e_gd_zj": Clues("浙江通用(电子)发票\n浙江通用机打电子发票", frozenset(), "133002600119", "00123456"),
    "toll_paper": Clues("北京市车辆通行费专用发票", frozenset(), "111002600119", "00123456"),
    "air_paper": Clues("航空运输电子客票行程单\n印刷序号", frozenset(), None, "12345678901"),
    "bus": Clues("北京市公路汽车客票", frozenset(), "111002600119", "00123456"),
    "ship": Clues("厦门市轮渡客运发票", frozenset(), "135022600119", "00123456"),
    "taxi": Clues("北京市出租汽车专用发票\n机打发票手写无效", frozenset(), "111002600119", "00123456"),
    "quota": Clues("北京市通用定额发票", frozenset(), "111002600119", "00123456"),
    "general_machine": Clues("北京市通用机打发票", frozenset(), "111002600119", "00123456"),
    "blockchain_sz": Clues("深圳电子普通发票", frozenset(), "144032600110", "00123456"),
    "fiscal_e_bill": Clues("北京市医疗门诊收费票据(电子)", frozenset(), "11010126", "0001234567"),
    "train_paper": Clues("K012345\n买票请到12306发货请到95306", frozenset(), None, "K012345"),
}


def codes(clues: Clues) -> list[str]:
    recognition = recognise(clues)
    assert recognition.kind is None
    return [finding.code for finding in recognition.findings]


def named(clues: Clues) -> str | None:
    kind = recognise(clues).kind
    return kind.id if kind else None


def test_every_kind_is_recognised_by_all_its_clues_together() -> None:
    assert {kind.id for kind in KINDS} == set(FULL)
    assert {kind: named(clues) for kind, clues in FULL.items()} == {kind: kind for kind in FULL}


@pytest.mark.parametrize(
    ("clues", "kind"),
    [
        (Clues("电子发票普通发票)"), "digital_normal"),
        (Clues("电子发国院通发票)", frozenset({"32"}), None, "2" * 20), "digital_normal"),
        (Clues("电子发票增值税专用发票", frozenset({"31"}), None, "2" * 20), "digital_special"),
        (Clues("上海市税务局电子发国增值税专用发票"), "digital_special"),
        (Clues("", frozenset({"31"})), "digital_special"),
        (Clues("", frozenset(), "011002600111"), "vat_normal_electronic"),
        (Clues("", frozenset(), "144031539110"), "vat_normal_electronic"),
        (Clues("", frozenset(), "1100263320"), "vat_normal_paper"),
        (Clues("", frozenset(), "011002600105", "00123456"), "vat_normal_paper"),
        (Clues("", frozenset(), "011002600112", "00123456"), "toll_electronic"),
        (Clues("", titles=frozenset({"电子发票（普通发票）"})), "digital_normal"),
        (Clues("", titles=frozenset({"通行费 电子发票（普通发票）"})), "digital_toll"),
    ],
)
def test_a_missing_clue_has_no_vote(clues: Clues, kind: str) -> None:
    assert named(clues) == kind


@pytest.mark.parametrize(
    "clues",
    [
        Clues("电子发票(普通发票)", frozenset({"31"})),
        Clues("北京增值税电子普通发票", frozenset({"04"}), "011002600111"),
        Clues("北京增值税专用发票", frozenset(), "1100263320"),
        Clues("电子发票(普通发票)", frozenset(), None, "00123456"),
        Clues("电子发票(普通发票)", titles=frozenset({"电子发票（增值税专用发票）"})),
        Clues("", titles=frozenset({"电子发票（普通发票）", "电子发票（增值税专用发票）"})),
        Clues("北京增值税电子普通发票", frozenset(), "144002600111"),
        Clues("北京增值税普通发票", frozenset(), "011002600106"),
        Clues("北京市出租汽车专用发票", frozenset({"32"})),
    ],
)
def test_clues_that_contradict_each_other_go_to_a_person(clues: Clues) -> None:
    assert codes(clues) == ["KIND-CONFLICT"]


@pytest.mark.parametrize(
    "clues",
    [
        Clues(""),
        Clues("", frozenset(), None, "00123456"),
        Clues("北京增值税电子普通发票", frozenset({"10"})),
        Clues("电子发票(普通发票)", frozenset({"33"})),
        Clues("", frozenset(), "111002600119", "00123456"),
    ],
)
def test_clues_that_name_no_kind_go_to_a_person(clues: Clues) -> None:
    assert codes(clues) == ["KIND-UNKNOWN"]


@pytest.mark.parametrize(
    "clues",
    [
        Clues("电子发票(机动车销售统一发票)", frozenset({"32"}), None, "2" * 20),
        Clues("电子发票（二手车销售统一发票）", frozenset({"32"}), None, "2" * 20),
        Clues("航空运输电子客票行程单", frozenset({"61"}), None, "2" * 20),
        Clues("北京增值税专用发票\n数电票号码:26117000000123456789", frozenset({"01"}), "1100263150", "00123456"),
        Clues("货物运输业增值税专用发票", frozenset({"01"}), "1100263150", "00123456"),
        Clues("出租汽车客运专用发票", frozenset({"10"}), "011002600111", "00123456"),
    ],
)
def test_what_resembles_another_kind_is_never_taken_for_it(clues: Clues) -> None:
    assert codes(clues) == ["KIND-CONFLICT"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_what_is_asked_of_the_issuers_platform_must_be_read(kind: Kind) -> None:
    assert set(kind.verified_by) <= set(kind.required)
    assert kind.id.isidentifier()


def test_kinds_can_be_told_apart_by_id() -> None:
    assert len({kind.id for kind in KINDS}) == len(KINDS)
    assert all(isinstance(kind, Kind) and kind.required for kind in KINDS)
