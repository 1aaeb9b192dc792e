"""Harvest scripts: read a department's file, map it, push it by HTTP. Never imports ckan."""
