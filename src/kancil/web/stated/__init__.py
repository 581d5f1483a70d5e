"""Pages of what tables of others state: transfers of a case, and the screen that maps a table."""
