#!/usr/bin/env python3
"""A golden of DeiT without a distillation token: a tiny model as Facebook publishes them, and what transformers makes of three pictures.

    python e2e/interop/make_deit.py

It needs torch, transformers and Pillow. facebook/deit-{tiny,small,base}-patch16-224 have model_type "vit" and the class ViTForImageClassification,
with the processor of DeiT: bicubic to a size, then the middle of it. The weights are random and follow from a seed. The logits are computed a
second time in float64. Writes e2e/interop/goldens/tiny_deit: the model's folder, pictures, and expected.safetensors with logits [3, 5].
"""
import json
import os

import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import AutoConfig, AutoImageProcessor, AutoModelForImageClassification, set_seed

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "goldens/tiny_deit")
# The keys of the published files. They were written by transformers 4.6, which had no qkv_bias yet.
CONFIG = {
    "architectures": ["ViTForImageClassification"], "attention_probs_dropout_prob": 0.0, "hidden_act": "gelu", "hidden_dropout_prob": 0.0,
    "hidden_size": 32, "id2label": {str(i): name for i, name in enumerate(["tench", "goldfish", "shark", "ray", "cock"])}, "image_size": 24,
    "initializer_range": 0.02, "intermediate_size": 48, "layer_norm_eps": 1e-12, "model_type": "vit", "num_attention_heads": 2, "num_channels": 3,
    "num_hidden_layers": 2, "patch_size": 8, "transformers_version": "4.6.0.dev0",
}
PROCESSOR = {
    "crop_size": 24, "do_center_crop": True, "do_normalize": True, "do_resize": True, "feature_extractor_type": "DeiTFeatureExtractor",
    "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 3, "size": 28,
}
SIZES = [(50, 37), (24, 24), (9, 61)]


def write(name, value):
    with open(os.path.join(OUT, name), "w") as file:
        file.write(json.dumps(value, indent=1) + "\n")


def picture(number, width, height):
    """Slopes and a few steps, so that the file is small and resizing matters."""
    image = Image.new("RGB", (width, height))
    image.putdata([((x * 5 + number * 40) % 256, (y * 7) % 256, 255 * ((x // 6 + y // 4) % 2)) for y in range(height) for x in range(width)])
    return image


def main():
    os.makedirs(OUT, exist_ok=True)
    set_seed(31)
    config = AutoConfig.for_model(**CONFIG)
    model = AutoModelForImageClassification.from_config(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_((parameter + 0.1 * torch.randn_like(parameter)).bfloat16())
    # transformers 5 writes ViT with the names that its files have always had.
    model.bfloat16().save_pretrained(OUT)
    write("config.json", CONFIG)
    write("preprocessor_config.json", PROCESSOR)
    images = []
    for number, (width, height) in enumerate(SIZES):
        path = os.path.join(OUT, f"{number}.png")
        picture(number, width, height).save(path, optimize=True)
        images.append(Image.open(path).convert("RGB"))
    pixels = AutoImageProcessor.from_pretrained(OUT, backend="pil")(images, return_tensors="pt")["pixel_values"]
    logits = []
    for dtype in (torch.float32, torch.float64):
        loaded, report = AutoModelForImageClassification.from_pretrained(OUT, dtype=dtype, attn_implementation="eager", output_loading_info=True)
        assert not report["missing_keys"] and not report["unexpected_keys"], report
        with torch.no_grad():
            logits.append(loaded.eval()(pixel_values=pixels.to(dtype)).logits)
    away = (logits[0] - logits[1]).abs().max().item()
    assert away < 1e-5, away
    save_file({"logits": logits[0]}, os.path.join(OUT, "expected.safetensors"))
    print(f"tiny_deit: pixels {list(pixels.shape)}, logits up to {logits[0].abs().max():.2f}, {away:.1e} from float64")


if __name__ == "__main__":
    main()
