"""What may be written about accounts: one file, one verb?"""
