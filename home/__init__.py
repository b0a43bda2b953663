"""Portal, my study and the workbenches. It reads everything and owns little."""
