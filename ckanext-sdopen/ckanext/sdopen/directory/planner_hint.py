"""Statements that ask by keys go by index, also while a table has no statistics yet."""

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import text

# a table that was filled a moment ago looks small to the planner, which then reads it whole
_BY_INDEX = text("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")


def by_index() -> None:
    """Let the statements of this transaction use indexes wherever there are any.

    `ckanext.sdopen.directory.planner_hint` turns it off where statistics are better known.
    """
    if tk.config["ckanext.sdopen.directory.planner_hint"]:
        model.Session.execute(_BY_INDEX)
