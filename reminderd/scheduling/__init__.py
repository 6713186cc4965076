"""One pass over what is due, and the daemon that makes one again and again."""
