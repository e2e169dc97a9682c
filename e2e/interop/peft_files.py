"""Adapters as PEFT saves them with patterns, layers and tables, and its logits after loading them: peft_files.py ORACLE_DIR OUT_DIR

One folder a case: init/ as saved, case.json with base and ids, expected.safetensors with the logits of PeftModel.from_pretrained.
"""
import json
import os
import sys
import warnings

import torch
from peft import IA3Config, LNTuningConfig, LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

warnings.filterwarnings("ignore")
oracle, out_dir = sys.argv[1:]
lora = lambda **settings: LoraConfig(**{"r": 2, "lora_alpha": 6, "task_type": "CAUSAL_LM", **settings})
# base, configuration, tables that are changed before they are saved
cases = {
    "patterns": ("llama", lora(
        target_modules=r"^(?!.*layers\.1\..*o_proj).*\.(?:q_proj|v_proj|o_proj|down_proj)$",
        rank_pattern={r".*layers\.0\..*(q|v)_proj": 5, "down_proj": 3, r"model\.layers\.\d\.self_attn\..*": 4},
        alpha_pattern={r"layers.1.mlp.\w+": 1, "^v_proj": 99, r".*\.[qv]_proj": 10},
        use_rslora=True), 1),
    "patterns_gpt2": ("gpt2", lora(
        target_modules=r"transformer\.h\.\d+\.(attn|mlp)\.c_(?:attn|proj)", fan_in_fan_out=True, alpha_pattern={r"h\.1\..*c_proj": 30}), 1),
    "layers": ("llama", lora(target_modules=["q_proj", "gate_proj"], layers_to_transform=[1], layers_pattern="layers"), 1),
    "excluded": ("llama", lora(target_modules="all-linear", exclude_modules=r".*layers\.0\.mlp\..*"), 1),
    "other_lists": ("llama_tied", lora(target_modules=["k_proj", "c_attn", "Wqkv"], exclude_modules=["wte"]), 1),
    "copies": ("llama", lora(target_modules=["q_proj"]), 1),
    "changed_tables": ("llama", lora(target_modules=["q_proj"]), 1.25),
    "changed_tied_table": ("llama_tied", lora(target_modules=["q_proj"]), 0.75),
    "table_under_update": ("llama", lora(target_modules=["q_proj", "embed_tokens", "lm_head"]), 1),
    "trained_tied_table": ("llama_tied", lora(target_modules=["q_proj"], modules_to_save=["embed_tokens"]), 1),
    "trained_tables": ("llama", lora(target_modules=["q_proj"], modules_to_save=["embed_tokens", "lm_head"]), 1),
    "dora": ("llama", lora(target_modules=r".*\.(v_proj|up_proj)", use_dora=True, rank_pattern={r".*\.1\..*": 3}), 1),
    "ia3": ("llama", IA3Config(
        task_type="CAUSAL_LM", target_modules=r".*(k_proj|down_proj|up_proj)", feedforward_modules=["down_proj"], exclude_modules=r".*\.0\.mlp\.up_proj"), 1),
    "ln_tuning": ("qwen2", LNTuningConfig(task_type="CAUSAL_LM"), 1),
    "ln_tuning_gpt2": ("gpt2", LNTuningConfig(task_type="CAUSAL_LM", exclude_modules=["h.1.ln_2"]), 1),
    "ln_tuning_gemma3": ("gemma3", LNTuningConfig(task_type="CAUSAL_LM", target_modules=r".*(layernorm|q_norm|\.norm)"), 1),
    "ln_tuning_and_head": ("llama", LNTuningConfig(task_type="CAUSAL_LM", modules_to_save=["embed_tokens", "lm_head"]), 1),
    "ln_tuning_tied_table": ("llama_tied", LNTuningConfig(task_type="CAUSAL_LM", modules_to_save=["lm_head"]), 1),
}
ids = [5, 17, 99, 3, 64, 23, 110, 8, 41]
for name, (base, config, factor) in cases.items():
    folder = f"{out_dir}/{name}"
    os.makedirs(f"{folder}/init")
    load = lambda: AutoModelForCausalLM.from_pretrained(f"{oracle}/{base}", dtype=torch.float32, attn_implementation="eager")
    torch.manual_seed(3)
    peft = get_peft_model(load(), config).eval()
    for n, p in peft.named_parameters():
        if p.requires_grad:
            p.data = p.data + 0.2 * torch.randn_like(p)
    if factor != 1:
        peft.get_input_embeddings().weight.data *= factor
    peft.save_pretrained(f"{folder}/init", save_embedding_layers="table" in name or name == "copies")
    with torch.no_grad():
        logits = PeftModel.from_pretrained(load(), f"{folder}/init").eval()(input_ids=torch.tensor([ids])).logits[0]
        assert torch.equal(logits, peft(input_ids=torch.tensor([ids])).logits[0]), name
    save_file({"logits": logits.contiguous()}, f"{folder}/expected.safetensors")
    with open(f"{folder}/case.json", "w") as file:
        json.dump({"base_model": base, "ids": ids}, file)
