"""How are the files of producers and users read, each value with its place?"""
