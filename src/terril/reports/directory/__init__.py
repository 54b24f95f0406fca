"""How is the directory of operators printed: the thematic booklet?"""
