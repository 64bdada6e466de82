"""How large the chunks of the brisk worker are."""

CHUNK = 4
