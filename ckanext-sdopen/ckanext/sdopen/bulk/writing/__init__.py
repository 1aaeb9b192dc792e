"""The statements by which a batch writes what CKAN writes one by one."""
