"""Figure 1: ten thousand cases in one ``perform`` against the raw SQL that writes the same rows."""


def figures(scale):
    yield from ()
