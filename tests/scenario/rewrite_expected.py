"""Write the expected message of every malformed scenario anew; then read the diff.

uv run python tests/scenario/rewrite_expected.py
"""

import os
from pathlib import Path

from railsim.scenario import ScenarioError, load_scenario

MALFORMED = Path(__file__).parent / "malformed"


def message_of(name: str) -> str:
    """The message of a malformed scenario, read from inside its folder."""
    try:
        load_scenario(name, roots=[".."])
    except ScenarioError as error:
        return f"{error}\n"
    return "accepted\n"


if __name__ == "__main__":
    os.chdir(MALFORMED)
    for file in sorted(MALFORMED.glob("*.toml")):
        text = message_of(file.name)
        file.with_suffix(".expected").write_text(text, encoding="utf-8", newline="")
