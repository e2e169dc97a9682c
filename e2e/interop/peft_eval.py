"""Loss of rows of token ids and labels under a PEFT adapter over a GGUF model, as transformers and PEFT compute it:

    python e2e/interop/peft_eval.py MODEL.gguf ADAPTER ROWS.jsonl

Needs transformers with gguf, and PEFT. Prints one line of JSON: the mean over all tokens with a label, and the perplexity.
Fails where a tensor of the adapter's file is not used, or one that PEFT needs is missing.
"""
import json
import math
import os
import sys

import torch
from peft import PeftModel, get_peft_model_state_dict
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

model, adapter, rows = sys.argv[1:]
base = AutoModelForCausalLM.from_pretrained(os.path.dirname(model), gguf_file=os.path.basename(model), dtype=torch.float32)
peft = PeftModel.from_pretrained(base, adapter).eval()
file = load_file(os.path.join(adapter, "adapter_model.safetensors"))
used = get_peft_model_state_dict(peft, save_embedding_layers=False)
if set(file) != set(used):
    sys.exit(f"tensors differ: only in the file {sorted(set(file) - set(used))}, only in PEFT {sorted(set(used) - set(file))}")
loss, tokens = 0.0, 0
with torch.no_grad(), open(rows, encoding="utf-8") as lines:
    for line in lines:
        row = json.loads(line)
        ids, labels = torch.tensor([row["input_ids"]]), torch.tensor(row["labels"])
        logits = peft(input_ids=ids).logits[0, :-1].double()
        loss += torch.nn.functional.cross_entropy(logits, labels[1:], ignore_index=-100, reduction="sum").item()
        tokens += int((labels[1:] != -100).sum())
print(json.dumps({"loss": loss / tokens, "perplexity": math.exp(loss / tokens), "tokens": tokens}))
