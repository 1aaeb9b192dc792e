"""An entry between CKAN's schema and the rules of the standard."""
