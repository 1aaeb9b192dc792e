"""Headers of every answer: what a browser may load, frame, tell others and keep."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ckanext.sdopen.guard import inline

Named = tuple[str, str]
Policy = Mapping[str, tuple[str, ...]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# everything from the portal itself, nothing written into the page; style sheets hold small images
PAGES: Policy = {
    "default-src": ("'self'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "frame-src": ("'self'",),
    "object-src": ("'none'",),
    "base-uri": ("'self'",),
    "form-action": ("'self'",),
    # a table's view is a frame within its page
    "frame-ancestors": ("'self'",),
}
# devices and services of the browser that no page of ours uses
UNUSED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
# files that are the same for everybody, whatever cookies come with the request
SAME_FOR_ALL = frozenset({"static", "webassets.index"})
# the endpoints of views of files end so, whatever the type of the entry
VIEW = "_resource.view"


@dataclass(frozen=True, slots=True)
class Options:
    """What an operator may set.

    `sources` are `directive:source`, `hsts_seconds` is how long a browser keeps to https, 0 for
    not at all, `token_header` the header with the API token.
    """

    site_url: str
    token_header: str
    sources: tuple[str, ...] = ()
    report_only: bool = False
    hsts_seconds: int = 0


class Headers:
    """A WSGI application whose every answer bears the headers, whoever of it made the answer."""

    def __init__(self, app: Wsgi, options: Options) -> None:
        self._app = app
        token = "HTTP_" + options.token_header.upper().replace("-", "_")
        self._tokens = {"HTTP_AUTHORIZATION", token}
        self._always = always(options)
        name = policy_name(options.report_only)
        self._strict = (name, policy_text(extended(PAGES, options.sources)))
        self._ckans = (name, policy_text(extended(of_ckans_own(), options.sources)))

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request."""

        def start(status: str, headers: list[Named], exc_info: Any = None) -> Any:
            # known once the application has looked at the address
            endpoint = getattr(environ.get("werkzeug.request"), "endpoint", None) or ""
            # an address that no page answers leads there, too, and gets an error page
            for_all = endpoint in SAME_FOR_ALL and status < "4"
            known = self._tells_who(environ, for_all)
            lenient = known or endpoint.endswith(VIEW)
            added = [self._ckans if lenient else self._strict, *self._always]
            private = known or any(name.lower() == "set-cookie" for name, _ in headers)
            return start_response(status, completed(headers, added, private), exc_info)

        return self._app(environ, start)

    def _tells_who(self, environ: Mapping[str, Any], for_all: bool) -> bool:
        cookie = "HTTP_COOKIE" in environ and not for_all
        return cookie or not self._tokens.isdisjoint(environ)


def completed(headers: Sequence[Named], added: Iterable[Named], private: bool) -> list[Named]:
    """An answer's headers with those that it lacks; what is one visitor's own is kept nowhere."""
    present = {name.lower() for name, _ in headers}
    answer = [*headers, *((name, value) for name, value in added if name.lower() not in present)]
    if not private:
        return answer
    kept = [(n, v) for n, v in answer if n.lower() not in ("cache-control", "expires", "pragma")]
    return [*kept, ("Cache-Control", "private, no-store")]


def always(options: Options) -> list[Named]:
    """The headers that do not depend on the request."""
    found = [
        ("X-Content-Type-Options", "nosniff"),
        # whole addresses stay on the portal; its own forms still tell where they come from
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", ", ".join(f"{name}=()" for name in UNUSED)),
    ]
    if not any(source.startswith("frame-ancestors:") for source in options.sources):
        # the older header knows no list of sites
        found.append(("X-Frame-Options", "SAMEORIGIN"))
    if urlsplit(options.site_url).scheme == "https" and options.hsts_seconds > 0:
        found.append(("Strict-Transport-Security", f"max-age={options.hsts_seconds}"))
    return found


def of_ckans_own() -> Policy:
    """The policy of pages behind a login and of views: what CKAN writes into them by its hash."""
    return {
        **PAGES,
        "script-src-attr": inline.hashes(inline.SCRIPTS),
        "style-src-attr": inline.hashes(inline.STYLES),
    }


def extended(base: Policy, sources: Iterable[str]) -> Policy:
    """A policy with an operator's sources (`img-src:https://tiles.example.cn`)."""
    policy = dict(base)
    for directive, _, source in (one.partition(":") for one in sources):
        if source:
            # a directive of its own replaces what `default-src` says
            known = policy.get(directive, base["default-src"])
            policy[directive] = (*(one for one in known if one != "'none'"), source)
        else:
            policy.setdefault(directive, ())
    return policy


def policy_text(policy: Policy) -> str:
    """The header's value of a policy."""
    return "; ".join(" ".join((directive, *sources)) for directive, sources in policy.items())


def policy_name(report_only: bool) -> str:
    """The header's name: whether browsers keep to the policy or only report."""
    return "Content-Security-Policy" + ("-Report-Only" if report_only else "")
