"""What untrusted documents may ask of us, and the resolutions we read at. Every reader takes its limits from here."""

MAX_PAGES = 500  # a bulk file of more is better split by a person than read for an hour
MAX_SIDE = 20_000  # pixels; an A3 sheet at 1,200 dpi has 19,843
MAX_PIXELS = 100_000_000  # an A3 sheet at 600 dpi has 70 million
MAX_CHARACTERS = 100_000  # of one page's text layer; a full 100-line list has about 8,000

READING_DPI = 200  # smallest at which every QR code of our measurements that can be decoded was decoded
MAX_READING_PIXELS = 16_000_000  # of a page or photo as it is read: a 4,032 by 3,024 photo stays as it is
KEPT_SIDE = 1600  # pixels of the longer side of the picture kept for people
