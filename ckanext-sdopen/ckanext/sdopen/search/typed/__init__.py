"""What was typed into the search box: words, phrases, codes, or a query by fields."""
