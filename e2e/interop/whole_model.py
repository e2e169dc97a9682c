"""A whole model's folder as transformers loads it: whole_model.py MODEL_DIR TEXT OUT.safetensors. OUT gets ids and logits."""
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

folder, text, out = sys.argv[1:]
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
ids = AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt").input_ids
with torch.no_grad():
    logits = model(input_ids=ids).logits[0]
save_file({"ids": ids[0].int(), "logits": logits.contiguous()}, out)
