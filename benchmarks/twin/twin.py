"""The kernel's twin in C: built from the same tables by the compiler of the system.

`tables.h` is written anew for each build, from the dtypes of `tables`, the names of
`rows` and the constants of the kernel: the two cannot drift apart.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from railsim.corridor.tables import Plan
from railsim.engine.compiled import codes, loop, pending, rows, tables
from railsim.engine.compiled.filling import fill, most_rows_at_once
from railsim.engine.compiled.simulation import lengthen_log
from railsim.engine.draws import Draws
from railsim.engine.kernels.pages import expected_rows

HERE = Path(__file__).parent
OPTIONS = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
NAMES = re.compile(r'^(\w+)_at = _rows_of\("(\w+)"\)', re.MULTILINE)
KINDS = {"i1": "int8_t", "i4": "int32_t", "i8": "int64_t", "f8": "double"}

Run = Callable[[np.ndarray], int]
Log = dict[str, np.ndarray]


def compiler() -> str | None:
    """The C compiler of the system, if there is one."""
    return next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)


def build(folder: Path) -> Run:
    """Compile the twin in a folder; its `run` takes the world as the kernel's does."""
    (folder / "tables.h").write_text(header(), encoding="utf-8")
    library, includes = folder / "twin.so", ["-I", str(folder), "-I", str(HERE)]
    command = [str(compiler()), *OPTIONS, *includes, str(HERE / "loop.c")]
    subprocess.run([*command, "-o", str(library), "-lm"], check=True)
    entry = ctypes.CDLL(str(library)).run
    entry.restype, entry.argtypes = ctypes.c_int64, [ctypes.c_void_p]
    return lambda world: int(entry(world.ctypes.data))


def simulate(run: Run, plan: Plan, draws: Draws) -> tuple[Log, float]:
    """The columns of a year's log, and the processor seconds spent in `run`."""
    room = most_rows_at_once(plan, draws) + expected_rows(plan, draws)
    tables, spent = fill(plan, draws, room), 0.0
    logs = [name for name in tables if name.startswith("log_")]
    for name in logs:  # memory is paid for at its first touch, which is not raced
        tables[name].view(np.uint8).fill(0)
    ending = loop.IS_FULL
    while ending == loop.IS_FULL:
        begin = time.process_time()
        ending = run(tables["world"])
        spent += time.process_time() - begin
        if ending == loop.IS_FULL:
            lengthen_log(tables)
    end = int(tables["world"]["rows"][0])
    return {name: tables[name][:end] for name in logs}, spent


def header() -> str:
    """Rows as structures, rows by number as functions, constants by their names."""
    names = NAMES.findall(Path(str(rows.__file__)).read_text(encoding="utf-8"))
    assert {table for _, table in names} == set(tables.TABLES)
    lines = [*_constants(), *_structure("World", tables.WORLD)]
    for name, table in names:
        row = name.title().replace("_", "")
        lines += _structure(row, tables.TABLES[table])
        lines += [
            f"static inline {row} *{name}_at(World *w, whole i)"
            f" {{ return ({row} *)w->{table}_address + i; }}"
        ]
    return "\n".join(lines) + "\n"


def _constants() -> list[str]:
    return [
        f"#define {name} ((whole){value})"
        for module in (codes, loop, pending)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, int)
    ]


def _structure(name: str, row: np.dtype[np.void]) -> list[str]:
    """A row, with proof that the compiler lays it out as numpy does."""
    fields = [(field, kind.str[1:], at) for field, (kind, at) in row.fields.items()]
    return [
        "typedef struct {",
        *(f"    {KINDS[kind]} {field};" for field, kind, _ in fields),
        f"}} {name};",
        f'_Static_assert(sizeof({name}) == {row.itemsize}, "{name}");',
        *(
            f'_Static_assert(offsetof({name}, {field}) == {at}, "{name}.{field}");'
            for field, _, at in fields
        ),
    ]
