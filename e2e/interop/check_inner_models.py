"""Language models inside models for pictures, against transformers and PEFT: logits of the whole model, LoRA on it, and the merged folder.

python e2e/interop/check_inner_models.py
"""

import json
import subprocess
import tempfile
from pathlib import Path

import peft
import torch
import transformers as T
from safetensors.torch import load_file

root = Path(__file__).resolve().parents[2]
SIZES = {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 96}
TEXT = {**SIZES, "head_dim": 4}
VISION = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "patch_size": 4, "image_size": 16}
IDS = [5, 77, 90, 4, 31, 22, 8]
ROPE = {"rope_type": "default", "mrope_section": [2, 1, 1], "rope_theta": 1e6}


def mistral3(**text):
    return T.Mistral3Config(text_config={**TEXT, **text}, vision_config={"model_type": "pixtral", **VISION})


QWEN_TEXT = {**SIZES, "hidden_size": 32, "rope_parameters": ROPE}
CASES = {
    "gemma3": (
        T.Gemma3ForConditionalGeneration,
        T.Gemma3Config(text_config=TEXT, vision_config={"model_type": "siglip_vision_model", **VISION}),
    ),
    "mistral3": (T.Mistral3ForConditionalGeneration, mistral3(model_type="mistral", sliding_window=None)),
    "mistral3_ministral3": (T.Mistral3ForConditionalGeneration, mistral3(model_type="ministral3")),
    "qwen2_vl": (
        T.Qwen2VLForConditionalGeneration,
        T.Qwen2VLConfig(
            text_config=QWEN_TEXT, vision_config={"depth": 1, "embed_dim": 16, "hidden_size": 32, "num_heads": 2, "patch_size": 4}
        ),
    ),
    "qwen3_vl": (
        T.Qwen3VLForConditionalGeneration,
        T.Qwen3VLConfig(
            text_config={**TEXT, "head_dim": 8, "rope_parameters": ROPE},
            vision_config={
                **{"depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "patch_size": 4},
                **{"out_hidden_size": 16, "num_position_embeddings": 16, "deepstack_visual_indexes": [0]},
            },
        ),
    ),
}


def tabtune(*args):
    subprocess.run(["npm", "run", "-s", "tabtune", "--", *map(str, args)], cwd=root, check=True, stdout=subprocess.DEVNULL)


def logits(model):
    with torch.no_grad():
        return model(input_ids=torch.tensor([IDS])).logits[0]


def furthest(a, b):
    return (a - b).abs().max().item()


def check(name, kind, config, out):
    torch.manual_seed(0)
    whole = kind(config).float().eval()
    for key, tensor in whole.named_parameters():
        torch.nn.init.normal_(tensor, 1.0 if "norm" in key else 0.0, 0.2)
    model, adapter, merged = out / name, out / f"{name}-lora", out / f"{name}-merged"
    whole.save_pretrained(model)
    rows = out / "rows.jsonl"
    rows.write_text("".join(json.dumps({"input_ids": [first, *IDS]}) + "\n" for first in (1, 2)))
    tabtune("logits", "--model", model, "--ids", ",".join(map(str, IDS)), "--out", out / "logits.safetensors")
    ours = next(iter(load_file(out / "logits.safetensors").values()))
    train = ["--method", "lora", "--steps", 3, "--batch", 2, "--length", 32, "--hold-out", 0, "--lr", 0.01]
    tabtune("train", "--model", model, "--data", rows, *train, "--out", adapter)
    tabtune("merge", "--model", model, "--adapter", adapter, "--out", merged, "--dtype", "f32")
    of_merged = T.AutoModelForCausalLM.from_pretrained(merged, dtype=torch.float32).eval()
    base = type(of_merged)(of_merged.config).eval()
    base.load_state_dict(
        {k.replace("model.language_model.", "model."): v for k, v in whole.state_dict().items() if k.startswith(("model.language_model.", "lm_head."))}
    )
    untrained = logits(base)
    trained = logits(peft.PeftModel.from_pretrained(base, adapter).eval())
    differences = [furthest(ours.reshape(untrained.shape), logits(whole)), furthest(untrained, logits(whole)), furthest(trained, logits(of_merged))]
    print(name, type(of_merged).__name__, *(f"{d:.1e}" for d in differences), "moved", f"{furthest(trained, untrained):.1e}", flush=True)
    assert max(differences) < 2e-5 and furthest(trained, untrained) > 1e-3, name


with tempfile.TemporaryDirectory() as folder:
    for name, case in CASES.items():
        check(name, *case, Path(folder))
