"""What the plugin sets up so that requests and actions are guarded."""

from ckanext.sdopen.ckan_seams.repairs import every_action
from ckanext.sdopen.guard.requests import action_guard


def guard_actions() -> None:
    """Have every action, of whichever plugin, begin with the guard."""
    every_action.install(action_guard.around)
