"""Typed readers of the settings of bundles."""

import ckan.plugins.toolkit as tk


def most_bytes() -> int:
    """How many bytes of tables a bundle holds, as far as that is known before it is packed."""
    return int(tk.config["ckanext.sdopen.tables.bundle_megabytes"]) << 20


def at_a_time() -> int:
    """How many bundles one web process packs at a time."""
    return int(tk.config["ckanext.sdopen.tables.bundles_at_a_time"])
