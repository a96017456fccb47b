"""The studio: where instructors write, arrange and look after their courses."""
