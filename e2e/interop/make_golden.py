"""Makes goldens from a clone: what transformers and PEFT compute for tiny random models, kept in e2e/interop/goldens.

  make_golden.py NAME...        a model of MODELS, or a method on one of METHODS
  make_golden.py lora_families  LoRA on the models of FAMILIES, all in one small file
  make_golden.py all            every one
  --out DIR                     another folder (default: goldens beside this script)

Needs torch, transformers, peft and safetensors (pip install torch transformers peft). Everything follows from a seed.
A model's folder has config.json and model.safetensors (BF16), inputs.json, expected.safetensors (logits) and expected.json (loss, a
greedy continuation). A method's folder, methods/NAME, has case.json (base model, batches, loss), init/ as PEFT saves it,
grads.safetensors by the file's keys, expected.safetensors, and losses.json: ten AdamW steps in two variants. All computing is in
float32, and once more in float64, so that the difference shows how much of a number is rounding.

To add a family or a method, add its line below, run the script with its name, and name it in src/testing/golden-families.ts (a model, in
`kept`) or in the list of a golden test (a method, src/train/golden-*.gpu.test.ts); goldenFolder in src/testing/golden.ts finds it.
"""
import argparse
import json
import math
import os
import shutil
import warnings

import peft
import torch
import transformers
from peft import AdaptionPromptConfig, IA3Config, LNTuningConfig, LoraConfig, PrefixTuningConfig, PromptTuningConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
torch.set_num_threads(1)

VOCAB, LENGTH = 40, 12

LLAMA = dict(vocab_size=VOCAB, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
             max_position_embeddings=128, pad_token_id=0, bos_token_id=1, eos_token_id=2, tie_word_embeddings=False)

SMALL = {**LLAMA, "hidden_size": 16, "intermediate_size": 24}

GPT = dict(vocab_size=VOCAB, n_embd=16, n_inner=24, n_layer=2, n_head=2, n_positions=32, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, pad_token_id=0, bos_token_id=1, eos_token_id=2)

FALCON = dict(vocab_size=VOCAB, hidden_size=16, ffn_hidden_size=24, num_hidden_layers=2, num_attention_heads=2, max_position_embeddings=128, pad_token_id=0, bos_token_id=1,
              eos_token_id=2)

# What reads pictures in a larger model.
VISION = dict(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=16, patch_size=4)

# Larger models, of which the language model is compared.
LARGER = ("gemma3", "mistral3", "qwen2_5_vl")

# name: (model_type, settings of its config.json)
MODELS = {
    "tiny_llama": ("llama", LLAMA),
    "tiny_qwen3": ("qwen3", {**LLAMA, "head_dim": 16, "num_attention_heads": 4, "num_key_value_heads": 2, "tie_word_embeddings": True}),
    "tiny_gpt2": ("gpt2", dict(vocab_size=VOCAB, n_embd=32, n_inner=48, n_layer=2, n_head=2, n_positions=128, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
                               pad_token_id=0, bos_token_id=1, eos_token_id=2)),
    "tiny_gpt2_gelu": ("gpt2", dict(vocab_size=VOCAB, n_embd=16, n_inner=24, n_layer=2, n_head=2, n_positions=32, activation_function="gelu", resid_pdrop=0.0, embd_pdrop=0.0,
                                    attn_pdrop=0.0, pad_token_id=0, bos_token_id=1, eos_token_id=2)),
    "tiny_olmo2": ("olmo2", LLAMA),
    "tiny_olmo3": ("olmo3", {**SMALL, "num_hidden_layers": 4, "sliding_window": 4, "rope_parameters": {
        "full_attention": dict(rope_type="yarn", rope_theta=1e4, factor=4.0, original_max_position_embeddings=8, beta_fast=32.0, beta_slow=1.0),
        "sliding_attention": dict(rope_type="default", rope_theta=1e4)}}),
    "tiny_olmo": ("olmo", SMALL),
    "tiny_exaone4": ("exaone4", {**SMALL, "num_hidden_layers": 4, "sliding_window": 4}),
    "tiny_ernie4_5": ("ernie4_5", {**SMALL, "head_dim": 8, "use_bias": True, "tie_word_embeddings": True}),
    "tiny_hunyuan": ("hunyuan_v1_dense", {**SMALL, "head_dim": 8, "rope_parameters": dict(rope_type="dynamic", rope_theta=1e4, alpha=100.0, factor=1.0)}),
    "tiny_seed_oss": ("seed_oss", {**SMALL, "head_dim": 8}),
    "tiny_glm4": ("glm4", {**SMALL, "head_dim": 8}),
    "tiny_cohere": ("cohere", {**SMALL, "logit_scale": 0.5, "tie_word_embeddings": True}),
    "tiny_cohere2": ("cohere2", {**SMALL, "num_hidden_layers": 4, "sliding_window": 4, "logit_scale": 0.5, "tie_word_embeddings": True}),
    "tiny_starcoder2": ("starcoder2", {**SMALL, "sliding_window": 4}),
    "tiny_nemotron": ("nemotron", {**SMALL, "head_dim": 8}),
    "tiny_apertus": ("apertus", {**SMALL, "num_key_value_heads": 1, "rope_parameters": dict(
        rope_type="llama3", rope_theta=1e4, factor=8.0, original_max_position_embeddings=32, low_freq_factor=1.0, high_freq_factor=4.0)}),
    "tiny_arcee": ("arcee", {**SMALL, "head_dim": 8}),
    "tiny_helium": ("helium", {**SMALL, "head_dim": 8}),
    "tiny_ministral3": ("ministral3", {**SMALL, "head_dim": 8, "sliding_window": 6, "rope_parameters": dict(
        rope_type="yarn", rope_theta=1e4, factor=4.0, original_max_position_embeddings=4, beta_fast=32.0, beta_slow=1.0, mscale=1.0, mscale_all_dim=1.0,
        llama_4_scaling_beta=0.5)}),
    "tiny_gptj": ("gptj", {**GPT, "rotary_dim": 4}),
    "tiny_codegen": ("codegen", {**GPT, "n_head": 4, "rotary_dim": 2}),
    "tiny_starcoder": ("gpt_bigcode", GPT),
    "tiny_starcoder_heads": ("gpt_bigcode", {**GPT, "multi_query": False}),
    "tiny_falcon": ("falcon", {**FALCON, "multi_query": True}),
    "tiny_falcon_new": ("falcon", {**FALCON, "num_attention_heads": 4, "num_kv_heads": 2, "new_decoder_architecture": True, "bias": True, "tie_word_embeddings": False}),
    "tiny_falcon_serial": ("falcon", {**FALCON, "multi_query": False, "parallel_attn": False, "bias": True}),
    "tiny_persimmon": ("persimmon", SMALL),
    "tiny_olmoe": ("olmoe", {**SMALL, "num_key_value_heads": 2, "num_experts": 4, "num_experts_per_tok": 2}),
    "tiny_gemma2": ("gemma2", {**SMALL, "num_hidden_layers": 4, "head_dim": 8, "sliding_window": 4, "query_pre_attn_scalar": 8, "attn_logit_softcapping": 2.0,
                               "final_logit_softcapping": 3.0, "tie_word_embeddings": True}),
    "tiny_gemma3_pictures": ("gemma3", dict(vision_config=VISION, text_config={**SMALL, "num_hidden_layers": 6, "head_dim": 8, "sliding_window": 4, "query_pre_attn_scalar": 8,
                                            "tie_word_embeddings": True}, mm_tokens_per_image=4, image_token_index=39, boi_token_index=37, eoi_token_index=38)),
    "tiny_mistral3_pictures": ("mistral3", dict(vision_config={**VISION, "model_type": "pixtral", "head_dim": 8}, text_config={**SMALL, "model_type": "mistral", "head_dim": 8},
                                                image_token_index=39, tie_word_embeddings=False)),
    "tiny_qwen2_5_vl": ("qwen2_5_vl", dict(vision_config=dict(depth=1, hidden_size=16, intermediate_size=16, num_heads=2, out_hidden_size=16, fullatt_block_indexes=[0]),
                                           text_config={**SMALL, "tie_word_embeddings": False, "rope_parameters": dict(rope_type="default", rope_theta=1e4, mrope_section=[1, 1, 2])},
                                           image_token_id=39, video_token_id=38, vision_start_token_id=37, vision_end_token_id=36, tie_word_embeddings=False)),
}

# name: (model, PEFT's configuration), or (model, None) where the whole model is trained
METHODS = {
    "tiny_lora": ("tiny_llama", LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=8, target_modules="all-linear")),
    "tiny_dora": ("tiny_qwen3", LoraConfig(task_type="CAUSAL_LM", r=2, lora_alpha=4, target_modules=["q_proj", "v_proj"], use_dora=True)),
    "tiny_ia3": ("tiny_gpt2", IA3Config(task_type="CAUSAL_LM", target_modules=["c_attn", "mlp.c_proj"], feedforward_modules=["mlp.c_proj"],
                                        fan_in_fan_out=True)),
    "tiny_prompt_tuning": ("tiny_llama", PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=4)),
    "tiny_prefix_tuning": ("tiny_llama", PrefixTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=4)),
    "tiny_adaption_prompt": ("tiny_llama", AdaptionPromptConfig(task_type="CAUSAL_LM", adapter_len=4, adapter_layers=1)),
    "tiny_ln_tuning": ("tiny_gpt2", LNTuningConfig(task_type="CAUSAL_LM")),
    "tiny_full": ("tiny_qwen3", None),
}


def seed_of(name):
    return sum(ord(c) * (i + 1) for i, c in enumerate(name))


def write_json(path, value):
    with open(path, "w") as file:
        json.dump(value, file, indent=1)
        file.write("\n")


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def disturb(parameters):
    """Moves every value by noise of its own size, so that no gate, bias or B is zero and every gradient says something."""
    for p in parameters:
        p.data += torch.randn_like(p) * (0.1 if p.dim() < 2 else 1 / math.sqrt(p.shape[-1]))


def make_batch(seed):
    """Two rows of random ids, the second one shorter and padded on the right; their first ids are not trained on."""
    random = torch.Generator().manual_seed(seed)
    ids = torch.randint(3, VOCAB, (2, LENGTH), generator=random)
    mask = torch.ones_like(ids)
    mask[1, 9:] = 0
    ids[mask == 0] = 0
    labels = torch.where(mask == 1, ids, -100)
    labels[0, :4] = -100
    labels[1, :2] = -100
    return dict(input_ids=ids, attention_mask=mask, labels=labels)


def listed(batch):
    return {key: value.tolist() for key, value in batch.items()}


def auto(model_type):
    return AutoModelForImageTextToText if model_type in LARGER else AutoModelForCausalLM


def base_of(folder, dtype):
    with open(f"{folder}/config.json") as file:
        config = json.load(file)
    # Joined products of experts have no float64.
    experts = {"experts_implementation": "eager"} if "num_experts" in config else {}
    return auto(config["model_type"]).from_pretrained(folder, dtype=dtype, attn_implementation="eager", **experts).eval()


def greedy(model, ids, most=24):
    """Ids continued one by one, until there are `most` or the best two logits nearly tie."""
    ids, smallest = list(ids), math.inf
    while len(ids) < most:
        best, second = model(torch.tensor([ids])).logits[0, -1].topk(2).values.tolist()
        if best - second < 5e-3:
            break
        smallest = min(smallest, best - second)
        ids.append(model(torch.tensor([ids])).logits[0, -1].argmax().item())
    return ids, smallest


def versions():
    return dict(torch=torch.__version__, transformers=transformers.__version__, peft=peft.__version__)


def make_model(name, out):
    model_type, settings = MODELS[name]
    folder = fresh(f"{out}/{name}")
    torch.manual_seed(seed_of(name))
    model = auto(model_type).from_config(AutoConfig.for_model(model_type, **settings))
    disturb(model.parameters())
    model.to(torch.bfloat16).save_pretrained(folder)
    if os.path.exists(f"{folder}/generation_config.json"):
        os.remove(f"{folder}/generation_config.json")
    batch = make_batch(seed_of(name))
    write_json(f"{folder}/inputs.json", listed(batch))
    with torch.no_grad():
        single, double = (base_of(folder, dtype)(**batch) for dtype in (torch.float32, torch.float64))
        prompt = batch["input_ids"][0, :4].tolist()
        output, margin = greedy(base_of(folder, torch.float32), prompt)
    save_file({"logits": single.logits.contiguous()}, f"{folder}/expected.safetensors")
    difference = (single.logits - double.logits)[batch["attention_mask"] == 1].abs().max().item()
    write_json(f"{folder}/expected.json", dict(
        model=name, loss_f32=single.loss.item(), loss_f64=double.loss.item(), logits_max_abs_diff_f32_vs_f64=difference,
        greedy=dict(prompt=prompt, output=output, min_top1_top2_margin=margin), versions=versions()))
    print(f"{name}: loss {single.loss.item():.6f}, float32 and float64 differ by {difference:.1e} in logits; {len(output) - len(prompt)} greedy tokens")


def adapted(base, config, dtype):
    model = base_of(base, dtype)
    if config is None:
        return model
    return get_peft_model(model, config).to(dtype).eval()


def in_order(path):
    """PEFT keeps names in sets, whose order changes from run to run."""
    with open(path) as file:
        config = json.load(file)
    write_json(path, {key: sorted(value) if isinstance(value, list) else value for key, value in config.items()})


def trained_of(model):
    return {name: p for name, p in model.named_parameters() if p.requires_grad}


def file_keys(trained, folder):
    """Parameter → key in the adapter's file, found by the values: they are random, so no two tensors share them."""
    saved = load_file(f"{folder}/adapter_model.safetensors")
    keys = {}
    for name, p in trained.items():
        same = [key for key, value in saved.items() if value.numel() == p.numel() and torch.equal(value.flatten(), p.data.flatten())]
        assert len(same) <= 1, f"{name}: {same} have the same values"
        if same:
            keys[name] = same[0]
    return keys


VARIANTS = {
    "adamw": lambda i: 1,
    "adamw_clip_warmup_cosine": lambda i: i / 3 if i < 3 else 0.5 * (1 + math.cos(math.pi * (i - 3) / 7)),
}


def ten_steps(make, variant, batches):
    """Ten AdamW steps: a in even steps and b in odd ones, weight decay on every tensor; the other variant also clips to norm 1."""
    model = make()
    trained = trained_of(model)
    optimizer = torch.optim.AdamW(trained.values(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
    losses, rates, norms = [], [], []
    for i in range(10):
        optimizer.zero_grad()
        loss = model(**batches[i % 2]).loss
        loss.backward()
        limit = math.inf if variant == "adamw" else 1.0
        norm = torch.nn.utils.clip_grad_norm_(trained.values(), limit)
        optimizer.param_groups[0]["lr"] = 1e-3 * VARIANTS[variant](i)
        optimizer.step()
        losses.append(loss.item())
        rates.append(optimizer.param_groups[0]["lr"])
        norms.append(norm.item())
    with torch.no_grad():
        after = model(**batches[0]).loss.item()
    return dict(losses=losses, lr=rates, grad_norm_before_clip=norms, loss_batch_a_after_training=after)


def make_method(name, out):
    base_name, config = METHODS[name]
    base, folder = f"{out}/{base_name}", fresh(f"{out}/methods/{name}")
    batches = [make_batch(seed_of(name)), make_batch(seed_of(name) + 1)]
    torch.manual_seed(seed_of(name))
    first = adapted(base, config, torch.float32)
    if config is not None:
        disturb(trained_of(first).values())
    start = {key: p.data.clone() for key, p in trained_of(first).items()}

    def make(dtype):
        model = adapted(base, config, dtype)
        for key, p in trained_of(model).items():
            p.data = start[key].to(dtype, copy=True)
        return model

    keys = {}
    if config is not None:
        first.peft_config["default"].base_model_name_or_path = f"../../../{base_name}"
        first.save_pretrained(f"{folder}/init")
        os.remove(f"{folder}/init/README.md")
        in_order(f"{folder}/init/adapter_config.json")
        keys = file_keys(trained_of(first), f"{folder}/init")
        if len(keys) < len(start):
            # PEFT saves the prompt that a network makes. The network's own parameters go by their names in the module.
            keys = {}
            save_file(start, f"{folder}/init/trainable.safetensors")

    gradients, outputs = {}, {}
    for dtype in (torch.float32, torch.float64):
        model = make(dtype)
        outputs[dtype] = model(**batches[0])
        outputs[dtype].loss.backward()
        gradients[dtype] = {keys.get(key, key): p.grad.contiguous() for key, p in trained_of(model).items()}
    single, double = gradients[torch.float32], gradients[torch.float64]
    for key, value in single.items():
        assert value.norm() > 0, f"{name}: the gradient of {key} is zero, so it says nothing"
    noise = max(((value - double[key]).norm() / double[key].norm()).item() for key, value in single.items())
    save_file(single, f"{folder}/grads.safetensors")
    save_file({"logits": outputs[torch.float32].logits.detach().contiguous()}, f"{folder}/expected.safetensors")
    losses = {variant: {} for variant in VARIANTS}
    for variant in VARIANTS:
        for label, dtype in (("f32", torch.float32), ("f64", torch.float64)):
            losses[variant][label] = ten_steps(lambda: make(dtype), variant, batches)
            assert abs(losses[variant][label]["losses"][0] - outputs[dtype].loss.item()) < 1e-6, f"{name}: the steps begin elsewhere"
    write_json(f"{folder}/losses.json", losses)
    write_json(f"{folder}/case.json", dict(
        method=name, base_model=f"../../{base_name}", loss_f32=outputs[torch.float32].loss.item(), loss_f64=outputs[torch.float64].loss.item(),
        grads_max_rel_l2_diff_f32_vs_f64=noise, trainable={key: list(value.shape) for key, value in single.items()},
        batch_a=listed(batches[0]), batch_b=listed(batches[1]), versions=versions()))
    print(f"{name}: loss {outputs[torch.float32].loss.item():.6f}, {len(single)} tensors; float32 and float64 differ by {noise:.1e} in a gradient")


# Models whose families have no other case of a method: LoRA on every linear layer, from values that a formula gives.
FAMILIES = ["tiny_starcoder2", "tiny_olmo", "tiny_exaone4", "tiny_ernie4_5", "tiny_seed_oss", "tiny_hunyuan", "tiny_glm4", "tiny_cohere", "tiny_cohere2", "tiny_nemotron",
            "tiny_arcee", "tiny_helium", "tiny_ministral3", "tiny_gptj", "tiny_codegen", "tiny_starcoder", "tiny_falcon_new", "tiny_persimmon", "tiny_apertus", "tiny_gemma2", "tiny_olmoe"]


# TabTune's `all-linear` leaves experts and routers alone. PEFT's takes them too.
ATTENTION = {"tiny_olmoe": ["q_proj", "k_proj", "v_proj", "o_proj"]}


def by_formula(key, count):
    """Start values of a tensor by its key in PEFT's file. src/train/golden-families.gpu.test.ts computes the same."""
    offset = sum(map(ord, key)) % 1000
    return [0.2 * math.sin(1.7 * i + offset) for i in range(count)]


def make_families(out):
    """methods/lora_families.json: for each model the number of trained tensors and the losses of four AdamW steps on the batch of its inputs.json."""
    cases = {}
    for name in FAMILIES:
        model = get_peft_model(base_of(f"{out}/{name}", torch.float32), LoraConfig(task_type="CAUSAL_LM", r=2, lora_alpha=4, target_modules=ATTENTION.get(name, "all-linear"))).eval()
        trained = {key.replace(".default", ""): p for key, p in trained_of(model).items()}
        for key, p in trained.items():
            p.data = torch.tensor(by_formula(key, p.numel()), dtype=torch.float64).to(torch.float32).view(p.shape)
        with open(f"{out}/{name}/inputs.json") as file:
            batch = {key: torch.tensor(value) for key, value in json.load(file).items()}
        optimizer = torch.optim.AdamW(trained.values(), lr=1e-2, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
        losses = []
        for _ in range(4):
            optimizer.zero_grad()
            loss = model(**batch).loss
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        cases[name] = dict(tensors=len(trained), losses=losses)
        print(f"{name}: {len(trained)} tensors, loss {losses[0]:.6f} to {losses[-1]:.6f}")
    write_json(f"{out}/methods/lora_families.json", dict(cases=cases, versions=versions()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="NAME")
    parser.add_argument("--out", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "goldens"))
    args = parser.parse_args()
    names = [*MODELS, *METHODS, "lora_families"] if args.names == ["all"] else args.names
    for name in names:
        if name not in MODELS and name not in METHODS and name != "lora_families":
            parser.error(f"{name}: expected one of {', '.join([*MODELS, *METHODS])}, lora_families, or all")
    for name in names:
        if name == "lora_families":
            make_families(args.out)
            continue
        (make_model if name in MODELS else make_method)(name, args.out)


main()
