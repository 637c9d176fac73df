"""The screens, one per file; `texts.toml` holds every sentence shown, `parts` what screens share."""
