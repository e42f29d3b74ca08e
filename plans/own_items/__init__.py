"""Items that an organisation adds to a section: asked, left out, judged and filed as those of the handbook are."""
