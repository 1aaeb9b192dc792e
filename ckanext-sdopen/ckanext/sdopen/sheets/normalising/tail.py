"""What stands below the data: totals, remarks, signatures."""

import re
from collections.abc import Iterator, Sequence

from ckanext.sdopen.sheets import texts
from ckanext.sdopen.sheets.grid import Row

# rows at the end that are looked at
ROWS = 20
TOTALS = ("合计", "总计", "小计", "共计")
_TOTAL = re.compile(
    r"(?:本页|本表|全部|各项)?(?:合计|总计|小计|共计|总合计|累计)(?:[（(].*[)）])?[:：]?"
    r"|(?:grand|sub)?\s*total:?",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"(?:备?注|附注|说明|数据来源|资料来源|来源|填表|填报|制表|制单|审核|复核|审批|单位负责|负责人|联系人|联系电话"
    r"|经办|报送)[^:：]{0,12}[:：].*|[※＊*].+|(?:备注|注)\s*\d*[、.．].*"
)


def is_total(row: Row) -> bool:
    """Whether the first thing that a row says is that it sums up."""
    first = next((text for text in map(texts.cell, row) if text), "")
    return bool(_TOTAL.fullmatch("".join(first.split())))


def reasons(rows: Sequence[Row], width: int) -> Iterator[tuple[int, str]]:
    """(index, why) of rows that end a sheet and are no data, from the last upwards."""
    for place in range(len(rows) - 1, max(-1, len(rows) - 1 - ROWS), -1):
        filled = [text for text in map(texts.cell, rows[place]) if text]
        if not filled:
            continue
        if is_total(rows[place]) and width > 1:
            yield place, "total"
        elif _REMARK.fullmatch(filled[0].split("\n")[0]) and len(filled) * 2 <= max(2, width):
            yield place, "remark"
        else:
            return
