"""The classroom's books: classes, labs given to them, attempts, answers, marks.

Casework of a training site: an attempt is a case of the unit's own books, with one trainee. Keys
lie sealed beside the files of a variant; they are opened in memory alone, with what a trainer
brings.
"""
