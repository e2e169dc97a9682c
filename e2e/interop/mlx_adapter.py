"""MLX adapters that tabtune export writes, against PEFT.

Saves TinyStories-656K once more by transformers (its own file names its table only as lm_head), makes PEFT adapters of several kinds,
has them written by tabtune export --to mlx, and compares mlx-lm's logits with PEFT's.
Run: python e2e/interop/mlx_adapter.py MODEL_DIR OUT_DIR    (needs mlx[cpu], mlx-lm, torch, transformers, peft; run it from the repository)
"""
import json
import subprocess
import sys
import warnings
from pathlib import Path

import mlx.core as mx
import numpy as np
import torch
from mlx_lm.tuner.utils import load_adapters
from mlx_lm.utils import load_model
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

warnings.filterwarnings("ignore")
mx.set_default_device(mx.cpu)
source, out = sys.argv[1], Path(sys.argv[2])
ids = [5, 17, 99, 3, 64, 23, 110, 8, 41, 200, 7]
model_dir = out / "model"
load = lambda: AutoModelForCausalLM.from_pretrained(model_dir, dtype=torch.float32, attn_implementation="eager")


def save_again():
    torch.manual_seed(1)
    AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32).save_pretrained(model_dir)
    AutoTokenizer.from_pretrained(source).save_pretrained(model_dir)


def mlx_logits(adapter=None):
    model, _ = load_model(model_dir)
    if adapter:
        load_adapters(model, str(adapter))
    model.eval()
    return np.array(model(mx.array([ids])))[0]


def run(name, config):
    folder = out / name
    torch.manual_seed(3)
    peft = get_peft_model(load(), config).eval()
    for key, p in peft.named_parameters():
        if p.requires_grad:
            p.data += (0.02 if "magnitude" in key else 0.2) * torch.randn_like(p)
    peft.save_pretrained(folder / "peft")
    with torch.no_grad():
        want = PeftModel.from_pretrained(load(), folder / "peft").eval()(input_ids=torch.tensor([ids])).logits[0].numpy()
    command = ["npm", "run", "-s", "tabtune", "--", "export", "--model", str(model_dir), "--adapter", str(folder / "peft"), "--to", "mlx"]
    subprocess.run([*command, "--out", str(folder / "mlx")], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    got, base = mlx_logits(folder / "mlx"), mlx_logits()
    print(json.dumps({"case": name, "largest difference": float(np.abs(got - want).max()), "the adapter changes": float(np.abs(want - base).max())}))


lora = lambda **settings: LoraConfig(**{"r": 4, "lora_alpha": 12, "task_type": "CAUSAL_LM", "target_modules": "all-linear", **settings})
save_again()
with torch.no_grad():
    plain = load().eval()(input_ids=torch.tensor([ids])).logits[0].numpy()
print(json.dumps({"case": "base", "largest difference": float(np.abs(mlx_logits() - plain).max())}))
run("lora", lora())
run("rslora", lora(use_rslora=True))
run("patterns", lora(rank_pattern={"q_proj": 2, "down_proj": 7}, alpha_pattern={"v_proj": 30}, use_rslora=True))
run("one_layer", lora(target_modules=["v_proj"], layers_to_transform=[1]))
run("dora", lora(target_modules=["q_proj", "up_proj"], use_dora=True))
