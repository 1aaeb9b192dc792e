"""CKAN's DataStore over published tables: loaded ones are read from their files."""
