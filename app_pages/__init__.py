"""The screens, one folder each with its `page`; `shared` is what several use, `texts.toml` every sentence shown."""
