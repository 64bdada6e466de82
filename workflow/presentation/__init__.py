"""What pages show of a case, put into words and shapes once: templates only print it."""
