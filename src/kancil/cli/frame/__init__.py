"""What commands stand in: the workspace, the acting officer, the screen, the table's entry."""
