"""The books of assessments: what rounds hold. The room below computes, this one remembers."""
