"""The national guide's elements, rules and findings, on plain values; pure."""
