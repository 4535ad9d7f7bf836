"""Guards for the arguments of formulas: each message names the argument."""

import sys
from collections.abc import Mapping, Sized
from numbers import Real

LARGEST = sys.float_info.max


def require_finite(name: str, value: object) -> None:
    """Accept any finite real number; refuse booleans, NaN and infinities."""
    is_number = type(value) is float or (
        isinstance(value, Real) and not is_boolean(value)
    )
    if not is_number or not abs(value) <= LARGEST:  # type: ignore[arg-type]
        raise ValueError(f"{name} must be a finite number, found {value!r}")


def is_boolean(value: object) -> bool:
    """Tell booleans, numpy's included, which Python would count as numbers."""
    return type(value).__name__ in {"bool", "bool_"}


def require_positive(name: str, value: object) -> None:
    """Accept a finite number greater than zero."""
    require_finite(name, value)
    if value <= 0:  # type: ignore[operator]
        raise ValueError(f"{name} must be greater than 0, found {value}")


def require_nonnegative(name: str, value: object) -> None:
    """Accept a finite number which is zero or more."""
    require_at_least(name, value, 0)


def require_share(name: str, value: object) -> None:
    """Accept a finite number from 0 to 1, both included."""
    require_finite(name, value)
    if not 0 <= value <= 1:  # type: ignore[operator]
        raise ValueError(f"{name} must be from 0 to 1, found {value}")


def require_at_least(name: str, value: object, low: float) -> None:
    """Accept a finite number which is at least ``low``."""
    require_finite(name, value)
    if value < low:  # type: ignore[operator]
        raise ValueError(f"{name} must be at least {low}, found {value}")


def require_count(name: str, value: object, low: int) -> None:
    """Accept a whole number which is at least ``low``."""
    require_at_least(name, value, low)
    if value != int(value):  # type: ignore[call-overload]
        raise ValueError(f"{name} must be a whole number, found {value}")


def require_same_length(**sequences: Sized) -> None:
    """Accept sequences which are all as long as the first of them."""
    lengths = {name: len(sequence) for name, sequence in sequences.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"{' and '.join(lengths)} must be equally long, found {found}")


def require_boolean(name: str, value: object) -> None:
    """Accept true or false, numpy's included."""
    if not is_boolean(value):
        raise ValueError(f"{name} must be true or false, found {value!r}")


def require_mapping(name: str, value: object) -> None:
    """Accept a mapping, such as a dict."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} must be a mapping, found {value!r}")


def require_sequence(name: str, value: object, length: int | None = None) -> None:
    """Accept a list, tuple or array, if need be of a given length."""
    is_sequence = hasattr(value, "__len__") and hasattr(value, "__getitem__")
    if not is_sequence or isinstance(value, str | bytes | Mapping):
        raise ValueError(f"{name} must be a list, found {value!r}")
    if length is not None and len(value) != length:  # type: ignore[arg-type]
        raise ValueError(f"{name} must have {length} items, found {value!r}")
