"""config.toml, environment and credentials: frozen settings, or every error."""
