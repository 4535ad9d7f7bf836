"""The closed forms and the fixed point of a year, compiled."""
