"""Pages of the programme's site itself: home, people, keys, protocols, audit log."""
