"""How the web server takes requests: permits for work, memory, files that nginx sends."""
