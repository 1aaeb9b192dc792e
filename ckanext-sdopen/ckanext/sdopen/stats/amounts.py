"""Large numbers as people say them: 2.53 亿, 48 万, 9,312."""

_HUNDRED_MILLION, _TEN_THOUSAND = 100_000_000, 10_000
_ENGLISH = ((1_000_000_000, "billion"), (1_000_000, "million"))


def _trimmed(number: float) -> str:
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def spoken(number: int, language: str = "zh") -> str:
    """A whole number in its language's large units, two decimals at most.

    >>> spoken(253_000_000)
    '2.53 亿'
    """
    if language.startswith("zh"):
        if number >= _HUNDRED_MILLION:
            return f"{_trimmed(number / _HUNDRED_MILLION)} 亿"
        if number >= _TEN_THOUSAND:
            return f"{_trimmed(number / _TEN_THOUSAND)} 万"
        return f"{number:,}"
    for unit, name in _ENGLISH:
        if number >= unit:
            return f"{_trimmed(number / unit)} {name}"
    return f"{number:,}"
