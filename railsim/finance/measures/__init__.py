"""What accounts come to: cover, returns, public debt, and whether they add up."""
