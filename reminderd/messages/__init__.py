"""From what was decided to plain text in the reader's language."""
