"""All that `railsim report` writes: made in memory first, then put in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from railsim.errors import InputError, MissingError
from railsim.report.labels import Words, words_of
from railsim.results.reading import Run
from railsim.results.store import check_root, make_folder, replacing, write_file

FORMATS = ("html", "docx", "xlsx", "svg", "png")


def write_report(
    runs: Sequence[Run],
    out: Path,
    *,
    formats: Sequence[str],
    language: str,
    template: Path | None = None,
    brief: Path | None = None,
) -> list[Path]:
    """Write a report of some runs into a folder that is there.

    A Word brief takes its styles from `template` and its sentences from the file
    `brief`. Nothing is written unless everything could be made. Raises InputError for
    an unknown format or language and for what a brief cannot say, MissingError without
    the extra `report`, StorageError.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        named = ", ".join(unknown) or "nothing"
        raise InputError(f"--format {named}: must be of {', '.join(FORMATS)}")
    if (template or brief) and "docx" not in formats:
        raise InputError("--template and --brief are for --format docx")
    check_root(out)
    made = _made(runs, formats, language, template, brief)
    written = []
    for name, content in made.items():
        target = out / name
        if len(target.parts) > len(out.parts) + 1:
            make_folder(target.parent)
        with replacing(target) as new:
            write_file(new, content)
        written.append(target)
    return written


def _made(
    runs: Sequence[Run],
    formats: Sequence[str],
    language: str,
    *wish: Path | None,
) -> Mapping[str, bytes]:
    """Name -> content of every file."""
    words = words_of(language)
    try:
        return dict(_files(runs, formats, words, *wish))
    except ModuleNotFoundError as error:
        cure = 'pip install "railsim[report]"'
        raise MissingError(f"a report needs {error.name}: {cure}") from None


def _files(
    runs: Sequence[Run],
    formats: Sequence[str],
    words: Words,
    template: Path | None,
    brief: Path | None,
) -> Iterator[tuple[str, bytes]]:
    from railsim.report.figures import pictures_of, png, svg
    from railsim.report.page import page_of
    from railsim.report.workbook import workbook_of

    stem = _stem(runs)
    is_drawn = {"html", "docx", "svg", "png"} & set(formats)
    pictures = pictures_of(runs, words) if is_drawn else ()
    if "html" in formats:
        yield f"{stem}.html", page_of(runs, words, pictures).encode()
    if "docx" in formats:
        from railsim.report.brief.making import brief_of  # others need not wait

        for run in runs:
            own = pictures if len(runs) == 1 else pictures_of([run], words)
            yield f"{run.name}.docx", brief_of(run, words, own, template, brief)
    if "xlsx" in formats:
        yield from ((f"{run.name}.xlsx", workbook_of(run, words)) for run in runs)
    for picture in pictures:
        name = f"{stem}-pictures/{picture.name}"
        if "svg" in formats:
            yield f"{name}.svg", svg(picture).encode()
        if "png" in formats:
            yield f"{name}.png", png(picture)


def _stem(runs: Sequence[Run]) -> str:
    return "-and-".join(run.name for run in runs)
