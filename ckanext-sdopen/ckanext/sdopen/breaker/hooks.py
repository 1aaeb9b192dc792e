"""CKAN's hooks of the application, for the plugin."""

import flask
from ckan.common import CKANConfig

from ckanext.sdopen.breaker import health_pages, secrets
from ckanext.sdopen.ckan_seams.repairs import data_free_requests, group_counts, lost_sessions


def keep_secrets() -> None:
    """Keep passwords out of the log from now on."""
    secrets.install()


class BreakerHooks:
    """What of IMiddleware concerns parts that are away."""

    def make_middleware(self, app: flask.Flask, config: CKANConfig) -> flask.Flask:
        """Static files and the health page need no part, groups no counts of CKAN's."""
        group_counts.install()
        data_free_requests.exempt(app, [health_pages.ENDPOINT])
        lost_sessions.spare(app)
        return app

    def make_error_log_middleware(self, app: flask.Flask, config: CKANConfig) -> flask.Flask:
        """Nothing of ours."""
        return app
