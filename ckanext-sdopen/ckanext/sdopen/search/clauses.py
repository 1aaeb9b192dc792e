"""Clauses of Lucene queries: entries that hold a word, or say it in another way."""

from collections.abc import Container, Iterable, Mapping, Sequence

from ckanext.sdopen.chinese import analysis
from ckanext.sdopen.chinese.synonyms import Synonyms
from ckanext.sdopen.chinese.text import characters, is_chinese, pairs, whole_runs

# what a find in a field is worth
FIELDS = {
    "title_bi": 8.0,
    "tags_bi": 3.0,
    "items_bi": 3.0,
    "org_bi": 3.0,
    "region_bi": 2.0,
    "text_bi": 1.0,
}
# where a find says that the entry is about the word, not only that it mentions it
NAMING = {name: FIELDS[name] for name in ("title_bi", "org_bi", "region_bi")}
_SHORT_FORM_SLOP = 4


def phrase(field: str, tokens: Sequence[str], slop: int = 0) -> str:
    """The tokens one after the other in a field, `slop` moves apart at most."""
    # tokens are letters, digits and Chinese characters only (text.runs): nothing to escape
    near = f"~{slop}" if slop else ""
    return f'{field}:"{" ".join(tokens)}"{near}'


def any_of(clauses: Iterable[str]) -> str:
    """Entries that any of the clauses finds."""
    unique = list(dict.fromkeys(clauses))
    return unique[0] if len(unique) == 1 else f"({' OR '.join(unique)})"


def all_of(clauses: Iterable[str]) -> str:
    """Entries that all of the clauses find."""
    unique = list(dict.fromkeys(clauses))
    return unique[0] if len(unique) == 1 else f"({' AND '.join(unique)})"


def kept_once(query: str) -> str:
    """The query as a filter that Solr evaluates once and keeps, without a score."""
    return f"filter({query})"


def begins(letters: str, fields: Mapping[str, float] = FIELDS) -> str:
    """Entries with a word in letters that begins so."""
    return any_of(f"{field}:{letters.lower()}*" for field in fields)


def tokens_of(word: str) -> list[str]:
    """A word as the index holds it in the fields of pairs."""
    return [token for run in whole_runs(word) for token in pairs(run)]


def contains(word: str, worth: float = 1.0, fields: Mapping[str, float] = FIELDS) -> str:
    """Entries that hold the word, letter by letter, in one of the fields."""
    tokens = tokens_of(word)
    if len(word) == 1:
        # alone it says nothing of an entry, unless the title has it
        field = "title_uni" if is_chinese(word) else "title_bi"
        return f"{phrase(field, [word])}^{8 * worth:g}"
    return any_of(f"{phrase(field, tokens)}^{value * worth:g}" for field, value in fields.items())


def said(word: str, synonyms: Synonyms, fields: Mapping[str, float] = FIELDS) -> str:
    """The word or one of its exact synonyms; the word itself is worth more."""
    others = synonyms.same.get(word, ())[: synonyms.most]
    return any_of([contains(word, 1.0, fields), *(contains(o, 0.4, fields) for o in others)])


def _inner(word: str, known: Container[str]) -> list[list[str]]:
    """Ways to say a long word by its parts: all of its words, its longest one, a known one."""
    if len(word) < 3 or not is_chinese(word[0]):
        return []
    pieces = [piece for piece in analysis.cut(word) if piece not in analysis.GENERIC]
    long = [piece for piece in pieces if len(piece) > 1]
    inner = [piece for piece in analysis.pieces(word) if piece not in analysis.GENERIC]
    ways = [way for way in (long, inner) if way and way != [word]]
    ways += [[part] for part in (word[:-1], word[1:], word[:-2], word[2:]) if part in known]
    longest = max((p for p in analysis.words(word) if p != word), key=len, default="")
    if len(longest) * 2 > len(word):
        ways.append([longest])
    return [way for way in ways if way]


def in_parts(word: str, synonyms: Synonyms) -> str:
    """The word, an exact synonym of it, or all of its parts."""
    ways = [all_of(said(piece, synonyms) for piece in way) for way in _inner(word, synonyms.words)]
    return any_of([said(word, synonyms), *ways])


def short_form(word: str, synonyms: Synonyms) -> str:
    """Also the characters of a short form in order: 残联 finds 残疾人联合会."""
    clauses = [in_parts(word, synonyms)]
    if 2 <= len(word) <= 5 and all(is_chinese(char) for char in word):
        slop = _SHORT_FORM_SLOP + len(word) - 2
        clauses += [
            f"{phrase(field, characters(word), slop)}^{worth:g}"
            for field, worth in (("title_uni", 4.0), ("org_uni", 2.0))
        ]
    return any_of(clauses)


def widened(word: str, synonyms: Synonyms) -> str:
    """The word in the ways before, or a word of the table that it is a case of or related to."""
    others = synonyms.wider.get(word, ())[: synonyms.most]
    inner = [o for piece in analysis.words(word) for o in synonyms.wider.get(piece, ())]
    names = list(dict.fromkeys([*others, *inner]))[: synonyms.most]
    return any_of([short_form(word, synonyms), *(contains(name, 0.5) for name in names)])


def loose(word: str, synonyms: Synonyms) -> str:
    """The word in any way at all: its inner words, and of one word alone its pairs."""
    inner = [part for part in analysis.words(word) if len(part) > 1]
    parts = inner if len(inner) > 1 else pairs(word)
    useful = [part for part in parts if part != word and part not in analysis.GENERIC]
    return any_of([widened(word, synonyms), *(said(part, synonyms) for part in useful)])
