"""Ground floor: state changes, errors, audit, background jobs and the design system. It knows no person and no content."""
