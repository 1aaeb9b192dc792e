"""Typed readers of the project's settings; each is declared in config_declaration.yaml."""

from functools import lru_cache

import ckan.plugins.toolkit as tk

from ckanext.sdopen import codes, gc_settings
from ckanext.sdopen.standard import check, profiles
from ckanext.sdopen.standard.limits import Limits
from ckanext.sdopen.standard.profiles import Profile


def choose_codes() -> None:
    """Complete the regions by the operator's zones, and make the chosen set of topics active.

    Raises:
        SdopenError: a setting names a file or a set that is not there, or the file is wrong.
    """
    codes.use_zones(str(tk.config["ckanext.sdopen.portal.zones_file"] or ""))
    codes.use_topics(str(tk.config["ckanext.sdopen.portal.topic_set"]))
    # compiled checks hold the values of the lists
    check.model.cache_clear()


def set_up_process() -> None:
    """Treat memory and threads of a process that stays as the settings say; see `gc_settings`."""
    gc_settings.apply(
        bool(tk.config["ckanext.sdopen.process.set_apart"]),
        int(tk.config["ckanext.sdopen.process.turn_milliseconds"]),
    )


def limits() -> Limits:
    """How much an entry may hold."""
    return Limits(
        title=tk.config["ckanext.sdopen.catalog.title_limit"],
        text=tk.config["ckanext.sdopen.catalog.text_limit"],
        paragraph=tk.config["ckanext.sdopen.catalog.paragraph_limit"],
        items=tk.config["ckanext.sdopen.catalog.items_limit"],
        words=tk.config["ckanext.sdopen.catalog.words_limit"],
        tags=tk.config["ckanext.sdopen.catalog.tags_limit"],
        resources=tk.config["ckanext.sdopen.catalog.resources_limit"],
    )


def profile(from_source: bool = False) -> Profile:
    """The legal profile of entries of the portal's own, or of harvested ones.

    Raises:
        SdopenError: a setting names a profile, a finding or a severity that is not there.
    """
    name = profiles.HARVESTED if from_source else tk.config["ckanext.sdopen.catalog.profile"]
    severities = tuple(tk.config["ckanext.sdopen.catalog.severities"])
    pattern = str(tk.config["ckanext.sdopen.catalog.code_pattern"])
    return _profile(str(name), () if from_source else severities, limits(), pattern)


@lru_cache(maxsize=8)
def _profile(name: str, severities: tuple[str, ...], bounds: Limits, pattern: str) -> Profile:
    chosen = dict(setting.partition(":")[::2] for setting in severities)
    return profiles.profile(name).with_overrides(chosen, bounds, pattern)
