"""Ground floor: state changes, errors, audit, background jobs, the design system. No person, no content."""
