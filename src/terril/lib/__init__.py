"""Which leaves does every room need: French, dates, problems, tokens?"""
