"""One module for each verb. Operations join the floors below, return results and print nothing."""
