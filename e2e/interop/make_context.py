#!/usr/bin/env python3
"""Goldens of the forms of CoOp for which ../shared/oracle has none: class-specific context, and the name in the middle.

    python e2e/interop/make_context.py [NAME...]

It needs torch and transformers, and ../shared/oracle/clip, the tiny model that both cases sit on. The forward pass is plain PyTorch over
transformers' modules (Zhou et al. 2021, arXiv 2109.01134, section 3.2): word embeddings of the texts, with the rows at the context's places
replaced, then positions, blocks, the norm and the projection at the end token. Every case is computed a second time in float64.
Writes e2e/interop/goldens/methods/NAME in the layout of the second set: case.json, init, grads.safetensors and losses.json.
"""
import json
import math
import os
import sys

import torch
from safetensors.torch import load_file, save_file
from transformers import CLIPModel

HERE = os.path.dirname(os.path.abspath(__file__))
MODEL = os.path.normpath(os.path.join(HERE, "../../../shared/oracle/clip"))
OUT = os.path.join(HERE, "goldens/methods")
TOKENS, DOT, BETAS, EPSILON, RATE, DECAY, STEPS = 3, 2, (0.9, 0.999), 1e-8, 1e-3, 0.01, 10
CASES = {
    "coop_specific": {"specific": True, "position": "end", "seed": 11},
    "coop_middle": {"specific": False, "position": "middle", "seed": 12},
}
BATCHES = {"batch_a": [0, 1, 2, 3], "batch_b": [4, 5, 6, 7]}

inputs = json.load(open(os.path.join(MODEL, "inputs.json")))
names, bos, eos = inputs["class_name_tokens"], inputs["bos"], inputs["eos"]


def texts(position):
    """Ids of each text, padded with the end, and the places of the context in each."""
    front = TOKENS if position == "end" else TOKENS // 2
    rows = [[bos, *[1] * front, *name, *[1] * (TOKENS - front), DOT, eos] for name in names]
    places = [[1 + m + (0 if m < front else len(name)) for m in range(TOKENS)] for name in names]
    width = max(map(len, rows))
    return torch.tensor([row + [eos] * (width - len(row)) for row in rows]), torch.tensor([len(row) - 1 for row in rows]), torch.tensor(places)


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


class Run:
    def __init__(self, case, dtype):
        self.model = CLIPModel.from_pretrained(MODEL, attn_implementation="eager").to(dtype).eval().requires_grad_(False)
        self.ids, self.ends, self.places = texts(case["position"])
        config = json.load(open(os.path.join(MODEL, "preprocessor_config.json")))
        mean, std = (torch.tensor(config[key], dtype=dtype).view(3, 1, 1) for key in ("image_mean", "image_std"))
        pixels = load_file(os.path.join(MODEL, "pixels.safetensors"))["pixels"].to(dtype).view(-1, 3, 32, 32)
        vision = self.model.vision_model(pixel_values=(pixels / 255 - mean) / std)
        self.images = unit(self.model.visual_projection(vision.pooler_output))

    def loss(self, ctx, batch):
        text = self.model.text_model
        x = text.embeddings.token_embedding(self.ids)
        rows = ctx if ctx.dim() == 3 else ctx.expand(len(names), -1, -1)
        x = x.scatter(1, self.places.unsqueeze(-1).expand(-1, -1, x.shape[-1]), rows)
        x = x + text.embeddings.position_embedding.weight[: x.shape[1]]
        mask = torch.full((x.shape[1], x.shape[1]), torch.finfo(x.dtype).min, dtype=x.dtype).triu(1)[None, None]
        for layer in text.encoder.layers:
            h = layer.layer_norm1(x)
            a = layer.self_attn
            split = lambda y: y.view(*y.shape[:2], a.num_heads, -1).transpose(1, 2)
            q, k, v = split(a.q_proj(h)), split(a.k_proj(h)), split(a.v_proj(h))
            p = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5 + mask).softmax(-1)
            x = x + a.out_proj((p @ v).transpose(1, 2).reshape(x.shape))
            x = x + layer.mlp(layer.layer_norm2(x))
        last = text.final_layer_norm(x)[torch.arange(len(names)), self.ends]
        scores = self.model.logit_scale.exp() * self.images[batch] @ unit(self.model.text_projection(last)).T
        return torch.nn.functional.cross_entropy(scores, torch.tensor(inputs["labels"])[batch])

    def steps(self, ctx, cosine):
        ctx = ctx.clone().requires_grad_()
        optimizer = torch.optim.AdamW([ctx], lr=RATE, betas=BETAS, eps=EPSILON, weight_decay=DECAY)
        losses, norms = [], []
        for step in range(STEPS):
            optimizer.zero_grad()
            loss = self.loss(ctx, BATCHES["batch_b" if step % 2 else "batch_a"])
            loss.backward()
            norms.append(ctx.grad.norm().item())
            if cosine:
                torch.nn.utils.clip_grad_norm_([ctx], 1.0)
                optimizer.param_groups[0]["lr"] = RATE * (step / 3 if step < 3 else 0.5 * (1 + math.cos(math.pi * (step - 3) / (STEPS - 3))))
            optimizer.step()
            losses.append(loss.item())
        return {"losses": losses, "grad_norm_before_clip": norms}


def as_keys(values):
    return {key: values[key] for key in ("losses", "grad_norm_before_clip")}


def make(name):
    case = CASES[name]
    single, double = Run(case, torch.float32), Run(case, torch.float64)
    torch.manual_seed(case["seed"])
    width = single.model.text_model.embeddings.token_embedding.weight.shape[1]
    ctx = torch.randn([len(names), TOKENS, width] if case["specific"] else [TOKENS, width]) * 0.5
    grads, first = [], []
    for run in (single, double):
        own = ctx.clone().to(run.images.dtype).requires_grad_()
        loss = run.loss(own, BATCHES["batch_a"])
        loss.backward()
        first.append(loss.item())
        grads.append(own.grad)
    away = ((grads[0] - grads[1]).norm() / grads[1].norm()).item()
    assert abs(first[0] - first[1]) < 2e-6 and away < 1e-5, (first, away)
    losses = {}
    for variant, cosine in (("adamw", False), ("adamw_clip_warmup_cosine", True)):
        runs = {kind: run.steps(ctx.to(run.images.dtype), cosine) for kind, run in (("f32", single), ("f64", double))}
        assert max(abs(a - b) for a, b in zip(runs["f32"]["losses"], runs["f64"]["losses"])) < 5e-6
        losses[variant] = {kind: as_keys(values) for kind, values in runs.items()}
    folder = os.path.join(OUT, name)
    os.makedirs(os.path.join(folder, "init"), exist_ok=True)
    write = lambda path, value: open(os.path.join(folder, path), "w").write(json.dumps(value, indent=1) + "\n")
    write("init/adapter_config.json", {
        "peft_type": "COOP", "num_virtual_tokens": TOKENS, "token_dim": width, "class_token_position": case["position"],
        "class_specific": case["specific"], "base_model_name_or_path": "clip",
    })
    save_file({"ctx": ctx}, os.path.join(folder, "init/adapter_model.safetensors"))
    save_file({"ctx": grads[0]}, os.path.join(folder, "grads.safetensors"))
    write("losses.json", losses)
    write("case.json", {
        "method": name, "made_by": "e2e/interop/make_context.py", "base_model": os.path.relpath(MODEL, folder),
        "extra": {"class_name_tokens": names}, "loss_f32": first[0], "loss_f64": first[1],
        "grads_max_rel_l2_diff_f32_vs_f64": away, "trainable": {"ctx": list(ctx.shape)},
        **{key: {"images": rows, "labels": [inputs["labels"][row] for row in rows]} for key, rows in BATCHES.items()},
    })
    print(f"{name}: loss {first[0]:.6f}, gradient {away:.1e} from float64")


def check():
    """The formula against the case of the second set, which another program made."""
    global TOKENS
    folder = os.path.join(os.path.dirname(MODEL), "methods/coop")
    own, TOKENS = TOKENS, 4
    loss = Run({"position": "end"}, torch.float64).loss(load_file(os.path.join(folder, "init/adapter_model.safetensors"))["ctx"].double(), BATCHES["batch_a"])
    want = json.load(open(os.path.join(folder, "case.json")))["loss_f64"]
    assert abs(loss.item() - want) < 1e-6, (loss.item(), want)
    TOKENS = own


if __name__ == "__main__":
    check()
    for name in sys.argv[1:] or CASES:
        make(name)
