"""Code lists: values with Chinese and English labels, read once from `schemas/codes/*.yaml`."""

from ckanext.sdopen.codes.lists import Code, CodeList, UnknownCode, load
from ckanext.sdopen.codes.regions import Region, path, region, regions

__all__ = ["Code", "CodeList", "Region", "UnknownCode", "load", "path", "region", "regions"]
