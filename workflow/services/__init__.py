"""The writes of the floor. ``perform`` is the only function that moves a case."""

from .perform import Refused, Seen, perform, perform_one

__all__ = ["Refused", "Seen", "perform", "perform_one"]
