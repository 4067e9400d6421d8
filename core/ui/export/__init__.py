"""What leaves the page, and comes back: files, manifests, links."""
