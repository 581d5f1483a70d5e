"""Base of the desk: settings made from a workspace, and opening its database."""
