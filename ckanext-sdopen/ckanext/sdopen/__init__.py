"""sdopen: a province's open-data portal. Imports nothing: harvest scripts run without CKAN."""
