"""Which pages has the contract?"""
