"""The form itself: drawn empty, or filled with entries."""
