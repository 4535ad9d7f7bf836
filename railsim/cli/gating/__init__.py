"""`railsim check`, and what it tells people and machines."""
