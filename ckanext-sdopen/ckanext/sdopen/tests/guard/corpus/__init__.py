"""What the tests of the guard share."""
