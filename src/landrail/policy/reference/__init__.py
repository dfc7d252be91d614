"""Reference data of AWS's services: actions, resource formats, condition keys, RCP support."""
