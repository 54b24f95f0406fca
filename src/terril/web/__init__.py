"""What is shown, and what people write: the only place that knows Django."""
