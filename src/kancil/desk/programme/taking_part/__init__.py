"""Who takes part in activities: registered, marked present, asked afterwards."""
