"""What every suite stands on: checks and their report, processes, prerequisites."""
