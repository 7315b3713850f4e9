"""OCR by RapidOCR's PP-OCRv6 small models, which lie in its wheel, on onnxruntime.

Differs from the package's defaults where measurements said so (READING.md): no direction classifier, detection on at
most 1,280 pixels, crops cut from the full picture, short crops not padded to 320 pixels, detection on OpenVINO where
that is installed (extra ``fast``). Importing the package and loading the models takes a second, so both wait for
the first picture.
"""

from functools import cached_property
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image

from ingest.readers.ocr.engine import Point, TextLine

if TYPE_CHECKING:
    from rapidocr.ch_ppocr_det import TextDetector
    from rapidocr.ch_ppocr_rec import TextRecognizer
    from rapidocr.ch_ppocr_rec.typings import WordInfo
    from rapidocr.utils.typings import EngineType

_DETECTION_SIDE = 1280  # pixels of the longer side
_LEAST_CONFIDENCE = 0.3  # mean of a line; below it is texture, not text
_SUREST = 0.9999  # no look at a picture is certain; 1 is for what was written as characters
_DECORATION = frozenset(" :：;；,，、()（）[]【】¥￥⊗ⓧ")


class RapidEngine:
    """An ``Engine``. ``threads`` is the number of threads a picture may use."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads

    def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
        pixels = cv2.cvtColor(np.asarray(picture.convert("RGB")), cv2.COLOR_RGB2BGR)
        detected = self._detector(pixels)
        if detected.boxes is None:
            return ()
        return self._recognised(pixels, detected.boxes)

    def _recognised(self, pixels: np.ndarray, boxes: np.ndarray) -> tuple[TextLine, ...]:
        from rapidocr.ch_ppocr_rec import TextRecInput
        from rapidocr.utils.process_img import get_rotate_crop_image

        crops = [get_rotate_crop_image(pixels, box.astype(np.float32)) for box in boxes]
        output = self._recogniser(TextRecInput(img=crops, return_word_box=True))
        lines = []
        for box, text, mean, detail in zip(boxes, output.txts, output.scores, output.word_results, strict=True):
            if text.strip() and mean >= _LEAST_CONFIDENCE:
                lines.append(TextLine(text.strip(), _corners(box), _least(text, detail.confs), _cuts(text, detail)))
        return tuple(lines)

    @cached_property
    def _detector(self) -> "TextDetector":
        from rapidocr.ch_ppocr_det import TextDetector

        return TextDetector(self._section("Det", limit_type="max", limit_side_len=_DETECTION_SIDE))

    @cached_property
    def _recogniser(self) -> "TextRecognizer":
        from rapidocr.ch_ppocr_rec import TextRecognizer

        # Batches stay at the package's six: one crop at a time is a quarter faster but less sure of real scans.
        return TextRecognizer(self._section("Rec", rec_img_shape=[3, 48, 48], font_path=None))

    def _section(self, task: str, **changes: Any) -> Any:
        """The package's configuration of one task, with our changes and the wheel's own model file named outright:
        a model that is named is never downloaded."""
        from rapidocr.main import DEFAULT_CFG_PATH, root_dir
        from rapidocr.utils.log import logger
        from rapidocr.utils.parse_parameters import ParseParams

        logger.setLevel("ERROR")
        model = Path(root_dir) / "models" / f"PP-OCRv6_{task.lower()}_small.onnx"
        if not model.is_file():
            raise FileNotFoundError(
                f"The rapidocr package lacks its model {model.name}; install it from the lock file."
            )
        config = ParseParams.load(DEFAULT_CFG_PATH)
        config.EngineConfig.onnxruntime.intra_op_num_threads = self._threads
        config.EngineConfig.openvino.inference_num_threads = self._threads
        section = config[task]
        section.engine_type = _backend(task)
        section.engine_cfg = config.EngineConfig[section.engine_type.value]
        section.model_path = str(model)
        for name, value in changes.items():
            section[name] = value
        return section


def _backend(task: str) -> "EngineType":
    """OpenVINO takes half the time for detection, nothing off recognition, and more memory for both."""
    from rapidocr.utils.typings import EngineType

    return EngineType.OPENVINO if task == "Det" and find_spec("openvino") else EngineType.ONNXRUNTIME


def _least(text: str, confidences: list[float]) -> float:
    """The confidence of the least sure character that carries meaning: a faint colon after a label does not."""
    telling = [c for character, c in zip(text, confidences, strict=True) if character not in _DECORATION]
    return min(_SUREST, float(min(telling, default=min(confidences))))


def _cuts(text: str, detail: "WordInfo") -> tuple[float, ...]:
    """Where the characters part, from the columns in which the network saw their middles. It tells none of spaces; what
    lies between is shared out by the usual widths, a Chinese character being as wide as two others."""
    edges = np.cumsum([0.0, *(2.0 if character > "\u2e7f" else 1.0 for character in text)])
    middles = [middle for middle, sign in zip((edges[:-1] + edges[1:]) / 2, text, strict=True) if not sign.isspace()]
    columns = [(column + 0.5) / detail.line_txt_len for column in chain.from_iterable(detail.word_cols)]
    cuts = np.interp(edges, [0.0, *middles, edges[-1]], [0.0, *(min(1.0, column) for column in columns), 1.0])
    before, after = len(text) - len(text.lstrip()), len(text.rstrip())
    return tuple(float(cut) for cut in cuts[before : after + 1])


def _corners(box: np.ndarray) -> tuple[Point, Point, Point, Point]:
    first, second, third, fourth = ((float(x), float(y)) for x, y in box)
    return first, second, third, fourth
