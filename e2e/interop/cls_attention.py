"""Prints what [CLS] of the demo's ViT attends to in the last layer, on pixels sin(0.37 i): the golden of src/decode/cls-attention.gpu.test.ts.

    python e2e/interop/cls_attention.py public/demo/pictures
"""
import sys

import torch
from transformers import ViTForImageClassification

model = ViTForImageClassification.from_pretrained(sys.argv[1], attn_implementation='eager', dtype=torch.float32).eval()
side = model.config.image_size
pixels = torch.sin(0.37 * torch.arange(3 * side * side, dtype=torch.float64)).float().reshape(1, 3, side, side)
with torch.no_grad():
    last = model(pixels, output_attentions=True).attentions[-1]
print([round(share, 6) for share in last[0].mean(0)[0, 1:].tolist()])
