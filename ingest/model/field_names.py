"""What people call the fields, for sentences about them."""

from archive.model.particulars import NAMES as PARTICULARS

_ZH = {
    **PARTICULARS,
    "invoice_number": "发票号码",
    "invoice_code": "发票代码",
    "issue_date": "开票日期",
    "check_code": "校验码",
    "machine_number": "机器编号",
    "buyer_name": "购买方名称",
    "buyer_tax_id": "购买方纳税人识别号",
    "seller_name": "销售方名称",
    "seller_tax_id": "销售方纳税人识别号",
    "amount_without_tax": "合计金额",
    "tax_amount": "合计税额",
    "total_amount": "价税合计",
    "total_amount_cn": "价税合计（大写）",
    "buyer_address_phone": "购买方地址、电话",
    "buyer_bank_account": "购买方开户行及账号",
    "seller_address_phone": "销售方地址、电话",
    "seller_bank_account": "销售方开户行及账号",
    "payee": "收款人",
    "reviewer": "复核人",
    "drawer": "开票人",
    "remarks": "备注",
    "name": "名称",
    "spec": "规格型号",
    "unit": "单位",
    "quantity": "数量",
    "unit_price": "单价",
    "amount": "金额",
    "tax_rate": "税率",
}


def name_of(field: str) -> tuple[str, str]:
    """A field's name for people, Chinese and English."""
    return _ZH.get(field, field), field.replace("_", " ")
