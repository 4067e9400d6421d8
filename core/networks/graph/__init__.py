"""From a module to a graph whose rectifiers are gates."""
