"""What untrusted documents may ask of us, and the resolutions we read at. Every reader takes its limits from here."""

MAX_PAGES = 500  # a bulk file of more is better split by a person than read for an hour
MAX_SIDE = 20_000  # pixels; an A3 sheet at 1,200 dpi has 19,843
MAX_PIXELS = 100_000_000  # an A3 sheet at 600 dpi has 70 million
MAX_CHARACTERS = 100_000  # of one page's text layer; a full 100-line list has about 8,000
MAX_DRAWN_BYTES = 32 << 20  # of a PDF page's drawing, forms as often as they are called; an invoice's has 0.1 MB

MAX_XML_BYTES = 32 << 20
MAX_XML_NODES = 500_000  # opening and closing tags; an invoice of 2,000 lines has 50,000
MAX_XML_DEPTH = 256  # libxml2's own limit; invoices have 6 levels
MAX_ENTRIES = 2_000  # of a zip; an OFD of 500 pages with templates has 1,100
MAX_ENTRY_BYTES = 64 << 20
MAX_UNPACKED_BYTES = 256 << 20
MAX_RATIO = 200  # unpacked to packed; XML that repeats itself reaches 60
RATIO_FLOOR = 1 << 20  # bytes; below it no ratio is dangerous

READING_DPI = 200  # smallest at which every QR code of our measurements that can be decoded was decoded
MAX_READING_PIXELS = 16_000_000  # of a page or photo as it is read: a 4,032 by 3,024 photo stays as it is
KEPT_SIDE = 1600  # pixels of the longer side of the picture kept for people
