"""Other people's servers, good and bad."""
