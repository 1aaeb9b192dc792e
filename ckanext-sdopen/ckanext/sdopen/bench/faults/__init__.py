"""Loads that are disturbed by kills; the state afterwards is compared."""
