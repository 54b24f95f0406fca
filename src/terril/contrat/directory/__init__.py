"""Who does what, where, for whom: what is read from the sheets of the operators?

Sheets and offers are registers; here they become a directory that is searched, laid out by theme
and neighbourhood, and checked: what is missing, what is old, what stands twice.
"""
