"""
Question 5, "Does it work?": scores, calibration and reliability on published and on simulated patients.

Everything stands beside two baselines: naive Bayes from the bare symbols of the tables, and the prior alone.
"""
