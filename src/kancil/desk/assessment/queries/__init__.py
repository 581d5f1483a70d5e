"""What is read of assessments, one file a matter: values, and only what a person may see.

`rounds.enter` and `countries.enter_country` give the sight that all other queries ask for.
"""
