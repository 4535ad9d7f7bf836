"""The command line: translates, calls one function, prints."""

from railsim.cli.main import app

__all__ = ["app"]
