"""The sample province: departments, topics, catalogs, interfaces and tables from a seed."""

from ckanext.sdopen.sample.province import Province

__all__ = ["Province"]
