"""
From facts to parameter draws: how each kind of fact reads a frequency, and the model that combines them.

Knows: facts, scales, frequencies. Must not know: patients, evidence, the inference engine.
"""
