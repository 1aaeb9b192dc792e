"""信息资源名称: the data are named, not the system that holds them."""

import re
from collections.abc import Iterator

from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.standard.rules.base import Entry, RuleInput

# a title that ends so names a system; 生态系统, 河流水系统计 and 供水系统 are things of the world
_SYSTEM = re.compile(
    r"(?:管理|信息|业务|办公|审批|监管|服务|查询|申报|登记|执法|监测|预警|指挥|调度|档案|报送|平台|应用|软件|OA)系统$"
    r"|(?:管理|信息|服务|共享|交换|监管|综合|一体化|云|大数据|应用|业务|办公|审批)平台$"
    r"|(?:软件|APP|小程序|门户网站|公众号)$",
    re.IGNORECASE,
)


def title_names_data(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """A catalog's name is not a system's name."""
    title = str(entry.get("title") or "")
    found = _SYSTEM.search(title[-40:])
    if found:
        yield Finding("title_names_system", "title", {"value": title, "ending": found[0]})
