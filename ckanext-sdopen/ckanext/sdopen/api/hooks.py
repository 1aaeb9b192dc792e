"""CKAN's hooks of the manners of HTTP, for the plugin."""

from ckan.common import CKANConfig
from ckan.types import CKANApp

from ckanext.sdopen.api import bearer


class ApiHooks:
    """What of IMiddleware concerns programs."""

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:
        """Have tokens understood in both ways in which they are sent."""
        app.wsgi_app = bearer.Bearer(app.wsgi_app, str(config["apitoken_header_name"]))
        following = getattr(super(), "make_middleware", None)
        return following(app, config) if following else app
