"""Departments, topics, catalogs and interfaces of the sample province."""
