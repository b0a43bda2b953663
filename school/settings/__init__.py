"""Settings: `base` for all, `local` for the demo, `test` for the suite, `production` for operators."""
