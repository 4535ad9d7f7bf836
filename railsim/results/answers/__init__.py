"""What a sweep says when it is asked: what matters, where, what to do, where it turns."""
