"""Pictures of what a results folder holds: one function a picture, from its tables."""

from railsim.report.figures.album import pictures_of
from railsim.report.figures.picture import Picture, png, svg, write_pictures

__all__ = ["Picture", "pictures_of", "png", "svg", "write_pictures"]
