"""What unpack.py is made of: the standard library, torch where tensors are made, and nothing of Limelight.

Imports among these modules are relative, since the program knows them as "unpacking" and the tests by their full name.
"""
