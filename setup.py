"""Thin entry point: the metadata stands in pyproject.toml, the message extractors are Babel's."""

from setuptools import setup

setup(
    message_extractors={
        "ckanext-sdopen/ckanext": [
            ("**.py", "python", None),
            ("**/templates/**.html", "ckan", None),
        ],
    },
)
