"""What is written by the pages of the meetings: one file, one verb."""
