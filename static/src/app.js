// Entry point of the page script. Every action also works without it.
import "htmx.org";
