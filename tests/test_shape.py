"""Files, functions and folders stay small, and everything public says what it is."""

import ast
from collections import Counter
from collections.abc import Iterator

from tests.sources import PACKAGE, ROOT, Source, sources

FILE_LINES = 350
BODY_LINES = 30
FILES_A_FOLDER = 12
LEVELS = 3
NAME_WORDS = 4

# "module.function": "date, decision page": only where a page says why.
LONG_FUNCTIONS: dict[str, str] = {}
# docs/decisions/0003-one-file-a-subject.md
FULL_FOLDERS = {"railsim/formulas"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
BLOCKS = (
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.If,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.TryStar,
    ast.Match,
)


def test_files_are_short_enough_to_read_at_once():
    lengths = {s.module: len(s.text.splitlines()) for s in sources()}

    assert {m: n for m, n in lengths.items() if n >= FILE_LINES} == {}


def test_function_bodies_fit_on_a_screen():
    lengths = {
        f"{source.module}.{function.name}": body_lines(function)
        for source in sources()
        for function in functions(source)
    }
    long = {name for name, lines in lengths.items() if lines >= BODY_LINES}

    assert {name: lengths[name] for name in long - LONG_FUNCTIONS.keys()} == {}


def test_no_allowance_outlives_its_long_function():
    long = {
        f"{source.module}.{function.name}"
        for source in sources()
        for function in functions(source)
        if body_lines(function) >= BODY_LINES
    }

    assert LONG_FUNCTIONS.keys() - long == set()


def test_folders_hold_at_most_a_dozen_files():
    files = Counter(
        str(s.path.parent.relative_to(ROOT))
        for s in sources()
        if s.path.name != "__init__.py"
    )
    full = {folder: n for folder, n in files.items() if n > FILES_A_FOLDER}

    assert full.keys() - FULL_FOLDERS == set()


def test_blocks_nest_at_most_three_deep():
    deep = [
        f"{source.at(function)}: {function.name} nests {depth(function)} deep"
        for source in sources()
        for function in functions(source)
        if depth(function) > LEVELS
    ]

    assert deep == []


def test_every_module_begins_with_a_docstring():
    silent = [s.module for s in sources() if not has_docstring(s)]

    assert silent == []


def test_everything_public_has_a_docstring():
    promised = {f.name for s in sources() for f in functions(s) if is_promise(f)}

    silent = [
        f"{source.at(node)}: {node.name}"
        for source in sources()
        for node in public(source.tree)
        if ast.get_docstring(node) is None and node.name not in promised
    ]

    assert silent == []


def test_names_of_tests_are_sentences():
    tests = [
        (path.relative_to(ROOT), node.name)
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, Function) and node.name.startswith("test_")
    ]
    terse = [f"{path}: {name}" for path, name in tests if words(name) < NAME_WORDS]

    assert terse == []


def test_every_folder_of_the_package_is_a_room():
    folders = {p.parent for p in PACKAGE.rglob("*.py")}

    assert [f.name for f in folders if not (f / "__init__.py").exists()] == []


def functions(source: Source) -> Iterator[Function]:
    """All functions and methods of a file, nested ones too."""
    return (node for node in ast.walk(source.tree) if isinstance(node, Function))


def body_lines(function: Function) -> int:
    """Lines from the first statement after the docstring to the last."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def depth(node: ast.AST) -> int:
    """How deep blocks nest below a node; `elif` and inner functions do not count."""
    return max(
        (_depth_of(node, child) for child in ast.iter_child_nodes(node)), default=0
    )


def _depth_of(parent: ast.AST, child: ast.AST) -> int:
    if isinstance(child, Function):
        return 0
    is_elif = isinstance(parent, ast.If) and parent.orelse == [child]
    return depth(child) + (isinstance(child, BLOCKS) and not is_elif)


def public(node: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    """Classes, functions and methods that others may use; overloads are one."""
    for child in node.body:
        if not isinstance(child, Function | ast.ClassDef) or child.name[0] == "_":
            continue
        if not is_decorated(child, "overload"):
            yield child
        if isinstance(child, ast.ClassDef):
            yield from public(child)


def is_promise(function: Function) -> bool:
    """An abstract method with a docstring speaks for those that keep its promise."""
    has_words = ast.get_docstring(function) is not None
    return has_words and is_decorated(function, "abstractmethod")


def is_decorated(node: Function | ast.ClassDef, name: str) -> bool:
    """Whether one of the decorators is called so, with or without its module."""
    written = [ast.unparse(decorator) for decorator in node.decorator_list]
    return any(text.rpartition(".")[2] == name for text in written)


def has_docstring(source: Source) -> bool:
    """Empty files that only mark a folder need none."""
    return not source.text.strip() or ast.get_docstring(source.tree) is not None


def words(name: str) -> int:
    """How many words a test's name has after `test_`."""
    return len(name.removeprefix("test_").split("_"))
