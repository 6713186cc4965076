"""What people look at, computed from the store and worded elsewhere."""
