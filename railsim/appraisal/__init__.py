"""What freight means to others than those who ship it."""
