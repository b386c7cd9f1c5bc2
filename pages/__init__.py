"""Pages of the front end; they show and ask, the engine is `core`."""
