"""Customers, products, bills and money over the API."""
