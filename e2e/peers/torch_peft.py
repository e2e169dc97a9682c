"""PEFT's LoRA on PyTorch on the shapes of `npm run bench`, for machines with CUDA: torch_peft.py [--only NAME] [--batches 1,4] [--length N] [--kept] [--json] …

Random weights; r = 8 on all linear layers; whole optimizer steps (forward, backward, clipping, AdamW); every position but the last
is trained on; the best of a few steps after two that warm up. In bf16, and over NF4 where bitsandbytes is installed.
"""
import argparse
import importlib.util
import json
import sys
import time
import warnings

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, LlamaConfig, Qwen2Config

warnings.filterwarnings("ignore")


def llama(layers, hidden, inner, heads, vocab, kv_heads=None, kind=LlamaConfig):
    return kind(
        num_hidden_layers=layers,
        hidden_size=hidden,
        intermediate_size=inner,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads or heads,
        vocab_size=vocab,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
    )


# As src/measure/workloads.ts has them.
shapes = {
    "s260k": (llama(5, 64, 172, 8, 512), 256, (4,)),
    "s15m": (llama(6, 288, 768, 6, 32_000), 256, (1,)),
    "smollm2-135m": (llama(30, 576, 1536, 9, 49_152, 3), 512, (1, 4, 16)),
    "qwen2.5-0.5b": (llama(24, 896, 4864, 14, 151_936, 2, Qwen2Config), 512, (1, 4, 16)),
    "llama-3.2-1b": (llama(16, 2048, 8192, 32, 128_256, 8), 512, (1, 4, 16)),
}
linear = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def to_nf4(module, compute):
    """Puts bitsandbytes' NF4 layers in place of the linear ones that LoRA sits on; they are packed when they move to the device."""
    import bitsandbytes as bnb

    for name, child in list(module.named_children()):
        if name in linear:
            packed = bnb.nn.Linear4bit(child.in_features, child.out_features, child.bias is not None, compute, quant_type="nf4")
            packed.weight = bnb.nn.Params4bit(child.weight.data, requires_grad=False, quant_type="nf4")
            if child.bias is not None:
                packed.bias = child.bias
            setattr(module, name, packed)
        else:
            to_nf4(child, compute)


def prepared(config, form, device, checkpointing):
    dtype = torch.float32 if form == "f32" else torch.bfloat16
    torch.manual_seed(1)
    with torch.device(device):
        model = AutoModelForCausalLM.from_config(config, dtype=dtype)
    if form == "nf4":
        to_nf4(model, dtype)
    model = model.to(device)
    if checkpointing:
        model.gradient_checkpointing_enable({"use_reentrant": False})
        model.enable_input_require_grads()
    model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, lora_dropout=0.0, target_modules=linear, task_type="CAUSAL_LM"))
    model.train()
    return model


def measure(name, config, batch, length, form, device, checkpointing, steps):
    cuda = device == "cuda"
    if cuda:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    model = prepared(config, form, device, checkpointing)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4)
    ids = ((torch.arange(batch * length) * 7919 + 13) % config.vocab_size).view(batch, length).to(device)

    def step():
        if cuda:
            torch.cuda.synchronize()
        start, cpu_start = time.perf_counter(), time.process_time()
        optimizer.zero_grad(set_to_none=True)
        loss = model(input_ids=ids, labels=ids, use_cache=False).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        if cuda:
            torch.cuda.synchronize()
        return (time.perf_counter() - start) * 1000, (time.process_time() - cpu_start) * 1000, loss.item()

    for _ in range(2):
        step()
    times, cpu_times, losses = zip(*(step() for _ in range(steps)))
    ms = min(times)
    return {
        "workload": f"{name} LoRA {form.upper()}{' checkpointed' if checkpointing else ''}",
        "batch": batch,
        "length": length,
        "tokensPerSecond": batch * length / ms * 1000,
        "ms": ms,
        "cpuMs": None if cuda else min(cpu_times),
        "loss": losses[-1],
        "peakBytes": torch.cuda.max_memory_allocated() if cuda else None,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of a workload's name")
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=["cuda", "cpu"])
    parser.add_argument("--forms", default="", help="of bf16, nf4, f32, with commas between")
    parser.add_argument("--batches", default="", help="rows at once, with commas between; else the workload's")
    parser.add_argument("--length", type=int, help="tokens of a row; else the workload's")
    parser.add_argument("--kept", action="store_true", help="leave out checkpointing")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    nf4 = args.device == "cuda" and importlib.util.find_spec("bitsandbytes") is not None
    forms = args.forms.split(",") if args.forms else ["bf16"] + (["nf4"] if nf4 else [])
    if not nf4 and "nf4" not in forms:
        print("NF4 is left out: it takes CUDA and bitsandbytes.", file=sys.stderr)
    adapter = torch.cuda.get_device_name() if args.device == "cuda" else "processor"
    rows = []
    for name, (config, length, batches) in shapes.items():
        if args.only not in name or (args.device == "cpu" and not args.only and name not in ("s260k", "s15m")):
            continue
        length = args.length or length
        for batch in map(int, args.batches.split(",")) if args.batches else batches:
            for form in forms:
                for checkpointing in (False, True) if length >= 512 and not args.kept else (False,):
                    print(f"{name} {form}, {batch} x {length}…", file=sys.stderr)
                    try:
                        rows.append(measure(name, config, batch, length, form, args.device, checkpointing, args.steps))
                    except torch.OutOfMemoryError:
                        print(f"{name} {form}, {batch} x {length}: out of memory, left out", file=sys.stderr)
    if args.json:
        print(json.dumps({"adapter": adapter, "torch": torch.__version__, "rows": rows}, indent=2))
        return
    print(f"{adapter}; torch {torch.__version__}\n\n| workload | batch | tokens/s | ms | peak MiB |\n|---|---|---:|---:|---:|")
    for r in rows:
        peak = "–" if r["peakBytes"] is None else f"{r['peakBytes'] / 2**20:.1f}"
        print(f"| {r['workload']} | {r['batch']} × {r['length']} | {r['tokensPerSecond']:.0f} | {r['ms']:.1f} | {peak} |")


if __name__ == "__main__":
    main()
