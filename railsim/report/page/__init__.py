"""The report as one HTML file that loads nothing and runs nothing."""

from railsim.report.page.writing import page_of

__all__ = ["page_of"]
