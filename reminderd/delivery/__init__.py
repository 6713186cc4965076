"""Getting messages to people, and learning the truth about whether they arrived."""
