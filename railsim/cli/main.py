"""All commands, and the door through which they are called."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Annotated, NoReturn

import typer

from railsim.cli import asking, checking, making, reading, reporting, running
from railsim.cli.comparing import command as comparing
from railsim.cli.gating import command as gating
from railsim.cli.guard import INTERRUPTED, Guard, show
from railsim.cli.studying import asking as studying
from railsim.cli.studying import sweeping, turning

commands = typer.Typer(
    name="railsim",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        show(f"railsim {version('railsim')}")
        raise typer.Exit


@commands.callback(invoke_without_command=True)
def railsim(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Version."
        ),
    ] = False,
) -> None:
    """\b
    railsim run scenarios/base.toml
    railsim validate scenarios/*.toml

    Freight between Yunnan, Hai Phong and the sea: what becomes of it if the line is
    built, priced and opened like this, and how sure are we?
    """
    if context.invoked_subcommand is None:
        show(context.get_help())


_COMMANDS: tuple[tuple[str, Callable[..., None], str], ...] = (
    ("run", running.run, "Simulate a scenario and write a folder of tables."),
    ("sweep", sweeping.sweep, "Draw what is uncertain, in every cell of a grid."),
    ("sensitivity", studying.sensitivity, "Tell which input matters how much."),
    ("discover", studying.discover, "Find where something happens."),
    ("decide", studying.decide, "Compare what can be done: regret, tails, knowing."),
    ("breakeven", turning.breakeven, "Find where a verdict turns."),
    ("diff", comparing.diff, "Tell what differs between two runs, and why."),
    ("check", gating.check, "Fail where a conclusion flips, not where a number moves."),
    ("report", reporting.report, "Write a report that opens anywhere."),
    ("validate", checking.validate, "Check scenarios without simulating."),
    ("explain", asking.explain, "Explain a code, an input, a column or a lot."),
    ("ls", reading.ls, "List runs."),
    ("show", reading.show_run, "Print the answer of a run again."),
    ("init", making.init, "Write a scenario to begin with."),
    ("schema", making.schema, "Print the JSON Schema of scenarios."),
    ("verify", checking.verify, "Prove the model."),
    ("doctor", checking.doctor, "Tell what is installed and what is missing."),
)
for _name, _body, _meaning in _COMMANDS:
    commands.command(_name, short_help=_meaning)(_body)


def app(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with the code that the README promises."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    guard = Guard(is_verbose="-v" in words or "--verbose" in words)
    with guard:
        code = commands(args=words, prog_name="railsim", standalone_mode=False)
        guard.exit_code = code if isinstance(code, int) else 0
        if code == INTERRUPTED:
            guard.interrupted(INTERRUPTED)
    sys.exit(guard.exit_code)
