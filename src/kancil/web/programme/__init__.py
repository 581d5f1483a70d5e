"""Pages of the programme's desk: what `desk/programme` remembers, shown."""
