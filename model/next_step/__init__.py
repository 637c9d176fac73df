"""
Question 2, "What should be asked next?": what findings and whole orders would tell, plans, policies, when to stop.

Here: information of findings (`information`) and of orders (`order`, `pattern`, `survey`), what it is about (`target`),
plans and policies over several orders, and whether asking may end (`stopping`).
Not here: why an answer is as it is, or how sure the model is of its numbers.
"""
