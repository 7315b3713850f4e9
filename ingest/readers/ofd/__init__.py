"""OFD (GB/T 33190-2016): a zip of XML that describes pages, often with an invoice's data beside them.

package.py: documents, pages, resources, attachments · objects.py: what stands on a page, with its place · text.py: runs
of text · data.py: the machine-readable parts · pictures.py, fonts.py, painting.py: a page's picture · reader.py: the
``Reader``.
"""
