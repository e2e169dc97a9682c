"""Loss, gradients and logits by PEFT for what ../shared/oracle holds no case of: peft_goldens.py ORACLE_DIR OUT_DIR

LoRA on the head, rows of single tokens (trainable_token_indices), tokens behind the vocabulary, LoRA over tables that grow; tied and not.
One folder a case: init/ as PEFT saves it, case.json, grads.safetensors by the file's keys, expected.safetensors. In float64, from float32 weights.
"""
import json
import os
import sys
import warnings

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

warnings.filterwarnings("ignore")
oracle, out_dir = sys.argv[1:]
both = [128, 129, 130]
cases = {
    "head_lora": ("llama", 128, dict(target_modules=["q_proj", "lm_head"])),
    "head_embed_lora": ("llama", 128, dict(target_modules=["q_proj", "lm_head", "embed_tokens"], use_rslora=True)),
    "tied_head_lora": ("llama_tied", 128, dict(target_modules=["v_proj", "lm_head"])),
    "tied_head_embed_lora": ("llama_tied", 128, dict(target_modules=["lm_head", "embed_tokens"])),
    "head_dora": ("llama", 128, dict(target_modules=["q_proj", "lm_head"], use_dora=True)),
    "gemma2_head_lora": ("gemma2", 128, dict(target_modules=["q_proj", "lm_head"])),
    "gpt2_head_lora": ("gpt2", 128, dict(target_modules=["c_attn", "lm_head", "wte"])),
    "tokens_list": ("llama", 128, dict(trainable_token_indices=[47, 3, 14])),
    "tokens_dict": ("llama", 128, dict(trainable_token_indices={"embed_tokens": [68, 5], "lm_head": [5, 81, 3]})),
    "tokens_head": ("llama", 128, dict(trainable_token_indices={"lm_head": [5]})),
    "tokens_tied": ("llama_tied", 128, dict(trainable_token_indices=[47, 3, 14])),
    "tokens_tied_apart": ("llama_tied", 128, dict(trainable_token_indices={"embed_tokens": [5], "lm_head": [5, 77]})),
    "tokens_new": ("llama", 131, dict(trainable_token_indices={"embed_tokens": both, "lm_head": both})),
    "tokens_new_tied": ("llama_tied", 131, dict(trainable_token_indices=[14, *both])),
    "tokens_new_gemma2": ("gemma2", 131, dict(trainable_token_indices=both)),
    "tokens_new_gemma3": ("gemma3", 131, dict(trainable_token_indices=both)),
    "tokens_new_gpt2": ("gpt2", 131, dict(trainable_token_indices=[128, 130, 129])),
    "grown_both": ("llama", 131, dict(target_modules=["q_proj", "embed_tokens", "lm_head"])),
    "grown_embed": ("llama", 131, dict(target_modules=["embed_tokens"], trainable_token_indices={"lm_head": both})),
    "grown_tied": ("llama_tied", 131, dict(target_modules=["embed_tokens", "lm_head"], use_rslora=True)),
    "grown_tied_head": ("gemma2", 131, dict(target_modules=["q_proj", "lm_head"])),
    "grown_gpt2": ("gpt2", 131, dict(target_modules=["c_attn", "wte"])),
    "tokens_dora": ("llama", 131, dict(use_dora=True, trainable_token_indices={"embed_tokens": both, "lm_head": both})),
}


def batch(vocab):
    """The oracle's own batch, with new ids in some places as inputs and targets."""
    with open(f"{oracle}/methods/ia3/case.json") as file:
        given = json.load(file)["batch_a"]
    ids, labels = torch.tensor(given["input_ids"]), torch.tensor(given["labels"])
    if vocab > 128:
        for row, at, token in ((0, 3, 128), (0, 7, 129), (1, 2, 130), (1, 5, 128), (0, 9, 130)):
            ids[row, at] = token
            labels[row, at] = token
    return ids, torch.tensor(given["attention_mask"]), labels


for name, (base, vocab, settings) in cases.items():
    folder = f"{out_dir}/{name}"
    os.makedirs(f"{folder}/init")
    model = AutoModelForCausalLM.from_pretrained(f"{oracle}/{base}", dtype=torch.float64, attn_implementation="eager")
    if vocab > model.config.vocab_size:
        model.resize_token_embeddings(vocab, mean_resizing=False)
    torch.manual_seed(1)
    settings = {"target_modules": ["c_attn" if base == "gpt2" else "q_proj"], "fan_in_fan_out": base == "gpt2", **settings}
    peft = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, task_type="CAUSAL_LM", **settings)).eval()
    trained = {n: p for n, p in peft.named_parameters() if p.requires_grad}
    for p in trained.values():
        p.data = (p.data + 0.1 * torch.randn_like(p)).float().double()
    peft.save_pretrained(f"{folder}/init", save_embedding_layers=name.startswith("grown") or "auto")
    file = f"{folder}/init/adapter_model.safetensors"
    saved = {k: v.float().contiguous() for k, v in load_file(file).items()}
    save_file(saved, file)
    ids, mask, labels = batch(vocab)
    out = peft(input_ids=ids, attention_mask=mask, labels=labels)
    out.loss.backward()
    key_of = lambda n: n.replace(".default", "").replace("lora_magnitude_vector.weight", "lora_magnitude_vector")
    grads = {key_of(n): p.grad.float().contiguous() for n, p in trained.items()}
    assert set(grads) <= set(saved), (name, set(grads) - set(saved))
    save_file(grads, f"{folder}/grads.safetensors")
    save_file({"logits": out.logits.detach().float().contiguous()}, f"{folder}/expected.safetensors")
    inputs = dict(input_ids=ids.tolist(), attention_mask=mask.tolist(), labels=labels.tolist())
    with open(f"{folder}/case.json", "w") as file:
        json.dump(dict(base_model=base, loss=out.loss.item(), batch=inputs), file)
