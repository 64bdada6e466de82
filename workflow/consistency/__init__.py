"""Proving that the database agrees with itself: one module per noun, each registers its checks."""
