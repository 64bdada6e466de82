"""Who may hold the talent card, and which one: pure functions over frozen facts, configured by the scheme's rows."""
