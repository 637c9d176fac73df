"""
The commands of `millet`, one per module.

All have one shape: ``NAME``, ``HELP``, ``add_options(parser)`` and ``run(options) -> int``.

Know: options in, text or JSON out. Must not know: arithmetic.
"""
