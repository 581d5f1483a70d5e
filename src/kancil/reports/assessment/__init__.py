"""What an assessment leaves on paper and on a page: its charts, and later its reports."""
