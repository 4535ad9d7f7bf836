"""What can go wrong that the user can mend, and the exit code each kind ends with."""


class RailsimError(Exception):
    """A mistake the user can mend: one line, no trace.

    Every subclass is raised where the mistake is seen and caught only in `cli.py`.
    """

    exit_code = 2


class InputError(RailsimError):
    """A scenario, an option or a file says something that cannot be."""

    exit_code = 2


class MissingError(RailsimError):
    """An optional part of the installation is absent; the message has the cure."""

    exit_code = 4


class StorageError(RailsimError):
    """A folder or file cannot be read or written."""

    exit_code = 5


class BudgetError(RailsimError):
    """A valid scenario asks for more events, time or memory than it may have."""

    exit_code = 2


class DeadlockError(AssertionError):
    """Trains are under way and no event remains: a rule of the line is broken."""
