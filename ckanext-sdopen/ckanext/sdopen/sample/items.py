"""Information items: type and length as the name of an item tells them."""

import re

# the first pattern that fits counts; types are those of schemas/codes/data_type.yaml
_TYPES = (
    (r"(开放|营业|办公|服务|受理|办理|首班|末班|发车|投放|高潮|低潮|试鸣)时间$", "C", "50"),
    (r"(发布|观测|监测|统计|发震|发生|停电开始|停电结束)时间$|^时间$", "T", "19"),
    (r"日期$|有效期至$", "D", "10"),
    (r"^是否|是否免费", "L", "1"),
    (r"(经度|纬度)$", "B", "10,6"),
    (r"(金额|价格|票价|投资|资金|收入|支出|资本|债务|限额|余额|年薪|损失|预算|决算)$", "Y", "16,2"),
    (
        r"(率|指数|浓度|浑浊度|余氯|低保标准|气温|水温|湿度|风速|面积|长度|宽度|里程|水位|库容|降水量|蓄水量|海拔高度|增速|含水量)$",
        "N",
        "12,2",
    ),
    (
        r"(数|数量|人数|件数|户数|起数|套数|人次|容量|泊位数|床位数|分值|规模|产量|藏书量|存栏量)$",
        "I",
        "10",
    ),
    (r"(内容|事实|依据|描述|摘要|范围|指南|建议|措施|问题|含义|所需材料)$", "M", "2000"),
    (r"(编号|代码|号|文号|编码)$", "C", "50"),
)


def data_type(name: str) -> tuple[str, str]:
    """(数据类型, 数据长度) of an item.

    >>> data_type("许可决定日期")
    ('D', '10')
    """
    for pattern, kind, length in _TYPES:
        if re.search(pattern, name):
            return kind, length
    return "C", "200"


def info_items(names: tuple[str, ...]) -> list[dict[str, str]]:
    """The items of a catalog, the first of them its key."""
    listed = []
    for position, name in enumerate(names):
        kind, length = data_type(name)
        item = {"name": name, "data_type": kind, "data_length": length}
        item["primary_key"] = "true" if position == 0 else "false"
        item["nullable"] = "false" if position == 0 else "true"
        listed.append(item)
    return listed
