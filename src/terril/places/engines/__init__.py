"""Which engine runs the counts: DuckDB in process, or a Spark cluster?"""
