"""Why a document cannot be read: one builder a reason, so that all readers say the same in the same words."""

from ingest.errors import UnreadableError
from ingest.readers.limits import MAX_DRAWN_BYTES, MAX_PAGES, MAX_PIXELS, MAX_SIDE, MAX_XML_BYTES, MAX_XML_NODES


def broken() -> UnreadableError:
    return UnreadableError(
        "BROKEN",
        "文件已损坏或不完整，无法打开。请向开票方重新索取，或重新扫描后上传。",
        "The file is damaged or incomplete and cannot be opened. Ask the issuer for it again, or scan it again.",
    )


def encrypted() -> UnreadableError:
    return UnreadableError(
        "ENCRYPTED",
        "文件设有打开密码。请去除密码后重新上传。",
        "The file needs a password to open. Remove the password and send it again.",
    )


def too_many_pages(count: int) -> UnreadableError:
    return UnreadableError(
        "TOO-MANY-PAGES",
        f"文件共 {count} 页，超过 {MAX_PAGES} 页的上限。请拆分后重新上传。",
        f"The file has {count} pages, more than the limit of {MAX_PAGES}. Split it and send the parts.",
    )


def pdf_too_complex() -> UnreadableError:
    return UnreadableError(
        "PDF-TOO-COMPLEX",
        f"PDF 页面的绘制内容超过上限（{MAX_DRAWN_BYTES >> 20} MB），不是电子发票的版式。请检查是否发错文件，"
        "或打印为新的 PDF 后重新上传。",
        f"A page of the PDF asks for more drawing than the limit of {MAX_DRAWN_BYTES >> 20} MB, as no invoice does. "
        "Check whether it is the right file, or print it to a new PDF and send that.",
    )


def image_too_large(size: str) -> UnreadableError:
    """``size`` tells the picture's size in words that fit both languages, such as ``35000 × 35000``."""
    return UnreadableError(
        "IMAGE-TOO-LARGE",
        f"图片尺寸（{size} 像素）超过上限（边长 {MAX_SIDE} 像素，总计 {MAX_PIXELS // 1_000_000} 百万像素）。"
        "请以较低分辨率重新扫描或导出。",
        f"The picture ({size} pixels) is larger than the limit of {MAX_SIDE} pixels a side and "
        f"{MAX_PIXELS // 1_000_000} million in all. Scan or export it again at a lower resolution.",
    )


def xml_with_dtd() -> UnreadableError:
    return UnreadableError(
        "XML-DTD",
        "XML 文件含有文档类型声明（DTD）或实体声明。电子发票不含此类内容，出于安全考虑不予解析；请向开票方重新索取。",
        "The XML declares a document type or entities. No electronic invoice does, and for safety it is not read; "
        "ask the issuer for it again.",
    )


def xml_too_deep(most: int) -> UnreadableError:
    return UnreadableError(
        "XML-TOO-DEEP",
        f"XML 文件的嵌套超过 {most} 层，不是电子发票。请检查是否发错文件。",
        f"The XML is nested more than {most} levels deep, so it is no electronic invoice. "
        "Check whether it is the right file.",
    )


def xml_too_large() -> UnreadableError:
    return UnreadableError(
        "XML-TOO-LARGE",
        f"XML 内容超过上限（{MAX_XML_BYTES >> 20} MB，{MAX_XML_NODES} 个标签）。请检查是否发错文件，或拆分后重新上传。",
        f"The XML is larger than the limit ({MAX_XML_BYTES >> 20} MB, {MAX_XML_NODES} tags). Check whether it is the "
        "right file, or split it.",
    )


def xml_unknown(root: str) -> UnreadableError:
    """``root`` is the local name of the root element."""
    return UnreadableError(
        "XML-UNKNOWN",
        f"XML 文件（根元素 {root[:40]}）不是可识别的电子发票格式。请检查是否发错文件；文件已保留，可人工录入。",
        f"The XML (root element {root[:40]}) is no known form of electronic invoice. "
        "Check whether it is the right file; it is kept and can be entered by hand.",
    )


def archive_too_large(what: str) -> UnreadableError:
    """``what`` tells the excess in words that fit both languages, such as ``10000 entries``."""
    return UnreadableError(
        "ARCHIVE-TOO-LARGE",
        f"压缩包超过解压上限（{what}），出于安全考虑不予解压。请拆分后重新上传。",
        f"The archive is beyond the limits of unpacking ({what}); for safety it is not unpacked. Split it and send the "
        "parts.",
    )


def archive_nested() -> UnreadableError:
    return UnreadableError(
        "ARCHIVE-NESTED",
        "压缩包中还有压缩包，出于安全考虑不予解压。请解压后上传里面的文件。",
        "The archive holds another archive; for safety it is not unpacked. Unpack it and send the files in it.",
    )


def nothing_readable() -> UnreadableError:
    return UnreadableError(
        "NOTHING-READABLE",
        "压缩包中没有可识别的发票文件（XML、OFD、PDF 或图片）。请检查是否发错文件。",
        "The archive holds no file that can be an invoice (XML, OFD, PDF or a picture). "
        "Check whether it is the right file.",
    )


def unknown_type() -> UnreadableError:
    return UnreadableError(
        "UNKNOWN-TYPE",
        "文件内容不是受支持的格式（PDF、OFD、XML、JPEG、PNG、TIFF、WebP、HEIC、AVIF、BMP）。请检查是否发错文件。",
        "The content is none of the supported formats (PDF, OFD, XML, JPEG, PNG, TIFF, WebP, HEIC, AVIF, BMP). "
        "Check whether it is the right file.",
    )


def no_reader(media_type: str) -> UnreadableError:
    """A format that is known and kept but that no reader of this installation reads."""
    return UnreadableError(
        "FORMAT-NOT-YET",
        f"文件已保留，但目前还不能自动读取此格式（{media_type}）。请人工录入，或上传同一发票的 PDF。",
        f"The file is kept, but this format ({media_type}) cannot be read automatically yet. "
        "Enter it by hand, or send the same invoice as PDF.",
    )
