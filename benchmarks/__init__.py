"""The figures of `make bench`: each a ratio of medians, both sides measured in one run, interleaved."""
