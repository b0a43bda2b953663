"""The regulation library and the experience library."""
