"""Results of the operations as lines for people; their JSON twins are the results themselves."""
