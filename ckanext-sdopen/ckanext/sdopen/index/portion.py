"""How many documents go to Solr at once: fewer after a time-out, more again after each success."""

from dataclasses import dataclass, field


@dataclass
class Portion:
    """The size of the next batches.

    Args:
        most: the size that a setting allows, at least 1.
    """

    most: int
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = self.most

    def halve(self, of: int) -> None:
        """A batch of so many documents took too long."""
        self.size = max(1, min(self.size, of // 2))

    def grow(self) -> None:
        """Batches of this size passed."""
        self.size = min(self.most, self.size * 2)
