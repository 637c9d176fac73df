"""
Findings that a text states: a report, a letter, an abstract. Suggestions for a person, never evidence by themselves.

`reading.read_text` is the way in; `record` holds what it gives. The tables of `priors/reading` say which words mean what,
spaCy (the extra `text`) splits words and looks phrases up, everything runs on this machine and no text is kept.

Knows: words, the tables of `priors`. Must not know: probabilities, the network, the app.
"""
