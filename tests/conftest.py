"""Settings of all tests."""

from hypothesis import settings

settings.register_profile("railsim", deadline=None, derandomize=True)
settings.load_profile("railsim")
