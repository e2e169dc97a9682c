// Chinese letters for readers whose system has no font with them. The browser loads only the ranges of characters that a page needs.
import '@fontsource-variable/noto-sans-sc/wght.css'
