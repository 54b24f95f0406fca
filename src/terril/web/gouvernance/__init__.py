"""The meetings of the contract: who sits, what is due, what was said and decided."""
