"""How long a service that fell rests before it is started again."""

from dataclasses import dataclass

# the first rest; each further fall in a row doubles it
FIRST = 1.0
LONGEST = 30.0
# who stayed up for so long begins anew with the first rest
STAYED = 60.0


@dataclass
class Backoff:
    """The falls of one service.

    Args:
        longest: the longest rest, in seconds.
        most: after so many falls in a row the service is given up; None: never.
    """

    longest: float = LONGEST
    most: int | None = None
    falls: int = 0
    in_a_row: int = 0

    def fell(self, stayed: float) -> float | None:
        """Note a fall after so many seconds; how long to rest, None where it is given up."""
        self.falls += 1
        self.in_a_row = 1 if stayed >= STAYED else self.in_a_row + 1
        if self.most is not None and self.in_a_row > self.most:
            return None
        return float(min(self.longest, FIRST * 2 ** min(self.in_a_row - 1, 16)))
