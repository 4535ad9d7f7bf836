"""What building takes, and when what is built opens."""
