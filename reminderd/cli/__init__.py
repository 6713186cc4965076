"""Arguments, the composition root, and errors turned into an exit status."""
