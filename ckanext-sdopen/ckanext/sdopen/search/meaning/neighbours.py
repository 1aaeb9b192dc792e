"""The subjects whose meaning is nearest to that of a question."""

from collections.abc import Mapping, Sequence

from ckanext.sdopen.search.meaning import model, store

# how far a subject may be behind the nearest one, in standard deviations over all subjects
_BEHIND = 1.0
_MOST = 8
# a question whose nearest subject does not stand out has no neighbours
_STANDS_OUT = 3.0


def neighbours(asked: str, filters: Sequence[str]) -> Mapping[str, float]:
    """The nearest subjects of entries that the filters leave, with their similarity.

    Args:
        asked: the words of the question.
        filters: what the caller may read; only subjects among them are compared.
    """
    kept = store.kept() if model.is_there() and asked else None
    if kept is None:
        return {}
    names = [name for name in store.readable(filters) if name in kept.rows]
    if len(names) < 2:
        return {}
    (vector,) = model.vectors([asked])
    worths = kept.vectors[[kept.rows[name] for name in names]] @ vector
    spread, middle = float(worths.std()) or 1.0, float(worths.mean())
    best = float(worths.max())
    if best < middle + _STANDS_OUT * spread:
        return {}
    order = worths.argsort()[::-1][:_MOST]
    near = ((names[row], float(worths[row])) for row in order)
    return {name: worth for name, worth in near if worth >= best - _BEHIND * spread}
