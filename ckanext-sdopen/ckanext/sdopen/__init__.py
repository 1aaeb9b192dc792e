"""sdopen: a province's public-data directory and open-data portal. Imports nothing: harvest scripts run without CKAN."""
