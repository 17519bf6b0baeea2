"""The sample region: invented people of the municipalities that answer together, for demos and for tests."""
