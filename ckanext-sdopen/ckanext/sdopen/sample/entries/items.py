"""Information items: those a subject's shape adds, their types, lengths and descriptions."""

import re
from collections.abc import Callable
from functools import cache

from ckanext.sdopen.sample.records import Subject

# the first pattern that fits counts; types are those of schemas/codes/data_type.yaml
_TYPES = (
    (r"(开放|营业|办公|服务|受理|办理|首班|末班|发车|投放|高潮|低潮|试鸣|放号)时间$", "C", "50"),
    (r"(发布|观测|监测|统计|发震|发生|停电开始|停电结束)时间$|^时间$", "T", "19"),
    (r"日期$|^有效期至$", "D", "10"),
    (r"^是否", "L", "1"),
    (r"(经度|纬度)$", "B", "10,6"),
    (r"^附件$", "G", ""),
    (
        r"(金额|价格|票价|投资|资金|收入|支出|资本|债务|限额|余额|年薪|损失|预算|决算|学费|低保标准)$",
        "Y",
        "16,2",
    ),
    (r"(指数|浓度|浑浊度|余氯|密度|浪高|波高|潮高|水位|能见度)$", "F", "8,2"),
    (
        r"(率|气温|水温|湿度|风速|面积|长度|宽度|里程|库容|降水量|蓄水量|海拔高度|增速|含水量)$",
        "N",
        "12,2",
    ),
    (
        r"(数|数量|人数|件数|户数|起数|套数|人次|容量|泊位数|床位数|分值|规模|产量|藏书量|存栏量|天数)$",
        "I",
        "10",
    ),
    (r"(内容|事实|依据|描述|摘要|范围|指南|建议|措施|问题|含义|所需材料|备注)$", "M", "2000"),
    (r"(编号|代码|号|文号|编码)$", "C", "50"),
)
_MEANINGS = (
    (r"^统一社会信用代码$", "18 位，按 GB 32100-2015"),
    (r"^(经度|纬度)$", "CGCS2000 坐标系，十进制度"),
    (r"地址$|地点$|位置$|住所$", "所在区县、道路及门牌号"),
    (r"电话$", "公开的办公电话，含区号；手机号码隐去中间四位"),
    (r"^首要污染物$", "空气质量指数大于 50 时占比最大的污染物"),
    (r"浓度$", "日均值，单位：微克/立方米"),
    (r"月份$", "格式为 YYYY-MM"),
    (r"季度$", "格式为 YYYY 年第 N 季度"),
    (r"年度$|年份$", "四位年份"),
    (r"面积$", "单位：平方米"),
    (r"率$", "单位：%"),
    (r"气温$|水温$", "单位：摄氏度"),
)
_BY_TYPE = {
    "D": "格式为 YYYY-MM-DD",
    "T": "格式为 YYYY-MM-DD HH:MM:SS",
    "L": "1 是，0 否",
    "Y": "单位：元",
    "I": "整数",
    "G": "文件",
}
Added = tuple[str, ...]
# what departments keep beside the items proper, by the shape of the subject; the first that fits
_SHAPES: tuple[tuple[Callable[[Subject], bool], Added], ...] = (
    (lambda s: bool(re.search(r"统计|指数$|增速$|主要数据$", s.name)), ("填报机关", "备注")),
    (
        lambda s: bool(re.search("处罚|失信|惩戒|不合格|吊销|经营异常", s.name)),
        ("所属区县", "公示机关", "公示截止日期"),
    ),
    (
        lambda s: any(re.search(r"(许可证|证书|登记证).*(号|编号)$", i) for i in s.items),
        ("所属区县", "发证机关", "证照状态"),
    ),
    (lambda s: "地址" in s.items, ("所属区县", "主管机关")),
    (lambda s: bool(re.search(r"(名单|名录)$", s.name)), ("公布文号", "公布机关")),
    (lambda s: s.name.endswith("目录"), ("编制机关", "附件")),
    (lambda s: bool(re.search("监测|预报|监控", s.name)), ("发布机关",)),
)
_LAST = "数据更新日期"


@cache
def data_type(name: str) -> tuple[str, str]:
    """(数据类型, 数据长度) of an item.

    >>> data_type("许可决定日期")
    ('D', '10')
    """
    for pattern, kind, length in _TYPES:
        if re.search(pattern, name):
            return kind, length
    return "C", "200"


@cache
def names_of(subject: Subject) -> tuple[str, ...]:
    """All items of a subject: its own, those of its shape, the day of its data."""
    added = next((names for fits, names in _SHAPES if fits(subject)), ())
    return tuple(dict.fromkeys((*subject.items, *added, _LAST)))


@cache
def description(subject: str, name: str) -> str:
    """What an item means: its unit or form where it has one."""
    for pattern, text in _MEANINGS:
        if re.search(pattern, name):
            return text
    stem = re.sub("(信息|名录|名单|统计|目录)$", "", subject)
    return _BY_TYPE.get(data_type(name)[0]) or f"{stem}的{name}"


def info_items(
    subject: Subject, key: tuple[str, ...], closed: frozenset[str]
) -> list[dict[str, str]]:
    """The items of a catalog: those of its key are never empty, `closed` ones not opened."""
    listed = []
    for name in names_of(subject):
        kind, length = data_type(name)
        item = {
            "name": name,
            "data_type": kind,
            "data_length": length,
            "description": description(subject.name, name),
            "primary_key": "true" if name in key else "false",
            "nullable": "false" if name in key else "true",
        }
        if name in closed:
            item["opening"] = "none"
        listed.append(item)
    return listed


def closed_items(
    subject: Subject, key: tuple[str, ...], draw: Callable[[str], float]
) -> frozenset[str]:
    """Items of an open catalog that are not opened: half of them, never the first two or the key.

    `draw` gives a number from 0 to 1 for a name.
    """
    others = (name for name in names_of(subject)[2:] if name not in key)
    return frozenset(name for name in others if draw(name) < 0.5)
