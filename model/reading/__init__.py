"""
Findings that a text states: a report, a letter, an abstract. Suggestions for a person, never evidence by themselves.

`reading.read_text` is the way in; `record` holds what it gives. Rules are tables (`priors/reading`); spaCy's blank pipeline
(the extra `text`) splits words and looks phrases up, everything runs on this machine and no text is kept. medspaCy was not
taken: on Python 3.11 it holds spaCy below 3.8 and with it numpy below 2; negspacy knows negation alone. Synonyms of
`findings.csv` are words to search by, wider than the finding: they state one only until its terms are written.

Knows: words, the tables of `priors`. Must not know: probabilities, the network, the app.
"""
