"""Will this flight arrive more than 15 minutes late? Told by three numbers, with numpy alone."""
