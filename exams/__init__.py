"""Question bank, papers, sittings and marking. It knows no course."""
