"""Training: models that tag, and what they are trained on."""
