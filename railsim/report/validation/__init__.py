"""The model beside what was observed, and the closed forms beside events."""
