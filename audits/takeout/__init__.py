"""The takeout: everything of one organisation as a zip that can be read without this product."""
