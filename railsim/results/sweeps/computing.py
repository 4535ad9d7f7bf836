"""Which parts of a sweep are there, and those that are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from railsim.results.sweeps.collecting import numbers_of
from railsim.results.sweeps.keeping import Keep
from railsim.results.sweeps.parts import Part, read_part, rows_of, write_part
from railsim.results.sweeps.planning import Progress, Shard, Sweep
from railsim.study.sweep.crews import Chunk, Crew, answer_chunks
from railsim.study.sweep.watching import Watch


@dataclass
class Parts:
    """The parts of a sweep that are on disk and whole; the others have to be made."""

    sweep: Sweep
    keep: Keep
    watch: Watch
    is_done: bytearray = field(default_factory=bytearray)
    draws_left: int = 0

    def look(self, shard: Shard | None) -> None:
        """Prove every part; those whose worker died are tried again."""
        for number, (name, chunk) in enumerate(self.sweep.chunks()):
            part = self.keep.read(name)
            is_done = part is not None and not part.killed
            self.is_done.append(is_done)
            if part is not None:
                self._note(chunk, part)
            if not is_done and (shard is None or shard.has(number)):
                self.draws_left += len(chunk.draws)

    def make(self, crew: Crew, progress: Progress, shard: Shard | None) -> None:
        """Compute and keep what is missing, until there is enough."""
        if self.draws_left == 0 or self._may_stop(shard):
            return
        progress.expect(self.draws_left)
        names = {}

        def missing() -> Iterator[Chunk]:
            for number, (name, chunk) in enumerate(self.sweep.chunks()):
                if self._is_wanted(number, chunk, shard):
                    names[chunk.fidelity, chunk.draws[0].number] = name
                    yield chunk

        for chunk, answers in answer_chunks(self.sweep.text, missing(), crew):
            name = names.pop((chunk.fidelity, chunk.draws[0].number))
            content = write_part(name, chunk, answers, self.sweep.shared.worlds)
            self.keep.write(name, content)
            progress.advance(len(chunk.draws))
            self._note(chunk, read_part(name, content))
            if self._may_stop(shard):
                return

    def _is_wanted(self, number: int, chunk: Chunk, shard: Shard | None) -> bool:
        """Not there yet, ours, and not beyond what is enough."""
        if self.is_done[number] or (shard is not None and not shard.has(number)):
            return False
        return chunk.draws[0].number < self.sweep.counts(self.watch)[chunk.fidelity]

    def _may_stop(self, shard: Shard | None) -> bool:
        """Enough draws by closed forms, and no events wanted beside them."""
        if shard is not None or not self.watch.is_enough():
            return False
        return len(self.sweep.levels) == 1

    def _note(self, chunk: Chunk, part: Part) -> None:
        """Tell the numbers of the first fidelity to whoever decides when to stop."""
        first = next(iter(self.sweep.levels))
        if self.watch.stopping is None or chunk.fidelity != first:
            return
        rows = rows_of(part)
        for draw in chunk.draws:
            self.watch.note(draw.number, numbers_of(draw.number, rows))

    def missing(self) -> int:
        """How many parts are wanted and not there."""
        self.watch.is_enough()
        counts = self.sweep.counts(self.watch)
        return sum(
            1
            for name, chunk in self.sweep.chunks()
            if chunk.draws[0].number < counts[chunk.fidelity]
            and self.keep.read(name) is None
        )

    def collected(self) -> Iterator[tuple[Chunk, Part]]:
        """All wanted parts in order."""
        counts = self.sweep.counts(self.watch)
        for name, chunk in self.sweep.chunks():
            if chunk.draws[0].number < counts[chunk.fidelity]:
                part = self.keep.read(name)
                assert part is not None, name
                yield chunk, part
