"""What leaves for donors, countries and the public: reports with their figures and money."""
