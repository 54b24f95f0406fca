"""Who does what, where, for whom: which pages has the directory of operators?"""
