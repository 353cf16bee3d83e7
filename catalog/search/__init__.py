"""How goods are found: the words of a product, the words of a query, and who compares them."""
