"""Logits of a PEFT adapter as PEFT itself computes them: peft_logits.py MODEL_DIR ADAPTER_DIR IDS OUT.safetensors

Fails where a tensor of the file is not used or one that PEFT needs is missing (PEFT would start it anew without a word).
"""
import sys

import torch
from peft import PeftModel, get_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

model_dir, adapter_dir, ids, out = sys.argv[1:]
base = AutoModelForCausalLM.from_pretrained(model_dir, dtype=torch.float32, attn_implementation="eager")
model = PeftModel.from_pretrained(base, adapter_dir).eval()
file = load_file(f"{adapter_dir}/adapter_model.safetensors")
used = get_peft_model_state_dict(model, save_embedding_layers=False)
if set(file) != set(used):
    sys.exit(f"tensors differ: only in the file {sorted(set(file) - set(used))}, only in PEFT {sorted(set(used) - set(file))}")
changed = [k for k in file if not torch.equal(file[k], used[k].cpu())]
if changed:
    sys.exit(f"not loaded as they are in the file: {changed}")
with torch.no_grad():
    logits = model(input_ids=torch.tensor([[int(i) for i in ids.split(",")]])).logits[0]
save_file({"logits": logits.contiguous()}, out)
