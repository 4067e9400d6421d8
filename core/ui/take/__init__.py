"""What leaves the page, and comes back: files, manifests, links, and the keys of the keyboard."""
