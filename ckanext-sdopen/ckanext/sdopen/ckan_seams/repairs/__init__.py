"""Repairs of CKAN: each is one small module that names the release which ends it.

A repair looks at the code that runs, not at the release's number, and does nothing where CKAN has
what it repairs: fixes come back to older branches, and 2.12.0 lacks some that 2.11.5 has.
"""

from ckanext.sdopen.ckan_seams.repairs import csrf


def apply() -> None:
    """Put all repairs in place, once for each process."""
    csrf.apply()
