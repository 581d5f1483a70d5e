"""What an assessment leaves on paper and on a page: its charts, and its reports and comparison."""
