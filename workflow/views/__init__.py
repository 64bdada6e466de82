"""Pages of the floor: queue, case, result of an act, and what belongs to them."""
