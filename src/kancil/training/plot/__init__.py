"""The invented world that labs share: persons, places, a chain's story, tables, messages."""
