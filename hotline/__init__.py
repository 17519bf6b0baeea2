"""Hotline: municipalities answer their citizens together."""
