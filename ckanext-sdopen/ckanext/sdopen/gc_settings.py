"""How a process that stays, and works on batches beside visitors, treats its memory and threads.

Python's collector walks all that lives whenever enough is made, and a loaded CKAN is a million
objects; a batch makes tens of thousands, nearly all of which end without the collector. A thread
that answers a visitor asks for Python's lock after every answer of a database, and waits each time
for what is computing: five milliseconds, as Python has it.
"""

import gc
import sys

# objects made before the young are looked through, and rounds before the older ones are
_YOUNG, _MIDDLE, _OLD = 50_000, 20, 50


def apply(is_set_apart: bool = True, turn_milliseconds: int = 1) -> None:
    """Set apart what lives now, look at what comes later less often, and take turns sooner.

    Args:
        is_set_apart: whether the collector is treated so at all.
        turn_milliseconds: how long a thread computes before another gets its turn.
    """
    if is_set_apart:
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    sys.setswitchinterval(max(turn_milliseconds, 1) / 1_000)
