"""The writes of the floor. ``perform`` is the only function that moves a case."""

from .perform import Press, Refused, Seen, perform, perform_all, perform_one

__all__ = ["Press", "Refused", "Seen", "perform", "perform_all", "perform_one"]
