"""Typed readers of the guard's settings."""

import ckan.plugins.toolkit as tk

from ckanext.sdopen.guard.headers import Options


def headers() -> Options:
    """What the headers of every answer depend on."""
    return Options(
        site_url=str(tk.config["ckan.site_url"]),
        token_header=str(tk.config["apitoken_header_name"]),
        sources=tuple(tk.config["ckanext.sdopen.guard.csp_sources"]),
        report_only=bool(tk.config["ckanext.sdopen.guard.csp_report_only"]),
        hsts_seconds=int(tk.config["ckanext.sdopen.guard.hsts_seconds"]),
    )
