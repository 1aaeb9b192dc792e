"""CKAN's hook around the whole application, for the plugin."""

from typing import Any

from ckan.common import CKANConfig
from ckan.types import CKANApp

from ckanext.sdopen.guard.serving import settings
from ckanext.sdopen.guard.serving.permits import Permitted


class ServingHooks:
    """What of IMiddleware concerns the work of a web process."""

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:
        """Let requests work by permit; whatever else stands around the application comes after."""
        wrapped: Any = app
        wrapped.wsgi_app = Permitted(app.wsgi_app, settings.permits(), settings.free_paths())
        following = getattr(super(), "make_middleware", None)
        return following(app, config) if following else app
