"""Trace random numbers of a Word brief to cell, run, inputs and sources.

python scripts/trace_brief.py results/base-3f9a1c2e.docx results/base-3f9a1c2e

Everything is read anew, with nothing of railsim: the document as XML, tables as CSV.
Exit code 1 for a number that is not what its cell says, a file that is not what the
manifest says, a value without a source.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FIRST = re.compile(r"-?[\d,]+(?:\.\d+)?$|-?[\d,]+(?:\.\d+)?(?= )")
PLAIN = {ord("\N{MINUS SIGN}"): "-", ord("\N{NO-BREAK SPACE}"): " "}
Row = dict[str, str]


def main() -> int:
    """Trace, tell, and count what does not hold."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("brief", type=Path)
    words.add_argument("run", type=Path)
    words.add_argument("--count", type=int, default=50)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    with zipfile.ZipFile(asked.brief) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
    uses, cells = list(numbers_in_text(body)), annex(body)
    chosen = random.Random(asked.seed).sample(uses, min(asked.count, len(uses)))
    wrong = [*check_run(asked.run, body), *check_sources(asked.run)]
    for number, shown in sorted(chosen):
        said, address = cells[number]
        wrong += trace(asked.run, number, shown, said, address)
    for line in wrong:
        print(f"WRONG {line}")
    print(f"{len(chosen)} of {len(uses)} numbers traced, {len(wrong)} wrong")
    return int(bool(wrong))


def numbers_in_text(body: ElementTree.Element) -> Iterator[tuple[int, str]]:
    """Every raised number of the text and what stands before it."""
    for paragraph in body.iter(f"{W}p"):
        before = ""
        for part in paragraph:
            if part.tag == f"{W}hyperlink":
                yield int(part.get(f"{W}anchor", "").removeprefix("number_")), before
            if part.tag == f"{W}r":
                before = text_of(part)


def annex(body: ElementTree.Element) -> dict[int, tuple[str, dict[str, Any]]]:
    """Number -> value and cell, as the annex says."""
    found = {}
    for row in body.iter(f"{W}tr"):
        texts = [text_of(cell) for cell in row.iter(f"{W}tc")]
        if row.find(f".//{W}bookmarkStart") is not None:
            address = tomllib.loads(texts[2].replace("; ", "\n"))
            found[int(texts[0])] = texts[1], address
    return found


def text_of(node: ElementTree.Element) -> str:
    """All text below a node."""
    return "".join(part.text or "" for part in node.iter(f"{W}t"))


def check_run(run: Path, body: ElementTree.Element) -> Iterator[str]:
    """The brief names this manifest, and every file is what the manifest says."""
    manifest = (run / "manifest.json").read_bytes()
    checksum = hashlib.sha256(manifest).hexdigest()
    print(f"run {run.name}: manifest {checksum}")
    if checksum not in text_of(body):
        yield "the brief is of another manifest"
    for name, wanted in json.loads(manifest)["files"].items():
        if hashlib.sha256((run / name).read_bytes()).hexdigest() != wanted:
            yield f"{name} is not what the manifest says"


def check_sources(run: Path) -> Iterator[str]:
    """Every number that was assumed has a source."""
    numbers = [row for row in table(run, "assumptions") if not is_choice(row)]
    sources = {(row["source"], row["publisher"], row["date"]) for row in numbers}
    print(f"inputs: {len(numbers)} values, {len(sources)} sources")
    yield from (f"{row['path']} has no source" for row in numbers if not row["source"])


def is_choice(row: Row) -> bool:
    """Whether it says how to run, or is true or false."""
    is_switch = set(re.findall(r"\w+", row["value"])) <= {"true", "false"}
    return is_switch or row["path"].startswith("run.")


def trace(
    run: Path, number: int, shown: str, said: str, address: dict[str, Any]
) -> Iterator[str]:
    """Whether a number is its cell, rounded as it is shown."""
    value = address.get("factor", 1.0) * value_of(run, address)
    digits = FIRST.match(said.translate(PLAIN))
    place = ", ".join(str(word) for word in address.values())
    print(f"[{number}] {said} is {value:.10g} of {place}")
    if shown != said:
        yield f"[{number}] the text says {shown}, the annex {said}"
    if digits is None or not is_rounded(digits[0], value):
        yield f"[{number}] {said} is not {value!r}"


def value_of(run: Path, address: dict[str, Any]) -> float:
    """The mean of an output over its draws, or a cell less another."""
    if "output" in address:
        return mean_of_draws(run, address)
    value = cell(run, address, address["where"])
    if "less" in address:
        value -= cell(run, address, address["where"] | address["less"])
    return value


def cell(run: Path, address: dict[str, Any], where: dict[str, Any]) -> float:
    """The only row that fits."""
    (row,) = (
        row
        for row in table(run, address["table"])
        if all(row[name] == str(word) for name, word in where.items())
    )
    return float(row[address["column"]])


def mean_of_draws(run: Path, address: dict[str, Any]) -> float:
    """The mean, or a quantile, over draws; of each the mean of its replications."""
    draws: dict[str, list[float]] = {}
    for row in table(run, "outputs"):
        keys = {"metric": address["output"]}
        keys |= {k: address[k] for k in ("alternative", "cell") if k in address}
        if row["value"] and all(row[name] == word for name, word in keys.items()):
            draws.setdefault(row["draw"], []).append(float(row["value"]))
    means = sorted(sum(values) / len(values) for values in draws.values())
    if "statistic" not in address:
        return sum(means) / len(means)
    place = (len(means) - 1) * float(address["statistic"][1:]) / 100.0
    low, share = means[int(place)], place - int(place)
    high = means[min(int(place) + 1, len(means) - 1)]
    return low + share * (high - low)


def is_rounded(shown: str, value: float) -> bool:
    """Whether a value rounds to what is shown; trailing zeros may be coarser."""
    plain = shown.replace(",", "")
    decimals = len(plain.partition(".")[2])
    zeros = len(plain) - len(plain.rstrip("0")) if not decimals else 0
    step = 10.0 ** (zeros - decimals)
    return abs(float(plain) - value) <= 0.5 * step * (1.0 + 1e-6)


def table(run: Path, name: str) -> list[Row]:
    """Rows of a table."""
    with (run / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


if __name__ == "__main__":
    sys.exit(main())
