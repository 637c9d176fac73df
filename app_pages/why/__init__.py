"""Screen 3, "Why": evidence, contrast, fit, sources; one module a view, `answers` asks the library."""
