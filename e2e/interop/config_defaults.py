"""Writes goldens/config_defaults.json: what transformers' configuration classes take for settings that config.json lacks.

python e2e/interop/config_defaults.py
"""

import json
import re
from pathlib import Path

import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

root = Path(__file__).resolve().parents[2]
# Sizes that every class takes under one name or the other. The head's size is the class's own, or 128.
SIZES = {"num_hidden_layers": 4, "num_attention_heads": 8, "num_key_value_heads": 8, "hidden_size": 1024, "intermediate_size": 64, "ffn_dim": 64, "vocab_size": 96}
EPSILONS = ("rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon", "norm_eps", "norm_epsilon")


def model_types():
    for file in sorted((root / "src/formats/families").glob("*.ts")):
        for found in re.findall(r"modelTypes: \[([^\]]*)\]", file.read_text()):
            yield from re.findall(r"'(\w+)'", found)


def defaults(model_type):
    config = CONFIG_MAPPING[model_type](**SIZES)
    config = getattr(config, "text_config", config)
    heads = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    ropes = getattr(config, "rope_parameters", None) or {}
    rope = ropes.get("full_attention", ropes)
    rotary = getattr(config, "rotary_dim", None) or int(heads * rope.get("partial_rotary_factor", 1))
    found = [getattr(config, key) for key in EPSILONS if getattr(config, key, None) is not None]
    return {
        "headDim": heads,
        "context": config.max_position_embeddings,
        "ropeTheta": rope.get("rope_theta", 10_000.0),
        "ropeDim": rotary,
        **({"normEpsilon": found[0]} if found else {}),
    }


known = [name for name in dict.fromkeys(model_types()) if name in CONFIG_MAPPING and name != "vit"]
out = {"transformers": transformers.__version__, "sizes": SIZES, "models": {name: defaults(name) for name in known}}
(root / "e2e/interop/goldens/config_defaults.json").write_text(json.dumps(out, indent=1) + "\n")
print(len(known), "classes")
