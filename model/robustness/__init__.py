"""
Question 4, "How sure is the model of itself?": what would happen if a number in the model were wrong.

`one_way` has every parameter by itself, `inverse` the smallest change that reaches a goal, `surface` two parameters,
`sweep` the pre-test probability, `switch` the structure, `knowing` what it would be worth to know a number
better. (The public function is called `sensitivity`; a package of that name would hide it.)
"""
