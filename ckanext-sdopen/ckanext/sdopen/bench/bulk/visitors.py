"""How long visitors wait while the portal is written to."""

import statistics
import threading
import time
from collections import defaultdict

from ckanext.sdopen.services.running import ready

PAGES = {"home": "/", "list": "/dataset/"}
_EVERY = 1.0
# each web process compiles its templates at a page's first visit, which is not what is measured
_UNTIMED = 4


class PagesProbe:
    """Asks the pages in turn, each once a second; milliseconds by page."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.failed = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def _ask(self) -> None:
        while not self._end.wait(_EVERY):
            for name, path in PAGES.items():
                began = time.perf_counter()
                if ready.http_status(self.url + path, timeout=60) != 200:
                    self.failed += 1
                self.taken[name].append((time.perf_counter() - began) * 1000)

    def __enter__(self) -> "PagesProbe":
        for path in [*PAGES.values()] * _UNTIMED:
            ready.http_status(self.url + path, timeout=60)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def p95(self) -> dict[str, float]:
        """The 95th percentile of each page, in ms."""
        return {
            name: round(statistics.quantiles(taken, n=20)[-1])
            for name, taken in self.taken.items()
            if len(taken) > 1
        }
