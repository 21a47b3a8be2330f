"""`knowledge/`: the schema of every kind of fact, loading, and the checks that stop a start with broken facts.

One module a kind. Facts themselves stand in YAML; texts made of them are `rendering` and `replies`.
"""
