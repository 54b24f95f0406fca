"""What do the documents state, which statement is shown, and does it hold?"""
