"""
Exact inference on arrays: numbers in, numbers out.

Here: `graph` (tables as arrays), `engine` (posteriors of all draws and patients at once), how variables fall into stars and
components, explanations and measures of arrays.
Not here: labels, files, patients, what a variable means.
"""
