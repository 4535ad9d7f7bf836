"""`railsim diff`: the command, and how it tells what differs."""
