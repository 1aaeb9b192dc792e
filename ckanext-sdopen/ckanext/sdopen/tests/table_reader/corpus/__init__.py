"""What the tests of the reader stand on."""
