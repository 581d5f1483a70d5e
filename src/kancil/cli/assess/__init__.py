"""Commands of the programme's site: countries, rounds, answers, figures, law, plan, reports."""
