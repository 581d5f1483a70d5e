"""Reports: documents that leave the unit. One folder a report; they read, and never write books."""
