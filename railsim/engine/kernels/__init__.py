"""What compiled rooms share: how kernels are compiled, and tables as they see them."""
