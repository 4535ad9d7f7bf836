"""What building and running costs its owners, its lenders and the treasury."""
