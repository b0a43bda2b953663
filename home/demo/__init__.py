"""The demo school: fictional people, real rules, lessons written for it. Only used by seed_demo."""
