"""信息资源代码: composed and parsed; 类(1) 项(2) 目(3) 细目 `/` 顺序码 (发改高技〔2017〕1272号)."""

import re
from dataclasses import dataclass
from functools import lru_cache

# practice pads the sequence to six digits per prefix
_PADDED = 6
_CODE = re.compile(
    r"(?P<category>[123])(?P<division>\d{2})(?P<subject>\d{3})(?P<detail>\d*)/(?P<number>\d{1,15})"
)
_PREFIX = re.compile(r"[123]\d{5}\d*")


@dataclass(frozen=True, slots=True)
class ResourceCode:
    """A code in its parts; `number` is the sequence number as a whole number."""

    category: str
    division: str
    subject: str
    detail: str
    number: int

    @property
    def prefix(self) -> str:
        """What stands before the stroke; numbers are counted under it."""
        return self.category + self.division + self.subject + self.detail


# every step of a write asks
@lru_cache(maxsize=8_192)
def parsed(code: str) -> ResourceCode | None:
    """The parts of a code, None for a code of another shape (older ones are alphanumeric)."""
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    parts = match.groupdict()
    return ResourceCode(**{**parts, "number": int(parts["number"])})  # type: ignore[arg-type]


def is_prefix(text: str) -> bool:
    """Whether a text can stand before the stroke."""
    return bool(_PREFIX.fullmatch(text))


def composed(prefix: str, number: int) -> str:
    """The code of a number under a prefix: 307001, 123 → 307001/000123; ValueError for another."""
    if not is_prefix(prefix) or number < 1:
        raise ValueError(f"no code can be made of {prefix!r} and {number!r}")
    return f"{prefix}/{number:0{_PADDED}d}"
