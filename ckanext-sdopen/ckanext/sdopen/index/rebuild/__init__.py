"""The whole index anew, side by side, resumable."""
