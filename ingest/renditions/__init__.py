"""What is derived from a document and can be made again from it at any time: none of it is a record.

page_text        what was read on a page, as compact JSON
geometry         how pages lie on their pictures, and words on pages
searchable_pdf   the readable copy: pictures of the pages with their text behind them (PDF/A-2b)
pdf_file, glyphless, colour, metadata   what such a file consists of
pictures         pictures and thumbnails of pages, drawn without reading
drawing          from a document's bytes and its page texts to any of these; runs in the reading process
store            the folder where they are kept
studio           makes what is asked for and missing
"""
