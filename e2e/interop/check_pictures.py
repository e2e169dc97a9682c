"""Checks that pictures are read as transformers reads them: makes odd pictures, lets the command line write the numbers that a model gets,
and compares them with load_image and the PIL image processors, in grey levels (1 = the change of a value by 1 of 255).

python e2e/interop/check_pictures.py [--keep DIR | --goldens]     needs pillow, numpy, transformers, torch and safetensors

Prints the largest difference of each picture over all processors, and fails where one is above 1. With --goldens it writes small pictures with
their pixels, and small results of processors, to e2e/interop/goldens/pictures.json, which the unit tests read.
"""

import argparse
import base64
import json
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors import safe_open
from transformers.image_utils import load_image
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.deit.image_processing_pil_deit import DeiTImageProcessorPil
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

ROOT = Path(__file__).resolve().parents[2]
random = np.random.default_rng(1)


def scene(width, height, channels=3):
    """Smooth colours with edges and some noise."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = [127 + 90 * np.sin(x / (5 + 3 * c) + c) * np.cos(y / (7 + c)) + 30 * ((x + y * (c + 1)) % 13 < 4) for c in range(channels)]
    noise = random.integers(-12, 13, (height, width, channels))
    return np.clip(np.stack(planes, -1) + noise, 0, 255).astype(np.uint8)


#: Width and height of most pictures; small for goldens.
usual = [97, 61]


def rgb(width=0, height=0):
    width, height = width or usual[0], height or usual[1]
    return Image.fromarray(scene(width, height))


def rgba(width=0, height=0):
    """Some pixels are transparent but have a colour."""
    width, height = width or usual[0], height or usual[1]
    pixels = scene(width, height, 4)
    pixels[:, : width // 3, 3] = 0
    pixels[:, width // 3 : width // 2, 3] = 128
    return Image.fromarray(pixels, "RGBA")


def grey(width=0, height=0):
    width, height = width or usual[0], height or usual[1]
    return Image.fromarray(scene(width, height, 1)[..., 0])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows, palette=b"", alpha=b"", interlaced=False, extra=b""):
    """A PNG of rows that have the number of their filter in front."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))) + extra
    body = (chunk(b"PLTE", palette) if palette else b"") + (chunk(b"tRNS", alpha) if alpha else b"")
    packed = zlib.compress(rows)
    half = len(packed) // 2
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IDAT", packed[:half]) + chunk(b"IDAT", packed[half:]) + chunk(b"IEND", b"")


def packed_rows(values, depth):
    """Rows of samples of `depth` bits, without a filter."""
    out = b""
    for row in values:
        bits = "".join(format(int(v), f"0{depth}b") for v in row.reshape(-1))
        bits += "0" * (-len(bits) % 8)
        out += b"\0" + bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
    return out


def adam7(values, depth):
    """The seven passes, each with its own rows."""
    out = b""
    for x, y, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        part = values[y::dy, x::dx]
        if part.size:
            out += packed_rows(part, depth)
    return out


def bmp_header(width, height, bits, colours, size, offset, packing=0):
    head = struct.pack("<2sIHHI", b"BM", offset + size, 0, 0, offset)
    return head + struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, packing, size, 2835, 2835, colours, 0)


def bmp(width, height, bits, rows, palette=b"", packing=0, masks=b""):
    return bmp_header(width, height, bits, len(palette) // 4, len(rows), 54 + len(masks) + len(palette), packing) + masks + palette + rows


def bmp_rows(values, bits):
    out = b""
    for row in values:
        text = "".join(format(int(v), f"0{bits}b") for v in row)
        text += "0" * (-len(text) % 32)
        out += bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))
    return out


def exif(orientation, little=True):
    order, mark = ("<", b"II") if little else (">", b"MM")
    return b"Exif\0\0" + mark + struct.pack(order + "HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)


XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'


def pictures():
    """Names and bytes of odd pictures, all of which transformers reads."""
    from io import BytesIO

    def saved(image, kind, **how):
        out = BytesIO()
        image.save(out, kind, **how)
        return out.getvalue()

    for width, height in [(1, 1), (2, 1), (1, 9), (3, 3), (3000, 7), (7, 3000), (224, 224), (223, 225), (641, 480), (1200, 900)]:
        yield f"size-{width}x{height}.png", saved(rgb(width, height), "PNG")
    yield "rgba.png", saved(rgba(), "PNG")
    yield "grey.png", saved(grey(), "PNG")
    yield "grey-alpha.png", saved(Image.fromarray(scene(*usual, 2), "LA"), "PNG")
    yield "one-bit.png", saved(grey().convert("1"), "PNG")
    yield "palette.png", saved(rgb().quantize(200), "PNG")
    yield "palette-16.png", saved(rgb().quantize(16), "PNG", bits=4)
    yield "palette-4.png", saved(rgb().quantize(4), "PNG", bits=2)
    yield "palette-2.png", saved(rgb().quantize(2), "PNG", bits=1)
    yield "palette-transparent.png", saved(rgb().quantize(64), "PNG", transparency=bytes([0, 128, 255, 7]))
    yield "palette-one-transparent.png", saved(rgb().quantize(64), "PNG", transparency=3)
    numbers = random.integers(0, 16, (19, 23))
    yield "palette-short.png", png(23, 19, 8, 3, packed_rows(numbers, 8), bytes(range(30)))
    yield "grey-2-bits.png", png(23, 19, 2, 0, packed_rows(numbers % 4, 2))
    yield "grey-4-bits.png", png(23, 19, 4, 0, packed_rows(numbers, 4))
    yield "grey-key.png", png(23, 19, 8, 0, packed_rows(numbers * 16, 8), alpha=b"\0\x10")
    deep = random.integers(0, 65536, (19, 23, 4))
    yield "grey-16-bits.png", png(23, 19, 16, 0, packed_rows(deep[..., 0] >> 7, 16))
    yield "grey-alpha-16-bits.png", png(23, 19, 16, 4, packed_rows(deep[..., :2], 16))
    yield "rgb-16-bits.png", png(23, 19, 16, 2, packed_rows(deep[..., :3], 16))
    yield "rgba-16-bits.png", png(23, 19, 16, 6, packed_rows(deep, 16))
    yield "interlaced.png", png(23, 19, 8, 2, adam7(deep[..., :3] >> 8, 8), interlaced=True)
    yield "interlaced-1-bit.png", png(23, 19, 1, 0, adam7(numbers % 2, 1), interlaced=True)
    yield "interlaced-tiny.png", png(3, 2, 4, 3, adam7(numbers[:2, :3], 4), bytes(range(48)), interlaced=True)
    yield "turned-eXIf.png", saved(rgb(), "PNG", exif=exif(8)[6:])
    international = b"XML:com.adobe.xmp\0\0\0\0\0" + XMP.encode()
    yield "turned-xmp.png", png(23, 19, 8, 2, packed_rows(deep[..., :3] >> 8, 8), extra=chunk(b"iTXt", international))
    profile = "\nexif\n%8d\n" % len(exif(3)) + exif(3).hex() + "\n"
    text = chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(profile.encode()))
    yield "turned-raw-profile.png", png(23, 19, 8, 2, packed_rows(deep[..., :3] >> 8, 8), extra=text)
    for orientation in range(1, 9):
        yield f"exif-{orientation}.jpg", saved(rgb(), "JPEG", quality=90, exif=exif(orientation, orientation % 2 == 0))
    yield "exif-0.jpg", saved(rgb(), "JPEG", exif=exif(0))
    yield "progressive.jpg", saved(rgb(301, 207), "JPEG", quality=80, progressive=True)
    yield "jpeg-444.jpg", saved(rgb(301, 207), "JPEG", quality=80, subsampling=0)
    yield "jpeg-422.jpg", saved(rgb(301, 207), "JPEG", quality=80, subsampling=1)
    yield "jpeg-420.jpg", saved(rgb(301, 207), "JPEG", quality=60, subsampling=2)
    yield "jpeg-grey.jpg", saved(grey(301, 207), "JPEG", quality=80)
    yield "jpeg-restarts.jpg", saved(rgb(301, 207), "JPEG", quality=80, restart_marker_blocks=4)
    yield "jpeg-rgb.jpg", saved(rgb(), "JPEG", quality=80, keep_rgb=True)
    yield "jpeg-tiny.jpg", saved(rgb(1, 1), "JPEG")
    frames = [rgb(64, 40).quantize(32), rgb(64, 40).quantize(16)]
    yield "animated.gif", saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
    yield "transparent.gif", saved(rgb(64, 40).quantize(32), "GIF", transparency=5)
    yield "interlaced.gif", saved(rgb(64, 41).quantize(128), "GIF", interlace=True)
    yield "grey.gif", saved(grey(64, 40), "GIF")
    still = bytearray(saved(rgb(30, 20).quantize(8), "GIF"))
    still[6:10] = struct.pack("<HH", 50, 33)
    yield "small-on-screen.gif", bytes(still)
    yield "lossy.webp", saved(rgb(301, 207), "WEBP", quality=70)
    yield "alpha.webp", saved(rgba(301, 207), "WEBP", quality=70)
    yield "lossless.webp", saved(rgb(), "WEBP", lossless=True)
    yield "lossless-alpha.webp", saved(rgba(), "WEBP", lossless=True, exact=True)
    yield "animated.webp", saved(rgb(64, 40), "WEBP", save_all=True, append_images=[rgb(64, 40)], duration=50)
    yield "animated-alpha.webp", saved(rgba(64, 40), "WEBP", save_all=True, append_images=[rgba(64, 40)], lossless=True)
    yield "turned.webp", saved(rgb(), "WEBP", exif=exif(6))
    for bits in (1, 4, 8):
        palette = random.integers(0, 256, (2**bits, 4)).astype(np.uint8)
        yield f"bits-{bits}.bmp", bmp(23, 19, bits, bmp_rows(numbers % 2**bits, bits), palette.tobytes())
    yield "bits-16.bmp", bmp(23, 19, 16, b"".join(struct.pack("<24H", *row, 0) for row in deep[..., 0] & 0x7FFF))
    fields = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    yield "bits-565.bmp", bmp(23, 19, 16, b"".join(struct.pack("<24H", *row, 0) for row in deep[..., 1]), packing=3, masks=fields)
    yield "bits-24.bmp", saved(rgb(), "BMP")
    yield "bits-32.bmp", bmp(23, 19, 32, (deep >> 8).astype(np.uint8).tobytes())
    yield "from-above.bmp", bmp(23, -19, 32, (deep >> 8).astype(np.uint8).tobytes())
    yield "png-named.jpg", saved(rgb(), "PNG")


#: Whole settings of processors. Each is written as preprocessor_config.json and given to transformers.
def processors():
    yield "vit", ViTImageProcessorPil()
    yield "clip", CLIPImageProcessorPil()
    yield "deit", DeiTImageProcessorPil()
    for number, name in [(0, "nearest"), (1, "lanczos"), (4, "box"), (5, "hamming")]:
        yield name, ViTImageProcessorPil(resample=number, size={"height": 60, "width": 85})
    yield "wide-crop", CLIPImageProcessorPil(size={"shortest_edge": 50}, crop_size={"height": 75, "width": 66})
    yield "only-crop", ViTImageProcessorPil(do_resize=False, do_center_crop=True, crop_size={"height": 64, "width": 65})
    yield "plain", ViTImageProcessorPil(do_normalize=False, do_rescale=False, size={"height": 32, "width": 32})
    yield "one-mean", ViTImageProcessorPil(image_mean=[0.1, 0.2, 0.3], image_std=[0.4, 0.5, 0.6], rescale_factor=1 / 128, size={"height": 40, "width": 40})


#: Pictures that are refused, and a word of the sentence that says why.
def refused():
    from io import BytesIO

    def saved(image, kind, **how):
        out = BytesIO()
        image.save(out, kind, **how)
        return out.getvalue()

    yield "cmyk.jpg", saved(rgb().convert("CMYK"), "JPEG"), "CMYK"
    yield "cut.jpg", saved(rgb(), "JPEG")[:-300], "cut off"
    yield "cut.png", saved(rgb(), "PNG")[:-300], "cut off"
    yield "cut.gif", saved(rgb().quantize(64), "GIF")[:-300], "cut off"
    yield "cut.webp", saved(rgb(), "WEBP")[:-300], "cut off"
    yield "cut.bmp", saved(rgb(), "BMP")[:-300], "cut off"
    damaged = bytearray(saved(rgb(), "PNG"))
    damaged[100] ^= 1
    yield "damaged.png", bytes(damaged), "damaged"
    yield "bomb.png", png(60000, 60000, 8, 2, b"\0" * 1000), "at most"
    yield "bomb.gif", b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x08\0;", "at most"
    yield "empty.png", b"", "empty"
    yield "text.png", b"no picture", "another kind"
    yield "page.jpg", b"<!DOCTYPE html><html></html>", "HTML"
    yield "tiff.png", saved(rgb(), "TIFF"), "TIFF"


def level(processor):
    """What a change by one grey level is in the numbers of a model, for each colour."""
    scale = processor.rescale_factor if processor.do_rescale else 1
    deviations = np.array(processor.image_std) if processor.do_normalize else np.ones(3)
    return (scale / deviations)[:, None, None]


def numbers_of(folder, processor, work):
    """The command line's numbers by the paths of the pictures."""
    settings, out = work / "preprocessor_config.json", work / "pixels.safetensors"
    settings.write_text(processor.to_json_string())
    options = ["--data", folder, "--preprocessor", settings, "--rows", "1000", "--out", out, "--report", work / "report.json"]
    done = subprocess.run(["npm", "run", "-s", "tabtune", "--", "pictures", *map(str, options)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    with safe_open(out, "np") as file:
        paths, pixels = json.loads(file.metadata()["paths"]), file.get_tensor("pixels")
    return dict(zip(paths, pixels)), json.loads((work / "report.json").read_text())


def goldens():
    """Pictures of at most 1200 bytes with their pixels, and what processors make of two of them."""
    usual[:] = [9, 7]
    text = lambda content: base64.b64encode(content).decode()
    with tempfile.TemporaryDirectory() as folder:
        read, shown = {}, []
        for name, content in pictures():
            path = Path(folder) / name
            path.write_bytes(content)
            image = load_image(str(path))
            if len(content) <= 1200 and image.width * image.height <= 500:
                read[name] = image
                shown.append({"name": name, "file": text(content), "width": image.width, "height": image.height, "rgb": text(image.tobytes())})
        made = []
        for resample in range(6):
            for size in ({"height": 3, "width": 4}, {"height": 11, "width": 8}):
                made.append(ViTImageProcessorPil(resample=resample, size=size))
        made.append(CLIPImageProcessorPil(size={"shortest_edge": 5}, crop_size={"height": 4, "width": 5}))
        made.append(CLIPImageProcessorPil(size={"shortest_edge": 3}, crop_size={"height": 6, "width": 3}))
        made.append(ViTImageProcessorPil(do_normalize=False, do_rescale=False, size={"height": 2, "width": 2}))
        tall = Image.fromarray(scene(1, 150))
        cases = []
        for processor in made:
            for name, image in [("rgba.png", read["rgba.png"]), ("tall", tall)]:
                values = np.asarray(processor(image, return_tensors="np")["pixel_values"][0], np.float32)
                settings = {key: value for key, value in json.loads(processor.to_json_string()).items() if value is not None}
                picture = {"width": image.width, "height": image.height, "rgb": text(image.tobytes())}
                cases.append({"picture": picture, "settings": settings, "pixels": text(values.tobytes())})
    path = ROOT / "e2e/interop/goldens/pictures.json"
    lines = [json.dumps(one) for one in shown], [json.dumps(one) for one in cases]
    path.write_text('{"files":[\n%s\n],"processed":[\n%s\n]}\n' % tuple(",\n".join(part) for part in lines))
    print(f"{len(shown)} pictures and {len(cases)} results in {path.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--goldens", action="store_true")
    parser.add_argument("--keep", help="folder for the pictures, which are removed otherwise")
    args = parser.parse_args()
    if args.goldens:
        return goldens()
    with tempfile.TemporaryDirectory() as made:
        work = Path(args.keep or made)
        folder = work / "odd"
        folder.mkdir(parents=True, exist_ok=True)
        names = []
        for name, content in pictures():
            (folder / name).write_bytes(content)
            names.append(name)
        words = {}
        for name, content, word in refused():
            (folder / name).write_bytes(content)
            words[name] = word
        worst, exact = dict.fromkeys(names, 0.0), dict.fromkeys(names, True)
        for _, processor in processors():
            found, report = numbers_of(work, processor, work)
            size = level(processor)
            for name in names:
                want = np.asarray(processor(load_image(str(folder / name)), return_tensors="np")["pixel_values"][0], np.float32)
                got = found.get(f"odd/{name}", np.full(want.size, np.nan)).reshape(want.shape)
                exact[name] &= np.array_equal(got, want)
                worst[name] = max(worst[name], float(np.nan_to_num(np.abs((got - want) / size), nan=np.inf).max()))
        told = {one["where"].split("/")[-1]: json.dumps(one["problem"]) for one in report["refused"]}
        wrong = [name for name, word in words.items() if word not in told.get(name, "")]
        for name in names:
            print(f"{name:32} {worst[name]:8.4f} grey levels{'' if exact[name] else ', not bit for bit'}")
        over = [name for name in names if not worst[name] <= 1]
        print(f"{len(names)} pictures with {len(list(processors()))} processors: {sum(exact.values())} bit for bit, {len(over)} above 1 grey level {over}")
        print(f"{len(words)} pictures to refuse: {len(wrong)} not refused with the right reason {[(name, told.get(name)) for name in wrong]}")
        sys.exit(1 if over or wrong else 0)


if __name__ == "__main__":
    main()
