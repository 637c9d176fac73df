"""Exact inference on arrays: numbers in, numbers out."""
