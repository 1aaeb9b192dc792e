"""What tests of the services share."""
