"""What can be wrong with a scenario: codes, located problems, the error they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from railsim.errors import InputError
from railsim.scenario.paths import printable

SHOWN_AT_MOST = 100

# code -> (short title, explanation printed by `railsim explain`)
CODES: dict[str, tuple[str, str]] = {
    "E101": (
        "unknown key",
        "The scenario has a key that railsim does not know at this place. A misspelt\n"
        "key would otherwise be ignored and the parent's value used in silence.\n"
        "Cure: correct the spelling (the nearest known word is suggested) or remove\n"
        "the line. `railsim schema` lists every key with its unit and meaning.",
    ),
    "E102": (
        "wrong type",
        "The value is of another kind than the key wants: text where a number is\n"
        "wanted, a table where a list is wanted, a date, or true and false where a\n"
        "number is wanted (booleans are not numbers).\n"
        "Cure: write the value as the message says. A number with a unit is text in\n"
        'quotes: "6 h", "40 USD/TEU", "5 %".',
    ),
    "E103": (
        "value out of range",
        "The value is of the right kind but outside what the model allows: below or\n"
        "above the range of its key, not one of the words of a list, not finite, or\n"
        "an integer beyond 2^53, which arithmetic would not keep exact.\n"
        "Cure: the help line gives the range and, where a parent has one, the value\n"
        "it would otherwise be, with the file and line that say so.",
    ),
    "E104": (
        "missing value",
        "The model needs this value and no file gives it. The schema has no defaults\n"
        "that carry an assumption.\n"
        "Cure: write the value, or extend a scenario that has it.",
    ),
    "E105": (
        "bad reference",
        "The scenario names a place, route, tariff, calendar or another thing by an\n"
        "id that does not exist in the merged scenario.\n"
        "Cure: correct the id (the nearest is suggested) or add the table it names.",
    ),
    "E106": (
        "not TOML",
        "The file cannot be read as TOML 1.0 in UTF-8 without byte order mark, so\n"
        "nothing in it can be trusted. The position is where reading stopped; the\n"
        "mistake is there or shortly before.\n"
        "Cure: correct the syntax. A number with a unit needs quotes. A table or a\n"
        "key may be written only once in a file.",
    ),
    "E107": (
        "unit cannot be converted",
        "The text holds a number with a unit of another kind than the key's unit:\n"
        "hours where money belongs, TEU where lots are counted. Currencies never\n"
        "change into each other here: exchange rates are assumptions of `economy`.\n"
        "Cure: write the value in the unit named in the message, or a plain number.",
    ),
    "E108": (
        "file cannot be used",
        "A scenario or a parent named by `extends` is missing, is no regular file,\n"
        "lies outside the allowed folders, is part of a cycle or is more than 8\n"
        "parents deep. Parents are relative to the file that names them and must\n"
        "really lie (links followed) in the folder of the top scenario, in the\n"
        "nearest folder above it called `scenarios`, or in a folder given as root.",
    ),
    "E109": (
        "too large",
        "The file passes a limit that protects memory and time: 2 MB a file, 8 MB\n"
        "with parents, 32 levels of tables and lists, 16 segments in a dotted key,\n"
        "100,000 values, 2,000,000 values over all alternatives.\n"
        "Cure: divide the scenario, or move long lists where they belong.",
    ),
    "E110": (
        "name not allowed",
        "A key or a text is longer than 200 characters, is not in the Unicode form\n"
        "NFC, or holds control or formatting characters: such names look alike and\n"
        "differ, or disturb terminals and tables.\n"
        "Cure: type the name anew in your editor; letters of all languages are fine.",
    ),
    "E111": (
        "inconsistent",
        "Each value is allowed, but together they cannot be: shares that do not sum\n"
        "to one, a route whose steps do not hang together, calendars that wait for\n"
        "each other.\n"
        "Cure: the message names the rule; the position is the table or step that\n"
        "breaks it.",
    ),
    "E112": (
        "bad override",
        "A value laid over the scenario (`--set`, an alternative, a study) names a\n"
        "path that does not exist or is not of the form path=value.\n"
        "Cure: correct the path. Segments are divided by dots, positions in a list\n"
        "are numbers from 0: routes.R3.steps.2.share=0.4. A new id needs a table.",
    ),
    "E113": (
        "evidence damaged",
        "A row of sources.csv cannot be read: a wrong column, a cell that is no\n"
        "number, a path that has two rows or an unknown grade.\n"
        "Cure: correct the row; the columns are path, low, mode, high, distribution,\n"
        "source, publisher, address, date, grade, remark.",
    ),
    "W012": (
        "unusual value",
        "The value is allowed, but outside the range such values usually have. If it\n"
        "is meant, write the reason in the remark of its row in sources.csv.",
    ),
    "W013": (
        "surprising scale",
        "The value would be usual if it were written in another scale: percent\n"
        "instead of a share, minutes instead of hours, thousands instead of ones.\n"
        "Cure: look at the unit of the key and write the value in it.",
    ),
    "W020": (
        "unusual elasticity",
        "With the calibrated constants, a rail route loses more or fewer tonnes per\n"
        "percent of generalised cost than `choice.elasticity_usual` says is usual.\n"
        "Cure: look at theta_per_usd of the commodity, at base_share of the flow and\n"
        "at the costs of the routes that compete; a route with a share near one has\n"
        "an elasticity near zero by nature.",
    ),
    "W031": (
        "closed forms not calibrated",
        "The analytic fidelity multiplies the delays of its closed forms by factors\n"
        "that event runs taught, and this scenario has none.\n"
        "Cure: extend a scenario that has a [kappa] table, or write one with\n"
        "`railsim verify --kappa FILE`.",
    ),
    "W032": (
        "load above 0.98",
        "A station or a service is asked for nearly all it can do or for more. The\n"
        "closed forms then add the backlog of a fluid, which knows nothing of peaks\n"
        "and of shippers who turn away.\n"
        "Cure: believe the event fidelity there (--fidelity event).",
    ),
    "W033": (
        "bursty tandem",
        "Whole trainloads or shiploads reach these stations at once, while the closed\n"
        "forms take lots to come one by one. Only kappa corrects that, for traffic\n"
        "like that of the event runs it was learnt from.\n"
        "Cure: believe the event fidelity there (--fidelity event).",
    ),
    "W034": (
        "no fixed point",
        "Lots and delays of these years did not agree to 1e-8 in two consecutive\n"
        "rounds of at most 200; their last round stands in the tables, and\n"
        "is_converged is false in manifest.json.\n"
        "Cure: look for resources loaded above 1; use the event fidelity.",
    ),
    "W036": (
        "years left out",
        "Accounts and the appraisal need every year from the first to the last, and\n"
        "this run reports only some of them.\n"
        'Cure: run.simulate_years = "anchors" or "all" (--years anchors).',
    ),
    "W035": (
        "promised opening",
        "The scenario says when a line opens, so neither its start nor its duration\n"
        "counts. The warning tells what share of projects like it, started when it\n"
        "may start, would be open by then.\n"
        "Cure: take `opens_year` out of the opening, and the project says when; or\n"
        "keep it as a promise and read the results as what follows if it is kept.",
    ),
}


@dataclass(frozen=True)
class Problem:
    """One mistake or doubt, with the place that wrote it."""

    code: str
    message: str
    path: str = ""
    help: str = ""
    file: str = ""  # as the user would type it
    line: int = 0
    column: int = 0
    flag: str = ""  # `--set a.b=1`: takes the place of file, line and column

    @property
    def where(self) -> str:
        """The option, or file, line and column."""
        if self.flag:
            return self.flag
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    @property
    def is_error(self) -> bool:
        """Errors stop; warnings do not."""
        return self.code.startswith("E")

    def __str__(self) -> str:
        kind = "error" if self.is_error else "warning"
        subject = f"{self.path}: " if self.path else ""
        first = f"{self.where}: {kind}[{self.code}] {subject}{self.message}"
        lines = [first, f"  help: {self.help}"] if self.help else [first]
        return "\n".join(map(printable, lines))


class ScenarioError(InputError):
    """A scenario that cannot be: all its problems, sorted, as one text."""

    def __init__(self, problems: Iterable[Problem], *, count: int | None = None):
        self.problems = tuple(sorted(problems, key=order_of))
        self.count = len(self.problems) if count is None else count
        super().__init__(render(self.problems, count=self.count))


def order_of(problem: Problem) -> tuple[str, str, int, int, str, str]:
    """Files by name, then top to bottom; flags before files."""
    where = "" if problem.flag else problem.file
    return (
        where,
        problem.flag,
        problem.line,
        problem.column,
        problem.path,
        problem.code,
    )


def render(problems: Sequence[Problem], *, count: int | None = None) -> str:
    """The text of the problems and, last, how many there are."""
    found = len(problems) if count is None else count
    kind = "error" if all(p.is_error for p in problems) else "warning"
    total = f"{found} {kind}" if found == 1 else f"{found} {kind}s"
    if found > len(problems):
        total += f", the first {len(problems)} shown"
    return "\n".join([*(str(problem) for problem in problems), total])
