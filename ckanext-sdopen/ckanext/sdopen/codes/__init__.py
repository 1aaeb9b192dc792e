"""Code lists: values with Chinese and English labels, read once from `schemas/codes/*.yaml`."""

from ckanext.sdopen.codes.lists import Code, CodeList, UnknownCode, load, names
from ckanext.sdopen.codes.regions import Region, path, region, regions, use_zones
from ckanext.sdopen.codes.topics import topic_codes, use_topics

__all__ = [
    "Code",
    "CodeList",
    "Region",
    "UnknownCode",
    "load",
    "names",
    "path",
    "region",
    "regions",
    "topic_codes",
    "use_topics",
    "use_zones",
]
