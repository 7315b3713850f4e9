"""OCR by RapidOCR's PP-OCRv6 small models, which lie in its wheel.

Of the package the models, the reading of their answers and the sessions are used; how pictures are put to them is our
own, because measurements said so (READING.md): no direction classifier, detection on at most 1,280 pixels in few sizes,
crops cut from the full picture and read one by one with a margin behind them. Importing the package and loading the
models takes a second, so both wait for the first picture.
"""

import math
from functools import cache, cached_property
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
_DETECTION_STEP = 320  # pixels to which sides are filled up: memory grows with each new size
_BLANK = 1.0  # white, as the models see it
_LINE_HEIGHT = 48  # pixels, of the lines that the model was trained on
_MARGIN = 8  # pixels behind a line; without them its last character is read less surely
_SHORTEST_LINE = 320  # pixels, as in training; with less behind it *** is read as 大大大, and a lone figure less surely
_LINE_STEP = 32  # pixels to which the width of longer lines is filled up: memory grows with each new one
_LONGEST_LINE = 3200  # pixels
_LEAST_CONFIDENCE = 0.3  # mean of a line; below it is texture, not text
_SUREST = 0.9999  # no look at a picture is certain; 1 is for what was written as characters
_DECORATION = frozenset(" :：;；,，、()（）[]【】¥￥⊗ⓧ")


class RapidEngine:
    """An ``Engine``. ``threads`` is the number of threads a picture may use."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads

    def warm(self) -> None:
        """Load the models before a picture asks for them."""
        self._boxes(np.full((_LINE_HEIGHT, _LINE_HEIGHT, 3), 255, np.uint8))
        self._recogniser.session(np.zeros((1, 3, _LINE_HEIGHT, _SHORTEST_LINE), np.float32))

    def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
        pixels = cv2.cvtColor(np.asarray(picture.convert("RGB")), cv2.COLOR_RGB2BGR)
        found = (self._line(pixels, box) for box in self._boxes(pixels))
        return tuple(line for line in found if line is not None)

    def _boxes(self, pixels: np.ndarray) -> np.ndarray:
        """The corners of each line of text, in pixels of the picture."""
        height, width = pixels.shape[:2]
        scale = min(1.0, _DETECTION_SIDE / max(height, width))
        small = cv2.resize(pixels, (max(1, round(width * scale)), max(1, round(height * scale))))
        rows, columns = (_filled(side, _DETECTION_STEP) for side in small.shape[:2])
        sheet = np.full((1, 3, rows, columns), _BLANK, np.float32)
        sheet[0, :, : small.shape[0], : small.shape[1]] = _seen(small)
        shown = rows / small.shape[0] * height, columns / small.shape[1] * width
        boxes, _ = self._detector.postprocess_op(self._detector.session(sheet), shown)
        if not len(boxes):
            return np.empty((0, 4, 2))
        boxes = np.clip(boxes, 0, (width - 1, height - 1))
        return np.asarray(self._detector.sorted_boxes(boxes))

    def _line(self, pixels: np.ndarray, box: np.ndarray) -> TextLine | None:
        from rapidocr.utils.process_img import get_rotate_crop_image

        crop = get_rotate_crop_image(pixels, box.astype(np.float32))
        width = min(_LONGEST_LINE, math.ceil(_LINE_HEIGHT * crop.shape[1] / crop.shape[0]))
        filled = max(_SHORTEST_LINE, _filled(width + _MARGIN, _LINE_STEP))
        strip = np.zeros((1, 3, _LINE_HEIGHT, filled), np.float32)
        strip[0, :, :, :width] = _seen(cv2.resize(crop, (width, _LINE_HEIGHT)))
        ((text, mean),), (detail,) = self._recogniser.postprocess_op(
            self._recogniser.session(strip), True, wh_ratio_list=[width], max_wh_ratio=strip.shape[3]
        )
        if not text.strip() or mean < _LEAST_CONFIDENCE:
            return None
        return TextLine(text.strip(), _corners(box), _least(text, detail.confs), _cuts(text, detail))

    @cached_property
    def _detector(self) -> "TextDetector":
        from rapidocr.ch_ppocr_det import TextDetector

        return TextDetector(self._section("Det"))

    @cached_property
    def _recogniser(self) -> "TextRecognizer":
        from rapidocr.ch_ppocr_rec import TextRecognizer

        return TextRecognizer(self._section("Rec", font_path=None))

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
        config.EngineConfig.openvino.enable_cpu_pinning = False  # all processes of one thread would share a core
        section = config[task]
        section.engine_type = _backend(task)
        section.engine_cfg = config.EngineConfig[section.engine_type.value]
        section.model_path = str(model)
        for name, value in changes.items():
            section[name] = value
        return section


def _backend(task: str) -> "EngineType":
    """OpenVINO finds text faster everywhere, and reads it faster where the processor has numbers of 16 bits."""
    from rapidocr.utils.typings import EngineType

    fast = find_spec("openvino") and (task == "Det" or _has_short_numbers())
    return EngineType.OPENVINO if fast else EngineType.ONNXRUNTIME


@cache
def _has_short_numbers() -> bool:
    import openvino

    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _filled(side: int, step: int) -> int:
    return -(-side // step) * step


def _seen(pixels: np.ndarray) -> np.ndarray:
    """A picture as the models take it: channels first, -1 to 1."""
    return pixels.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1


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
