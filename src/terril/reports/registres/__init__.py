"""How are the registers of the workspace given out: spreadsheets, documents, slides?"""
