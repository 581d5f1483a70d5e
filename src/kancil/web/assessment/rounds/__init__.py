"""Pages of a round: its questions, answers, evidence, interviews, team and files."""
