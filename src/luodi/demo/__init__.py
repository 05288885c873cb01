"""
The demo city: a synthetic 云岭市, drawn from a seed and replayed as acts through the services under the store's own clock.

Everything in it is made up and marked so. Equal seeds give equal fact bytes and seal roots.
"""
