"""The records of a batch, examined before anything is written."""
