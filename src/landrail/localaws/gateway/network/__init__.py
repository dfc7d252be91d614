"""Where calls come from: a listener for each process, and the door that opens one for a shell."""
