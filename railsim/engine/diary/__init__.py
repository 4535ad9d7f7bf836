"""A year told day by day: what waited where, and how trains met on the line."""

from railsim.engine.diary.keeping import Diary
from railsim.engine.diary.records import Days, Trains

__all__ = ["Days", "Diary", "Trains"]
