"""The tools below the grid."""
