"""What a sweep says: what matters, where, what to do, where it turns."""
