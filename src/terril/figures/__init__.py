"""How is a figure drawn, as SVG with a text alternative?"""
