"""Other systems plug in here, a folder for each way: they call the stages as the API does, and no stage knows them."""
