"""Tables as they are asked for: the load, its findings, versions, questions; actions and pages."""
