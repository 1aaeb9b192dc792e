"""Lists of departments and topics: by page, with what each holds for the caller."""
