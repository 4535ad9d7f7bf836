"""`railsim explain`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from railsim.cli.guard import show


def explain(
    what: Annotated[
        str, typer.Argument(help="A code, an input, a column, or a run with --lot.")
    ],
    scenario: Annotated[
        Path, typer.Option(help="Scenario in which an input is looked up.")
    ] = Path("scenarios/base.toml"),
    lot: Annotated[int | None, typer.Option(help="Lot of a traced run.")] = None,
    alternative: Annotated[str | None, typer.Option(help="Of the lot.")] = None,
    year: Annotated[int | None, typer.Option(help="Of the lot.")] = None,
    replication: Annotated[int, typer.Option(help="Of the lot.")] = 0,
) -> None:
    """\b
    railsim explain services.sgr_container.tariff_usd_per_teu_km
    railsim explain results/base-3f9a1c2e --lot 17 --year 2035

    Tell what a code, an input or a column means, or where one lot's hours went.
    """
    if lot is None:
        from railsim.results.explaining import explain as explain_word

        show(explain_word(what, scenario))
        return
    from railsim.results.lots import explain_lot
    from railsim.results.reading import open_run

    run = open_run(Path(what), is_checked=False)
    where = {"alternative": alternative, "year": year, "replication": replication}
    show(explain_lot(run, lot, **where))  # type: ignore[arg-type]
