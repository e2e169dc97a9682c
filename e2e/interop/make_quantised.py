"""Goldens of what a base becomes while loading: Q8_0 and Q4_0 by gguf-py (gguf.quants), FP4 by bitsandbytes (functional.quantize_4bit).

Run: python e2e/interop/make_quantised.py    (needs torch, gguf, bitsandbytes, safetensors)
"""
from pathlib import Path

import gguf
import numpy as np
import torch
import bitsandbytes.functional as bnb
from safetensors.numpy import save_file

rng = np.random.default_rng(7)
weight = rng.standard_normal((12, 64)).astype(np.float32)
weight[1] *= 1e-3
weight[2] = 0
weight[3, 5] = 40  # one large number makes the others small codes
weight[4] = np.linspace(-1, 1, 64, dtype=np.float32)  # many numbers in the middle of two codes
weight[5] = np.round(weight[5] * 8) / 8
weight[6] = np.where(np.arange(64) % 2, 2.5, -2.5)  # the largest number with both signs
weight[7] = (np.arange(64) - 32) / 12 / 4  # multiples of FP4's values and their middles

q8_0 = gguf.quants.quantize(weight, gguf.GGMLQuantizationType.Q8_0)
q4_0 = gguf.quants.quantize(weight, gguf.GGMLQuantizationType.Q4_0)
packed, state = bnb.quantize_4bit(torch.from_numpy(weight), blocksize=64, quant_type="fp4")
fp4 = bnb.dequantize_4bit(packed, state).numpy()

out = Path(__file__).parent / "goldens" / "formats"
out.mkdir(parents=True, exist_ok=True)
save_file(
    {"weight": weight, "q8_0": q8_0, "q4_0": q4_0, "fp4": fp4, "fp4_packed": packed.numpy(), "fp4_absmax": state.absmax.numpy()},
    out / "quantised.safetensors",
)
print((out / "quantised.safetensors").stat().st_size, "bytes")
