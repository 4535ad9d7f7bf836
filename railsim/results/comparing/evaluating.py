"""What a mixture of two scenarios comes to, kept so that no work is done twice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from railsim.living.worlds import count_years
from railsim.results.comparing.outputs import Outputs
from railsim.results.datapackage import write_json
from railsim.results.manifest import computer, digest, model_version
from railsim.results.reading import Run
from railsim.results.store import make_folder, replacing, write_file
from railsim.results.tables.gathering import Gathered
from railsim.results.tables.replications import read_replications, write_replications
from railsim.scenario import Scenario
from railsim.study.replications import Progress, run_replications

FOLDER = "attribution"


def is_of_here(run: Run) -> bool:
    """Whether this railsim on this machine would make the same run."""
    told = {"model_version": model_version(), **computer()}
    return all(run.manifest.get(name) == value for name, value in told.items())


@dataclass(frozen=True)
class Bench:
    """Runs scenarios, and keeps what they report in a folder of results.

    A finished one is found again by the hash of all that decides it.
    """

    out: Path
    replications: int
    jobs: int
    progress: Progress

    def years(self, scenario: Scenario) -> int:
        """Years that are to be simulated; 0 for what is kept."""
        if self._kept(self._file(scenario)) is not None:
            return 0
        return count_years(scenario, range(self.replications))

    def evaluate(self, scenario: Scenario) -> Outputs:
        """What a run of it would report; raises StorageError or WorkerError."""
        file = self._file(scenario)
        content = self._kept(file)
        if content is None:
            content = self._run(scenario)
            with replacing(make_folder(self.out / FOLDER) / file.name) as new:
                write_file(new, f"{digest(content)}\n".encode() + content)
        return read_replications(content, self.replications)

    def _run(self, scenario: Scenario) -> bytes:
        gathered = Gathered()
        for each in run_replications(
            scenario,
            scenario.run.seed,
            range(self.replications),
            jobs=self.jobs,
            advance=self.progress.advance,
        ):
            gathered.add(each.outcome)
        return write_replications(gathered, scenario.run.report_year)

    def _file(self, scenario: Scenario) -> Path:
        identity = {
            "model_version": model_version(),
            **computer(),
            "replications": self.replications,
            "scenario": scenario.model_dump(mode="json", exclude_unset=True),
        }
        return self.out / FOLDER / f"{digest(write_json(identity))[:32]}.part"

    @staticmethod
    def _kept(file: Path) -> bytes | None:
        """Its contents; nothing of a file that is damaged."""
        if not file.is_file():
            return None
        checksum, _, content = file.read_bytes().partition(b"\n")
        return (
            content if checksum.decode("ascii", "replace") == digest(content) else None
        )
