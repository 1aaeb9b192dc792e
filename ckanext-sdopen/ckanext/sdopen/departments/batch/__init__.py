"""Departments and topics by the batch: many groups in one transaction, the same as one by one."""
