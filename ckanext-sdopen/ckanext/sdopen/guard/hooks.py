"""CKAN's hooks of what protects the portal, for the plugin."""

from ckan.common import CKANConfig
from ckan.types import CKANApp

from ckanext.sdopen.guard import cookieless, headers, settings


class GuardHooks:
    """What of IMiddleware concerns the guard."""

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:
        """Put what guards each request around the application, from the inside out."""
        cookieless.spare_anonymous_pages(app)
        # outermost, so that every answer bears them
        app.wsgi_app = headers.Headers(app.wsgi_app, settings.headers())
        following = getattr(super(), "make_middleware", None)
        return following(app, config) if following else app
