"""Chinese analysis on plain text: words, bigrams, synonyms, pinyin."""
