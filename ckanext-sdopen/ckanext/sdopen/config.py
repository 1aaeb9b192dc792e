"""Typed readers of the project's settings; each is declared in config_declaration.yaml."""

import ckan.plugins.toolkit as tk


def code_pattern() -> str:
    """The regular expression that a 信息资源代码 must match."""
    return str(tk.config["ckanext.sdopen.catalog.code_pattern"])
