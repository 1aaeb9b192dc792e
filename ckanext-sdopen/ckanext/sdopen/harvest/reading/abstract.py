"""Information items that an abstract names: 包括机构名称、地址、电话等内容."""

import re

_OPENING = re.compile(
    r"(?:包括|包含|含有|涵盖|内容有|字段有)(?:了|以下|如下)?(?:内容|信息|字段|数据)?[：:]?"
)
_CLOSING = re.compile(
    r"等(?![级待次候])(?:相关|详细|基本|主要)?(?:内容|信息|数据|字段|情况|指标|项目)?|[。；;！!\n]"
)
_BRACKETS = {"（": "）", "(": ")", "【": "】", "[": "]", "“": "”", "《": "》"}
_SEPARATORS = "、，,"
_LONGEST = 60


def _pieces(text: str) -> list[str]:
    """Cut at separators and stop at the closing words, but never inside brackets."""
    pieces: list[str] = []
    closers: list[str] = []
    piece = ""
    position = 0
    while position < len(text):
        char = text[position]
        if not closers and _CLOSING.match(text, position):
            break
        if char in _BRACKETS:
            closers.append(_BRACKETS[char])
        elif closers and char == closers[-1]:
            closers.pop()
        if char in _SEPARATORS and not closers:
            pieces.append(piece)
            piece = ""
        else:
            piece += char
        position += 1
    return [*pieces, piece]


def item_names(abstract: str) -> list[str]:
    """The names of the items that an abstract lists, each once; fewer than two is no list."""
    opening = _OPENING.search(abstract)
    if not opening:
        return []
    names = [piece.strip(" 　：:和及") for piece in _pieces(abstract[opening.end() :])]
    unique = list(dict.fromkeys(name for name in names if 0 < len(name) <= _LONGEST))
    return unique if len(unique) > 1 else []
