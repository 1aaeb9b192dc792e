"""What differs between two structures, each difference as one readable line."""

from collections.abc import Iterator
from typing import Any

_LONGEST = 160


def _shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


def differences(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """`path: what the first has ≠ what the second has`, for every place that differs."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}, key=str):
            here = f"{path} · {key}" if path else str(key)
            if key not in other:
                yield f"{here}: {_shortened(one[key])} ≠ nothing"
            elif key not in one:
                yield f"{here}: nothing ≠ {_shortened(other[key])}"
            else:
                yield from differences(one[key], other[key], here)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, f"{path}[{number}]")
    elif type(one) is not type(other) or one != other:
        yield f"{path}: {_shortened(one)} ≠ {_shortened(other)}"
