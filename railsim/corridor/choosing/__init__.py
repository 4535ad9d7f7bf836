"""Which way: what shippers weigh, share, learn and remember."""
