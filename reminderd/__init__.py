"""reminderd knows what is left on every prepaid line and tells somebody in time."""
