"""Assessment: protocols as data, answers, scoring methods, comparison. The room below computes.

Its data come from protocol files and from values that the desk hands in; results go back as values.
It knows no country's books, no framework, no network and no screen.
"""
