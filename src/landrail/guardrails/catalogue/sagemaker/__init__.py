"""SageMaker: where jobs, notebooks, Studio and endpoints run, how, and who releases."""
