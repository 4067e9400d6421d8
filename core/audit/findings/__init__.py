"""What an audit's rows say of each class: regions that a network leans on, and whether they are what they should be."""
