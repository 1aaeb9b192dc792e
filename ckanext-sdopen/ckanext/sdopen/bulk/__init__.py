"""The bulk write path: many records in one transaction, the same as one by one."""
