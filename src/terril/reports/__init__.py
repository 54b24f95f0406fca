"""How are documents typeset and workbooks written, from an edition alone?"""
