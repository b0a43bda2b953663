"""Read-only figures over all packages. It changes nothing."""
