"""The configured portal from within: its actions as an anonymous visitor calls them."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def request(ini: str) -> Iterator[None]:
    """A request context of the portal of a settings file."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    app = make_app(load_config(ini))
    with app._wsgi_app.test_request_context():
        yield
