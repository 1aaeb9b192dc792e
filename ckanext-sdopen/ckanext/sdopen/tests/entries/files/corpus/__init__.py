"""What the tests of files share."""
