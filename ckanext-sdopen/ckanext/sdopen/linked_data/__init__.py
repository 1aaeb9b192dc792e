"""Entries as linked data after DCAT-AP 3: graphs, addresses, actions and pages."""
