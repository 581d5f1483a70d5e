"""What is taught and how it is marked: labs with a sealed key, tests, courses, certificates.

It makes files and marks answers; it knows no class, no trainee's account and no case of a unit.
"""
