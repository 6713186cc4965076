"""Pictures for people: of what a user sees, made from a store with a past."""
