"""What the tests of published tables share."""
