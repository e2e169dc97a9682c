"""LoRA adapters combined by PEFT's add_weighted_adapter: peft_combine.py MODEL_DIR OUT_DIR WEIGHTS ADAPTER_DIR...

One folder a type (cat, linear, svd), as PEFT saves it; a type that PEFT refuses is left out.
"""
import sys
import warnings

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

warnings.filterwarnings("ignore")
model_dir, out_dir, weights, *adapters = sys.argv[1:]
base = AutoModelForCausalLM.from_pretrained(model_dir, dtype=torch.float32)
model = PeftModel.from_pretrained(base, adapters[0], adapter_name="a0")
for i, adapter in enumerate(adapters[1:], 1):
    model.load_adapter(adapter, adapter_name=f"a{i}")
names = [f"a{i}" for i in range(len(adapters))]
for kind in ("cat", "linear", "svd"):
    try:
        model.add_weighted_adapter(names, [float(w) for w in weights.split(",")], kind, combination_type=kind)
    except ValueError as error:
        print(kind, error)
        continue
    model.save_pretrained(out_dir, selected_adapters=[kind], save_embedding_layers=False)
