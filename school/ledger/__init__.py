"""Study hours, credits and points: one append-only table and the dated rules that feed it."""
