"""How values may be spelt: SQL of DuckDB that brings a text to the one form a type is read from.

Only spellings that mean one thing are taken; a cell that is already canonical never comes here.
"""

from ckanext.sdopen.tables.columns import Kind

NUMBER = r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?"
_GROUPED = r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?"
_DAY = r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?"
_DAY_IN_ONE = r"(\d{4})(\d{2})(\d{2})"
_MIDNIGHT = r"(?:[T ]+00?:00(?::00(?:\.0+)?)?)?"
_TIME = r"(\d{1,2})(?::|时)(\d{1,2})(?:(?::|分)(\d{1,2}(?:\.\d{1,6})?)秒?|分)?(?:\+08:?00)?"
_MOMENT_IN_ONE = _DAY_IN_ONE + r"(\d{2})(\d{2})(\d{2})"
# what is typed in full width, as the signs of a number, a day or a word
_WIDE = "０１２３４５６７８９．，－＋：／　"
_NARROW = "0123456789.,-+:/ "
TRUE = ("是", "true", "1", "yes", "y", "真")
FALSE = ("否", "false", "0", "no", "n", "假")


def capitals(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words, and as they are written at the beginning of a sentence or in capitals."""
    return tuple(dict.fromkeys(f(w) for w in words for f in (str, str.capitalize, str.upper)))


def listed(values: tuple[str, ...]) -> str:
    """Texts as a list of SQL."""
    return "(" + ", ".join(quoted(value) for value in values) + ")"


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _narrow(raw: str) -> str:
    return f"trim(translate({raw}, {quoted(_WIDE)}, {quoted(_NARROW)}))"


def _number(raw: str) -> str:
    text = _narrow(raw)
    grouped = f"regexp_full_match({text}, {quoted(_GROUPED)})"
    return f"ltrim(CASE WHEN {grouped} THEN replace({text}, ',', '') ELSE {text} END, '+')"


def _day(raw: str) -> str:
    text = _narrow(raw)
    forms = ((_DAY + _MIDNIGHT, r"\1-\2-\3"), (_DAY_IN_ONE, r"\1-\2-\3"))
    return _first(text, forms)


def _moment(raw: str) -> str:
    text = _narrow(raw)
    forms = (
        (_DAY + r"[T ]*" + _TIME, r"\1-\2-\3 \4:\5:0\6"),
        (_DAY, r"\1-\2-\3 00:00:00"),
        (_MOMENT_IN_ONE, r"\1-\2-\3 \4:\5:\6"),
        (_DAY_IN_ONE, r"\1-\2-\3 00:00:00"),
    )
    # of the seconds, which may be absent, one digit or two
    return rf"regexp_replace({_first(text, forms)}, ':0(\d\d)', ':\1')"


def _first(text: str, forms: tuple[tuple[str, str], ...]) -> str:
    cases = " ".join(
        f"WHEN regexp_full_match({text}, {quoted(pattern)}) "
        f"THEN regexp_replace({text}, {quoted(f'^{pattern}$')}, {quoted(form)})"
        for pattern, form in forms
    )
    return f"CASE {cases} END"


def _word(raw: str) -> str:
    return f"lower({_narrow(raw)})"


def canonical(kind: Kind, raw: str) -> str:
    """SQL of the text from which a value is read; NULL where it has none of the spellings."""
    if kind in (Kind.NUMBER, Kind.INTEGER):
        return _number(raw)
    if kind == Kind.DATE:
        return _day(raw)
    if kind == Kind.DATETIME:
        return _moment(raw)
    return _word(raw) if kind == Kind.BOOLEAN else raw
