"""The package's source files, parsed, as the tests of style look at them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "railsim"


@dataclass(frozen=True)
class Source:
    """One file of the package."""

    path: Path
    module: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """`scenario` for everything below `railsim.scenario`; '' for the package."""
        return room_of(self.module)

    def at(self, node: ast.AST) -> str:
        """Where a node stands, for messages."""
        return f"{self.path.relative_to(ROOT)}:{node.lineno}"

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call with the name that is called, as it is written."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node

    def imports(self) -> Iterator[tuple[str, ast.stmt]]:
        """Every absolute import, wherever it stands, with its full dotted name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((f"{node.module}.{a.name}", node) for a in node.names)

    def imports_of_ours(self) -> Iterator[tuple[str, ast.stmt]]:
        """Modules of the package that this one imports."""
        known = {source.module for source in sources()}
        for name, node in self.imports():
            if name.split(".")[0] == "railsim":
                yield name if name in known else name.rpartition(".")[0] or name, node


@cache
def sources() -> tuple[Source, ...]:
    """All files of the package in the order of their names."""
    return tuple(_read(path) for path in sorted(PACKAGE.rglob("*.py")))


def room_of(module: str) -> str:
    """The floor of the staircase on which a module lies."""
    return module.split(".")[1] if "." in module else ""


def _read(path: Path) -> Source:
    parts = path.relative_to(ROOT).with_suffix("").parts
    module = ".".join(parts).removesuffix(".__init__")
    text = path.read_text(encoding="utf-8")
    return Source(path, module, text, ast.parse(text))
