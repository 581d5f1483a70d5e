"""What is done to assessments, one file a matter: each act is one transaction with its record.

Each is keyword-only, asks the person's sight first, and writes an `Act` with what it changes.
"""
