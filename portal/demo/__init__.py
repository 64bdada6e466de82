"""The demonstration: invented people, offices and cases, and what the sign-in page offers."""
