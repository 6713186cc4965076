"""Tables, transactions, the outbox, and the files they live in."""
