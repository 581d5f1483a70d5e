"""Pages of the assessment: what `desk/assessment` remembers, shown."""
