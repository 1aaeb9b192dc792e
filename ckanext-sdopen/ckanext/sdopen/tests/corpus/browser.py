"""A real browser: the system's chromium, headless, on a machine that reaches nothing outside."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

# milliseconds that a busy machine may take for a page
PATIENCE = 300_000
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, closed at the end."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "the tests need chromium; scripts/test installs it"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=program, args=list(FLAGS), timeout=PATIENCE
        )
        with_its_own = running.new_context

        def patient(**options: Any) -> BrowserContext:
            context = with_its_own(**options)
            context.set_default_timeout(PATIENCE)
            return context

        running.new_context = patient  # type: ignore[method-assign]
        running.new_page = lambda **options: patient(**options).new_page()  # type: ignore[method-assign]
        yield running
        running.close()
