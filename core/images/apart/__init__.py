"""TIFF, HEIF and DICOM, each read in a process of its own.

ask.py is the asking side, in Limelight's process. All else is the program that it runs, which knows this package as
"apart" and imports nothing of Limelight: so imports among those modules are relative.
"""
