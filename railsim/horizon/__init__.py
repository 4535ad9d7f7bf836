"""Which years of a world are simulated, and what lies between them."""
