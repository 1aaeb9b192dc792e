"""The subjects whose meaning is nearest to that of a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ckanext.sdopen.search.meaning import model, store

# no more are ever looked at
_LISTED = 10
# a similarity below it is that of strangers
_LEAST = 0.5


@dataclass(frozen=True)
class Neighbours:
    """Subjects by similarity, the nearest first; its mean and standard deviation over all."""

    listed: tuple[tuple[str, float], ...] = ()
    middle: float = 0.0
    spread: float = 1.0

    def near(self, most: int, behind: float, stands_out: float) -> Mapping[str, float]:
        """The nearest ones; none where the nearest does not stand out.

        Args:
            most: so many at most.
            behind: how far one may be behind the nearest, in standard deviations.
            stands_out: how far the nearest must be above the mean, in standard deviations.
        """
        if not self.listed:
            return {}
        best = self.listed[0][1]
        if best < max(_LEAST, self.middle + stands_out * self.spread):
            return {}
        least = best - behind * self.spread
        return {name: worth for name, worth in self.listed[:most] if worth >= least}


def neighbours(asked: str, filters: Sequence[str]) -> Neighbours:
    """The nearest subjects of entries that the filters leave.

    Args:
        asked: the words of the question.
        filters: what the caller may read; only subjects among it are compared.
    """
    kept = store.kept() if asked and model.is_ready() else None
    if kept is None:
        return Neighbours()
    names = [name for name in store.readable(filters) if name in kept.rows]
    if not names:
        return Neighbours()
    (vector,) = model.vectors([asked])
    worths = kept.vectors[[kept.rows[name] for name in names]] @ vector
    order = worths.argsort()[::-1][:_LISTED]
    listed = tuple((names[row], float(worths[row])) for row in order)
    return Neighbours(listed, float(worths.mean()), float(worths.std()) or 1.0)
