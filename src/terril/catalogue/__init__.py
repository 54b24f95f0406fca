"""What is declared: indicators, sources, parameters, references, sheet models?"""
