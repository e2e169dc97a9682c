"""Trains the demo's picture model on coloured shapes, and writes the drawings of its task.

    python train_pictures.py --out ../../public/demo/pictures

One CPU thread. The model is a ViT of 32 × 32 pixels in patches of 8. The folder gets the model in the files of transformers, and
drawings.zip with the pictures of the task (train and test, a folder for each class).
"""
import argparse
import io
import json
import math
import time
import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import ViTConfig, ViTForImageClassification

from shapes import CLASSES, SIDE, THINGS, shape, thing

# Pixels from −1 to 1, as in Google's ViT.
MEAN = STD = 0.5
ZIP_DATE = (2026, 1, 1, 0, 0, 0)


def pictures(seed, count, ease=0.0):
    """uint8 [count, 3, SIDE, SIDE] and labels [count]."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(len(CLASSES), size=count)
    pixels = np.stack([shape(rng, label, ease) for label in labels]).transpose(0, 3, 1, 2)
    return torch.from_numpy(pixels.copy()), torch.from_numpy(labels)


def scaled(pixels):
    return (pixels.float() / 255 - MEAN) / STD


def make_model():
    return ViTForImageClassification(ViTConfig(
        image_size=SIDE, patch_size=8, hidden_size=64, intermediate_size=128, num_hidden_layers=4, num_attention_heads=4,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, num_labels=len(CLASSES), attn_implementation='sdpa',
        id2label=dict(enumerate(CLASSES)), label2id={name: i for i, name in enumerate(CLASSES)},
    ))


def rate(step, steps, warmup=50):
    if step < warmup:
        return (step + 1) / warmup
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup)))


@torch.no_grad()
def accuracy(model, pixels, labels):
    model.eval()
    right = sum((model(part).logits.argmax(-1) == own).sum().item() for part, own in zip(scaled(pixels).split(100), labels.split(100)))
    model.train()
    return right / len(labels)


def train(model, args):
    """Pictures are made as they are needed, so that none is seen twice."""
    matrices = [p for p in model.parameters() if p.ndim == 2 and p is not model.classifier.weight]
    others = [p for p in model.parameters() if all(p is not m for m in matrices)]
    # Muon for the matrices learns from far fewer pictures than AdamW does.
    optimizers = [
        torch.optim.Muon(matrices, lr=args.lr, weight_decay=0.05, adjust_lr_fn='match_rms_adamw'),
        torch.optim.AdamW(others, lr=args.lr, betas=(0.9, 0.98), weight_decay=0.0),
    ]
    held, start = pictures(args.seed + 1, 800), time.time()
    for step in range(args.steps):
        # Colours say nothing about a class. With random colours alone, a model with patches of 4 still guessed after 300 steps. So the
        # first half has easy pictures too, fewer and fewer of them.
        pixels, labels = pictures([args.seed, step], args.batch, max(0, 1 - step / (0.5 * args.steps)))
        for group in (g for o in optimizers for g in o.param_groups):
            group['lr'] = args.lr * rate(step, args.steps)
        loss = torch.nn.functional.cross_entropy(model(scaled(pixels)).logits, labels, label_smoothing=0.05)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        if step % 100 == 99:
            print(f'step {step + 1} loss {loss.item():.3f} {time.time() - start:.0f} s', flush=True)
        if step % 500 == 499:
            print(f'step {step + 1} accuracy on new shapes {accuracy(model, *held):.3f}', flush=True)
    return accuracy(model, *held)


def png(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, 'PNG', optimize=True)
    return out.getvalue()


def write_drawings(path, names, draw, seed, counts):
    """A zip with folder/part/class/number.png; the folder has the name of the zip, and `draw(rng, name)` gives the pixels of a picture."""
    rng = np.random.default_rng(seed)
    with zipfile.ZipFile(path, 'w') as file:
        for part, count in counts.items():
            for name in names:
                for number in range(count):
                    entry = zipfile.ZipInfo(f'{path.stem}/{part}/{name}/{number:02}.png', ZIP_DATE)
                    file.writestr(entry, png(draw(rng, name)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--out', type=Path, required=True)
    parser.add_argument('--steps', type=int, default=2000)
    parser.add_argument('--batch', type=int, default=64)
    parser.add_argument('--lr', type=float, default=3e-3)
    parser.add_argument('--seed', type=int, default=3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    write_drawings(args.out / 'drawings.zip', sorted(THINGS), thing, args.seed, {'train': 16, 'test': 10})
    model = make_model()
    print(f'{sum(p.numel() for p in model.parameters()):,} parameters, {len(CLASSES)} classes', flush=True)
    print(f'accuracy {train(model, args):.3f}')
    config = {k: v for k, v in model.config.to_dict().items() if k not in ('_name_or_path', 'transformers_version', 'dtype', 'torch_dtype')}
    (args.out / 'config.json').write_text(json.dumps({**config, 'architectures': ['ViTForImageClassification']}, indent=1) + '\n')
    processor = {
        'image_processor_type': 'ViTImageProcessor', 'do_resize': True, 'size': {'height': SIDE, 'width': SIDE}, 'resample': 2,
        'do_rescale': True, 'rescale_factor': 1 / 255, 'do_normalize': True, 'image_mean': [MEAN] * 3, 'image_std': [STD] * 3,
    }
    (args.out / 'preprocessor_config.json').write_text(json.dumps(processor, indent=1) + '\n')
    save_file({k: v.detach().half().contiguous() for k, v in model.state_dict().items()}, args.out / 'model.safetensors', {'format': 'pt'})


if __name__ == '__main__':
    main()
