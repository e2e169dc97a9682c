"""llama.cpp's quantisers, from the libraries in the npm package node-llama-cpp (npm install node-llama-cpp in a folder, PACKAGES).

Goldens of single blocks (src/formats/quant/ggml-blocks.test.ts):
    python e2e/interop/ggml_quantise.py PACKAGES blocks      (needs numpy, safetensors)

Whole files. F32.gguf is a merged model (tabtune merge --gguf --dtype f32), OURS.gguf the same one as q8_0, q4_0 or q4_k_m.
Quantises F32.gguf by llama.cpp and compares the types and bytes of all tensors:
    python e2e/interop/ggml_quantise.py PACKAGES F32.gguf OURS.gguf      (needs numpy, gguf)
"""
import ctypes
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

libraries = Path(sys.argv[1]) / "node_modules/@node-llama-cpp/linux-x64/bins/linux-x64"
types = {"q4_0": (2, 32, 18), "q5_0": (6, 32, 22), "q5_1": (7, 32, 24), "q8_0": (8, 32, 34), "q4_k": (12, 256, 144), "q5_k": (13, 256, 176), "q6_k": (14, 256, 210)}


def library(pattern):
    return ctypes.CDLL(str(next(libraries.glob(pattern))), mode=ctypes.RTLD_GLOBAL)


base = library("libggml-base.so")


def blocks(x, name):
    number, weights, size = types[name]
    x = np.ascontiguousarray(x, np.float32)
    out = np.zeros(x.size // weights * size, np.uint8)
    base.ggml_quantize_chunk.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_int64] * 3, ctypes.c_void_p]
    base.ggml_quantize_chunk(number, x.ctypes.data, out.ctypes.data, 0, *x.shape, None)
    return out


def golden():
    from safetensors.numpy import save_file

    rng = np.random.default_rng(11)
    w = (rng.standard_normal((24, 256)) * 0.05).astype(np.float32)
    w[1] *= 1e-3
    w[2] = 0
    w[3, 5] = 40  # one large number: some scales round to 0
    w[4] = np.linspace(-1, 1, 256, dtype=np.float32)
    w[5] = np.round(w[5] * 80) / 8  # many ties
    w[6] = np.where(np.arange(256) % 2, 2.5, -2.5)
    w[7] = 0.5  # one value only, of either sign
    w[8] = -0.5
    w[9, :32] = 0
    w[10] = np.abs(w[10])
    w[11] = -np.abs(w[11])
    w[12] *= 1e-20
    w[13, :128] = 1e-17
    w[14] = w[14] > 0.08
    w[15:18] = rng.standard_t(2, (3, 256)) * 0.02
    out = Path(__file__).parent / "goldens" / "formats" / "ggml_blocks.safetensors"
    save_file({"weight": w, **{name: blocks(w, name) for name in types}}, out)
    print(out.stat().st_size, "bytes")


class Params(ctypes.Structure):
    """llama_model_quantize_params: its first two members, and room for the others."""

    _fields_ = [("nthread", ctypes.c_int32), ("ftype", ctypes.c_int), ("rest", ctypes.c_char * 256)]


def quantised(source, target, file_type):
    ggml = library("libggml.*so")
    llama = library("libllama.*so")
    ggml.ggml_backend_load_all_from_path(str(libraries).encode())
    llama.llama_model_quantize_default_params.restype = Params
    params = llama.llama_model_quantize_default_params()
    params.ftype = file_type
    if llama.llama_model_quantize(source.encode(), target.encode(), ctypes.byref(params)):
        raise SystemExit("llama.cpp could not quantise " + source)


def compare(source, ours):
    import gguf

    mine = gguf.GGUFReader(ours)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "theirs.gguf")
        quantised(source, path, int(mine.fields["general.file_type"].parts[-1][0]))
        theirs = {t.name: t for t in gguf.GGUFReader(path).tensors}
    print("types:", dict(Counter(t.tensor_type.name for t in mine.tensors)))
    other = [t.name for t in mine.tensors if t.tensor_type != theirs[t.name].tensor_type]
    odd = [t.name for t in mine.tensors if t.name not in other and not np.array_equal(t.data, theirs[t.name].data)]
    print("tensors:", len(mine.tensors), "and", len(theirs), "other types:", other, "other bytes:", odd)


golden() if sys.argv[2] == "blocks" else compare(sys.argv[2], sys.argv[3])
