"""
Question 3, "Why?": what each finding does to the answer, what speaks against it, and the facts behind it.

Here: weights of evidence, free of order by Shapley values over subsets of findings; contrast, conflict, surprise,
counterfactuals, the most probable explanation; the citations; the explanation as record and as paragraph.
Not here: changes of the model itself (`model.robustness`).
"""
