"""How every command ends: the exit code and the one line that explains it."""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from types import FrameType, TracebackType

from typer import TyperException

from railsim.errors import RailsimError
from railsim.scenario.paths import printable

BUG = 70
INTERRUPTED, TERMINATED = 130, 143


class OutputClosedError(RailsimError):
    """Who reads the answer has seen enough."""

    exit_code = 0


def talk(text: str) -> None:
    """Say something to the person at the terminal, on stderr."""
    if sys.stderr is not None:
        print(text, file=sys.stderr, flush=True)


def show(text: str) -> None:
    """Write an answer, on stdout."""
    if sys.stdout is None:
        return
    try:
        print(text)
    except BrokenPipeError:  # typer would end the command with 1
        raise OutputClosedError from None


class StoppedError(RailsimError):
    """Interrupted, with what was finished kept; the message has the line to type."""

    def __init__(self, line: str, code: int) -> None:
        super().__init__(f"interrupted; finished parts are kept, go on with: {line}")
        self.exit_code = code


class Guard:
    """Turns whatever goes wrong inside into one line and `exit_code`."""

    def __init__(self, *, is_verbose: bool) -> None:
        self.is_verbose = is_verbose
        self.exit_code = 0

    def __enter__(self) -> Guard:
        self._before = signal.signal(signal.SIGTERM, _terminate)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        signal.signal(signal.SIGTERM, self._before)
        error = error or _flush()
        if error is not None:
            self.exit_code = self._end(error)
        return True

    def _end(self, error: BaseException) -> int:
        match error:
            case BrokenPipeError() | OutputClosedError():
                return _ignore_closed_output()
            case SystemExit():
                return self._leave(error.code)
            case KeyboardInterrupt():
                return self.interrupted(INTERRUPTED)
            case TyperException():
                talk(f"error: {printable(error.format_message())}")
                talk("  help: railsim --help, or --help after a command")
                return error.exit_code
            case StoppedError():
                talk(str(error))
                return error.exit_code
            case RailsimError():
                return self._refuse(error)
        return self._crash(error)

    def _refuse(self, error: RailsimError) -> int:
        text = str(error)
        talk(text if "error[" in text else f"error: {text}")
        if self.is_verbose:
            talk("".join(traceback.format_exception(error)))
        return error.exit_code

    def _leave(self, code: str | int | None) -> int:
        if code == TERMINATED:
            return self.interrupted(TERMINATED)
        return code if isinstance(code, int) else int(code is not None)

    def interrupted(self, code: int) -> int:
        """Nothing half-done is left; the same line starts again."""
        talk("interrupted; nothing was written, the same command starts again")
        return code

    def _crash(self, error: BaseException) -> int:
        trace = "".join(traceback.format_exception(error))
        file = Path(tempfile.gettempdir()) / f"railsim-crash-{os.getpid()}.txt"
        try:
            file.write_text(trace, encoding="utf-8")
            where = f"details in {file}"
        except OSError:
            where = "details with -v"
        first = printable(str(error).partition("\n")[0])
        talk(f"railsim has a bug: {type(error).__name__}: {first} ({where})")
        if self.is_verbose:
            talk(trace)
        return BUG


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(TERMINATED)


def _flush() -> BaseException | None:
    """Whether what was written could be delivered."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError as error:
        return error
    return None


def _ignore_closed_output() -> int:
    """The reader has seen enough; let the interpreter end without complaint."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return 0
