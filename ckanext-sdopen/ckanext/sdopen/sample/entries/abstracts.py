"""Abstracts of the sample's catalogs: what is in them and what for, by the shape of the subject."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ckanext.sdopen.sample.records import Subject


@dataclass(frozen=True)
class AbstractParts:
    """What an abstract is made of."""

    place: str
    subject: Subject
    department: str
    cycle: str


_Fits = Callable[[Subject], bool]
# the first shape that fits; two wordings each
_SHAPES: tuple[tuple[_Fits, tuple[str, str]], ...] = (
    (
        lambda s: bool(re.search("预报|预警", s.name)),
        (
            "{department}{cycle}发布的{place}{stem}，内容包括{items}，供公众安排生产生活和出行参考。",
            "{place}{stem}，由{department}{cycle}发布，可查询{items}。",
        ),
    ),
    (
        lambda s: bool(re.search("监测|自动监控数据|观测|日报|月报", s.name)),
        (
            "{place}{stem}，由{department}组织监测并{cycle}更新，记录{items}。",
            "{department}按规范开展监测形成的{place}{stem}，包括{items}等指标。",
        ),
    ),
    (
        lambda s: bool(re.search(r"统计|指数$|增速$|主要数据$|收支|余额", s.name)),
        (
            "{department}{cycle}汇总的{place}{stem}数据，按{first}列出{rest}等指标，用于了解总体情况和变化趋势。",
            "反映{place}{stem}情况，统计指标包括{items}，由{department}负责解释。",
        ),
    ),
    (
        lambda s: bool(re.search("处罚|失信|惩戒|不良|吊销|异常", s.name)),
        (
            "{department}依法公示的{place}{stem}，包括{items}，供社会公众和信用监管查询使用。",
            "{place}{stem}，记录{items}等内容，由{department}{cycle}更新，公示期满后按规定移出。",
        ),
    ),
    (
        lambda s: bool(re.search("抽检|抽查|检定|检验结果", s.name)),
        (
            "{place}{stem}，由{department}组织实施并公布，消费者可查询{items}。",
            "{department}公布的{place}{stem}，主要包括{items}等内容。",
        ),
    ),
    (
        lambda s: bool(re.search("许可|资质|备案|登记|认定信息", s.name)),
        (
            "{department}办理的{place}{stem}结果，包括{items}，{cycle}更新，供办事企业和群众查询核验。",
            "{place}{stem}，记载{items}等事项，由{department}依职责产生。",
        ),
    ),
    (
        lambda s: bool({"地址", "经度", "办公时间", "开放时间"} & set(s.items)),
        (
            "{place}{stem}一览，方便群众就近查找，包括{items}，由{department}{cycle}核对更新。",
            "{department}整理的{place}{stem}，可按区县查询{items}。",
        ),
    ),
    (
        lambda s: bool(re.search("标准|价格|目录|清单|计划|安排", s.name)),
        (
            "{place}现行的{stem}，由{department}发布，列明{items}。",
            "{department}公布的{place}{stem}，包括{items}等内容，{cycle}更新。",
        ),
    ),
)
_OTHERS = (
    "{place}{stem}，包括{items}等内容，由{department}{cycle}更新。",
    "{department}汇总的{place}{stem}，主要包括{items}等内容。",
)


def abstract(parts: AbstractParts, wording: int) -> str:
    """The abstract of a catalog, in one of the wordings of its subject's shape."""
    subject = parts.subject
    fitting = next((wordings for fits, wordings in _SHAPES if fits(subject)), _OTHERS)
    return fitting[wording % len(fitting)].format(
        place=parts.place,
        stem=re.sub("(?<=.)(信息|统计)$", "", subject.name),
        items="、".join(subject.items[:7]),
        first=subject.items[0],
        rest="、".join(subject.items[1:7]),
        department=parts.department,
        cycle=parts.cycle,
    )
