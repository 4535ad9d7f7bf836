"""Moon and sun as the East Asian calendar needs them: months, solstices, leap months.

New moons follow Meeus (1998, Astronomical Algorithms, chapter 49), within about
twenty seconds; the sun follows the largest terms of VSOP87 (Bretagnon & Francou
1988; Meeus 1998, chapter 25), within two arcseconds, which is fifty seconds of time.
Days are Julian days: ``ut`` counts civil time, ``tt`` uniform (terrestrial) time.
"""

import math
from datetime import date

J2000 = 2_451_545.0
DAYS_PER_CENTURY = 36_525.0
SYNODIC_MONTH_D = 29.530588861
FIRST_NEW_MOON = 2_451_550.09766  # 6 January 2000, lunation number 0
TROPICAL_YEAR_D = 365.24219
JULIAN_DAY_OF_ORDINAL_0 = 1_721_424.5
ARCSECOND = math.radians(1 / 3600)

# (coefficient in 1e-5 day, power of the eccentricity factor; multiples of the
# sun's anomaly, the moon's anomaly, the moon's argument of latitude, its node)
NEW_MOON_TERMS = (
    (-40720, 0, 0, 1, 0, 0),
    (17241, 1, 1, 0, 0, 0),
    (1608, 0, 0, 2, 0, 0),
    (1039, 0, 0, 0, 2, 0),
    (739, 1, -1, 1, 0, 0),
    (-514, 1, 1, 1, 0, 0),
    (208, 2, 2, 0, 0, 0),
    (-111, 0, 0, 1, -2, 0),
    (-57, 0, 0, 1, 2, 0),
    (56, 1, 1, 2, 0, 0),
    (-42, 0, 0, 3, 0, 0),
    (42, 1, 1, 0, 2, 0),
    (38, 1, 1, 0, -2, 0),
    (-24, 1, -1, 2, 0, 0),
    (-17, 0, 0, 0, 0, 1),
    (-7, 0, 2, 1, 0, 0),
    (4, 0, 0, 2, -2, 0),
    (4, 0, 3, 0, 0, 0),
    (3, 0, 1, 1, -2, 0),
    (3, 0, 0, 2, 2, 0),
    (-3, 0, 1, 1, 2, 0),
    (3, 0, -1, 1, 2, 0),
    (-2, 0, -1, 1, -2, 0),
    (-2, 0, 1, 3, 0, 0),
    (2, 0, 0, 4, 0, 0),
)

# (coefficient in 1e-6 day; degrees: angle at lunation 0, growth a lunation, bend
# with the square of the centuries since 2000)
PLANETARY_TERMS = (
    (325, 299.77, 0.107408, -0.009173),
    (165, 251.88, 0.016321, 0),
    (164, 251.83, 26.651886, 0),
    (126, 349.42, 36.412478, 0),
    (110, 84.66, 18.206239, 0),
    (62, 141.74, 53.303771, 0),
    (60, 207.14, 2.453732, 0),
    (56, 154.84, 7.306860, 0),
    (47, 34.52, 27.261239, 0),
    (42, 207.19, 0.121824, 0),
    (40, 291.34, 1.844379, 0),
    (37, 161.72, 24.198154, 0),
    (35, 239.56, 25.513099, 0),
    (23, 331.55, 3.592518, 0),
)

# Longitude of the earth: (amplitude in 1e-8 radian, phase, growth a millennium),
# one list for each power of time in millennia.
EARTH_LONGITUDE_TERMS = (
    (
        (175347046, 0.0, 0.0),
        (3341656, 4.6692568, 6283.07585),
        (34894, 4.6261, 12566.1517),
        (3497, 2.7441, 5753.3849),
        (3418, 2.8289, 3.5231),
        (3136, 3.6277, 77713.7715),
        (2676, 4.4181, 7860.4194),
        (2343, 6.1352, 3930.2097),
        (1324, 0.7425, 11506.7698),
        (1273, 2.0371, 529.691),
        (1199, 1.1096, 1577.3435),
        (990, 5.233, 5884.927),
        (902, 2.045, 26.298),
        (857, 3.508, 398.149),
        (780, 1.179, 5223.694),
        (753, 2.533, 5507.553),
        (505, 4.583, 18849.228),
        (492, 4.205, 775.523),
        (357, 2.92, 0.067),
        (317, 5.849, 11790.629),
        (284, 1.899, 796.298),
        (271, 0.315, 10977.079),
        (243, 0.345, 5486.778),
        (206, 4.806, 2544.314),
        (205, 1.869, 5573.143),
        (202, 2.458, 6069.777),
        (156, 0.833, 213.299),
        (132, 3.411, 2942.463),
        (126, 1.083, 20.775),
        (115, 0.645, 0.98),
        (103, 0.636, 4694.003),
        (102, 0.976, 15720.839),
        (102, 4.267, 7.114),
    ),
    (
        (628331966747, 0.0, 0.0),
        (206059, 2.678235, 6283.07585),
        (4303, 2.6351, 12566.1517),
        (425, 1.59, 3.523),
        (119, 5.796, 26.298),
        (109, 2.966, 1577.344),
    ),
    ((52919, 0.0, 0.0), (8720, 1.0721, 6283.0758), (309, 0.867, 12566.152)),
    ((289, 5.844, 6283.076),),
)


def clock_lag_d(ut: float) -> float:
    """Estimate terrestrial minus civil time in days (Morrison & Stephenson 1982)."""
    centuries = (ut - 2_385_800.5) / DAYS_PER_CENTURY
    return (32.0 * centuries**2 - 20.0) / 86_400.0


def new_moon_ut(lunation: int) -> float:
    """Give the civil Julian day of a new moon; lunation 0 is 6 January 2000."""
    t = lunation * SYNODIC_MONTH_D / DAYS_PER_CENTURY
    mean = FIRST_NEW_MOON + SYNODIC_MONTH_D * lunation
    mean += 0.00015437 * t**2 - 0.00000015 * t**3
    tt = mean + new_moon_correction_d(lunation, t) + planetary_correction_d(lunation, t)
    return tt - clock_lag_d(tt)


def new_moon_correction_d(lunation: int, t: float) -> float:
    """Add the periodic terms of sun and moon, ``t`` in centuries since 2000."""
    shrink = 1 - 0.002516 * t - 0.0000074 * t**2
    sun = math.radians(2.5534 + 29.1053567 * lunation - 0.0000014 * t**2)
    moon = math.radians(201.5643 + 385.81693528 * lunation + 0.0107582 * t**2)
    latitude = math.radians(160.7108 + 390.67050284 * lunation - 0.0016118 * t**2)
    node = math.radians(124.7746 - 1.56375588 * lunation + 0.0020672 * t**2)
    return 1e-5 * math.fsum(
        size * shrink**power * math.sin(a * sun + b * moon + c * latitude + d * node)
        for size, power, a, b, c, d in NEW_MOON_TERMS
    )


def planetary_correction_d(lunation: int, t: float) -> float:
    """Add the pulls of the planets, ``t`` in centuries since 2000."""
    return 1e-6 * math.fsum(
        size * math.sin(math.radians(start + growth * lunation + bend * t**2))
        for size, start, growth, bend in PLANETARY_TERMS
    )


def solar_longitude(ut: float) -> float:
    """Give the apparent longitude of the sun in degrees, from 0 up to 360."""
    t = (ut + clock_lag_d(ut) - J2000) / (10 * DAYS_PER_CENTURY)
    earth = math.fsum(
        amplitude * 1e-8 * math.cos(phase + growth * t) * t**power
        for power, terms in enumerate(EARTH_LONGITUDE_TERMS)
        for amplitude, phase, growth in terms
    )
    seen_arcsec = nutation_arcsec(10 * t) - aberration_arcsec(10 * t) - 0.09033
    return math.degrees(earth + math.pi + seen_arcsec * ARCSECOND) % 360.0


def nutation_arcsec(t: float) -> float:
    """Give the nodding of the equinox along the ecliptic, ``t`` in centuries."""
    node = math.radians(125.04452 - 1934.136261 * t)
    sun = math.radians(280.4665 + 36000.7698 * t)
    moon = math.radians(218.3165 + 481267.8813 * t)
    nodding = -17.2 * math.sin(node) - 1.32 * math.sin(2 * sun)
    return nodding - 0.23 * math.sin(2 * moon) + 0.21 * math.sin(2 * node)


def aberration_arcsec(t: float) -> float:
    """Give how far the sun seems to lag for the time its light takes."""
    anomaly = math.radians(357.5291 + 35999.0503 * t)
    return 20.4955 * (1 + 0.01671 * math.cos(anomaly))


def solar_longitude_ut(ut: float, longitude: float) -> float:
    """Give the civil Julian day nearest ``ut`` at which the sun has ``longitude``."""
    for _ in range(8):
        short = (longitude - solar_longitude(ut) + 180.0) % 360.0 - 180.0
        ut += short * TROPICAL_YEAR_D / 360.0
    return ut


def local_date(ut: float, tz_hours: float) -> date:
    """Give the local date of a civil Julian day."""
    return date.fromordinal(math.floor(ut + tz_hours / 24 - JULIAN_DAY_OF_ORDINAL_0))


def month_start(lunation: int, tz_hours: float) -> date:
    """Give the local date on which the new moon of a lunation falls."""
    return local_date(new_moon_ut(lunation), tz_hours)


def solstice_lunation(year: int, tz_hours: float) -> int:
    """Number the lunation whose month holds the winter solstice of a year."""
    guess = date(year, 12, 21).toordinal() + JULIAN_DAY_OF_ORDINAL_0
    solstice_ut = solar_longitude_ut(guess, 270.0)
    solstice = local_date(solstice_ut, tz_hours)
    lunation = round((solstice_ut - FIRST_NEW_MOON) / SYNODIC_MONTH_D) + 1
    while month_start(lunation, tz_hours) > solstice:
        lunation -= 1
    return lunation


def is_leap(lunation: int, tz_hours: float) -> bool:
    """Tell whether the sun stays in one twelfth of the ecliptic all the month."""
    sectors = [
        math.floor(
            solar_longitude(midnight_ut(month_start(n, tz_hours), tz_hours)) / 30
        )
        for n in (lunation, lunation + 1)
    ]
    return sectors[0] == sectors[1]


def midnight_ut(day: date, tz_hours: float) -> float:
    """Give the civil Julian day at which a local date begins."""
    return day.toordinal() + JULIAN_DAY_OF_ORDINAL_0 - tz_hours / 24
