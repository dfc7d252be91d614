"""The local AWS's own doors, under `/_landrail/`, for whoever knows the state folder's secret."""
