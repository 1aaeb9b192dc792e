"""The one way out: requests to addresses that strangers wrote, guarded where they connect."""
