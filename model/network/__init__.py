"""
The network and what it is made of: tables and stored draws in, conditional probability tables out.

Here: `network` (the record `Network`, `load_network`), how tables are assembled, mechanisms, prior settings, stored draws,
readings of words, and what the network believes of every cell (`beliefs`).
Not here: patients, questions, and how the draws are made (`model.elicitation`).
"""
