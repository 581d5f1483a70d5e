"""Commands of the programme's desk: activities, people, money, results, and what leaves."""
