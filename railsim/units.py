"""Fixed ratios between units; they hold by definition, not by assumption."""

HOURS_PER_DAY = 24.0
DAYS_PER_YEAR = 365.0
MONTHS_PER_YEAR = 12
MINUTES_PER_HOUR = 60.0
MS_PER_HOUR = 3_600_000
MS_PER_DAY = 86_400_000
KG_PER_TONNE = 1000
GRAMS_PER_KG = 1000.0


def ms_from_hours(hours: float) -> int:
    """The engine's clock counts whole milliseconds; halves round to even."""
    return round(hours * MS_PER_HOUR)
