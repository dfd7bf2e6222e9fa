"""PNG, JPEG, TIFF, BMP and WebP files, by Pillow."""

import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from models.images.formats.picture import Picture, check_size, too_many_pixels, unreadable

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM", b"RIFF")
MOST_FRAMES = 2000
TELLING_EXIF = {
    ExifTags.Base.Artist, ExifTags.Base.ImageDescription, ExifTags.Base.GPSInfo,
    ExifTags.Base.CameraOwnerName, ExifTags.Base.UserComment,
}  # fmt: skip


def read_raster(path: Path) -> Picture:
    """Reads a picture; one of several pages becomes a volume.

    Returns:
        Grey values as stored (8, 16 or 32 bits), or red, green and blue; transparency is laid on
        black, and a colour picture whose channels are equal everywhere is grey. There is no
        spacing: the dots per inch of such files are of printing, not of the patient.

    Raises:
        ToolError: It is damaged, of another format or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata; sizes are checked here
            with Image.open(path, formats=FORMATS) as image:
                frames = getattr(image, "n_frames", 1)
                if frames > MOST_FRAMES:
                    raise unreadable(path, f"it has more than {MOST_FRAMES} pages")
                check_size(path, (image.height, image.width), frames, 4)
                identifiers = _identifiers(image)
                planes = [_plane(image, index) for index in range(frames)]
    except Image.DecompressionBombError as error:
        raise too_many_pixels(path) from error
    except UnidentifiedImageError as error:
        raise unreadable(path, "it is no picture that can be read") from error
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError, IndexError) as error:
        raise unreadable(path, f"it is damaged ({error})") from error
    except (TypeError, KeyError, OverflowError, AttributeError) as error:
        # Pillow's parsers meet garbled tags with whatever error the tag leads them to.
        raise unreadable(path, f"its metadata are damaged ({error})") from error
    if len({plane.shape for plane in planes}) > 1:
        raise unreadable(path, "its pages differ in size")
    pixels = planes[0] if len(planes) == 1 else np.stack(planes)
    colour = planes[0].ndim == 3
    if colour and (pixels[..., :1] == pixels).all():
        pixels, colour = pixels[..., 0], False
    return Picture(path.name, pixels, colour, identifiers=identifiers)


def _plane(image: Image.Image, index: int) -> np.ndarray:
    if index:
        image.seek(index)
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("1", "L", "I;16", "I;16B", "I;16L", "I", "F"):
        return np.asarray(upright.convert("L") if upright.mode == "1" else upright)
    if "A" in upright.mode or "transparency" in upright.info:
        laid = upright.convert("RGBA")
        black = Image.new("RGBA", laid.size, (0, 0, 0, 255))
        return np.asarray(Image.alpha_composite(black, laid).convert("RGB"))
    return np.asarray(upright.convert("RGB"))


def _identifiers(image: Image.Image) -> tuple[str, ...]:
    found = {ExifTags.TAGS[tag] for tag in image.getexif() if tag in TELLING_EXIF}
    texts = getattr(image, "text", {})
    found |= {f"text chunk {key}" for key in texts if key.casefold() in ("author", "description",
              "comment", "title")}  # fmt: skip
    return tuple(sorted(found))
