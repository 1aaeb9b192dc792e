"""Marks of what must not be catalogued: 国家秘密 and 工作秘密 (国令第809号, 保守国家秘密法).

The words alone are no mark: 涉及商业秘密 and 不含国家秘密 are what bases and abstracts say.
"""

import re

STATE_SECRET, WORK_SECRET = CODES = ("state_secret", "work_secret")
_LEVELS = "绝密|机密|秘密"
_STATE = re.compile(
    rf"(?:{_LEVELS})\s*[★☆*]"  # 秘密★10年, the form of GB/T 9704
    rf"|[（(【〔\[]\s*(?:{_LEVELS})\s*级?\s*[）)】〕\]]"
    rf"|(?:密级|涉密等级|保密级别)\s*[:：]?\s*(?:{_LEVELS})"
    rf"|(?<!商业)(?<!工作)(?:{_LEVELS})级(?!别)"
    rf"|^\s*(?:{_LEVELS}|国家秘密|涉密)\s*$"
)
_WORK = re.compile(
    r"[（(【〔\[]\s*工作秘密\s*[）)】〕\]]|(?:密级|保密级别)\s*[:：]?\s*工作秘密|^\s*工作秘密\s*$|工作秘密\s*[★☆*]"
)


def mark(text: str) -> str:
    """The code of the mark that a text bears, empty where it bears none."""
    if "密" not in text:
        return ""  # every mark holds it; most texts end here
    if _WORK.search(text):
        return WORK_SECRET
    return STATE_SECRET if _STATE.search(text) else ""
