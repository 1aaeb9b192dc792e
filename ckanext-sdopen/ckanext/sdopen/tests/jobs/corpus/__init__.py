"""What the tests of background work share."""
