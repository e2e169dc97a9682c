"""A PEFT adapter that brings its own tokens, as its users load it: peft_tokens.py MODEL_DIR ADAPTER_DIR TEXT OUT.safetensors

The tokenizer comes from the adapter's folder, and the base grows to it; OUT gets ids and logits.
Fails where the file's tensors are not all used, or one that PEFT needs is missing.
"""
import sys

import torch
from peft import PeftModel, get_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

model_dir, adapter_dir, text, out = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(adapter_dir)
base = AutoModelForCausalLM.from_pretrained(model_dir, dtype=torch.float32, attn_implementation="eager")
if len(tokenizer) > base.config.vocab_size:
    base.resize_token_embeddings(len(tokenizer))
model = PeftModel.from_pretrained(base, adapter_dir).eval()
file = load_file(f"{adapter_dir}/adapter_model.safetensors")
used = get_peft_model_state_dict(model, save_embedding_layers=any("base_layer" in key for key in file))
# PEFT saves a tied table twice. One of the two is enough, since it is loaded into both.
twins = {key for key in used if base.config.tie_word_embeddings and key.endswith("base_layer.weight")}
if set(file) | twins != set(used):
    sys.exit(f"tensors differ: only in the file {sorted(set(file) - set(used))}, only in PEFT {sorted(set(used) - set(file))}")
ids = tokenizer(text, return_tensors="pt").input_ids
with torch.no_grad():
    logits = model(input_ids=ids).logits[0]
save_file({"ids": ids[0].int(), "logits": logits.contiguous()}, out)
