"""Departments and topics by the batch."""
