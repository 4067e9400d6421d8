"""What leaves the app, and comes back: files of maps, and the manifest of a comparison."""
