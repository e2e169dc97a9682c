"""Gives configurations of exported runs to the parsers of LLaMA-Factory and axolotl.

python e2e/interop/parse_trainers.py llamafactory [FILE.yaml …]   (in an environment with llamafactory 0.9.5 and what its hparams import)
python e2e/interop/parse_trainers.py axolotl [FILE.yaml …]        (the same for axolotl 0.19.0 and its utils/schemas)

Without files it takes those that src/export/elsewhere/trainer-engines.test.ts keeps in goldens/trainers. It prints a line for each, and what
the parser says. docs/beyond-one-machine.md says how the environments were made.
"""

import logging
import os
import sys
from pathlib import Path

os.environ.setdefault("LLAMAFACTORY_VERBOSITY", "ERROR")
os.environ.setdefault("AXOLOTL_DO_NOT_TRACK", "1")
logging.disable(logging.INFO)


def llamafactory(file):
    from llamafactory.hparams import get_train_args
    from omegaconf import OmegaConf

    # As llamafactory-cli reads it, with the arguments for a CPU. `report_to` and others are transformers' own.
    given = OmegaConf.to_container(OmegaConf.merge(OmegaConf.load(file), OmegaConf.create({"use_cpu": True, "bf16": False})))
    model, data, training, finetuning, _ = get_train_args(given)
    read = {**vars(training), **vars(finetuning), **vars(data), **vars(model)}
    return given, read


def axolotl(file):
    import yaml
    from axolotl.utils.schemas.config import AxolotlConfigWCapabilities

    given = yaml.safe_load(Path(file).read_text())
    # A GPU of the kind that axolotl is for.
    gpu = {"bf16": True, "fp8": False, "tf32": True, "n_gpu": 1, "n_node": 1, "compute_capability": "sm_80"}
    unknown = set(given) - set(AxolotlConfigWCapabilities.model_fields)
    if unknown:
        raise ValueError(f"keys that it does not know: {sorted(unknown)}")
    parsed = AxolotlConfigWCapabilities(**given, capabilities=gpu, env_capabilities={"torch_version": "2.13.0"})
    return given, parsed.model_dump()


def main():
    name, *files = sys.argv[1:]
    if not files:
        files = sorted(str(f) for f in (Path(__file__).parent / "goldens" / "trainers").glob(f"*.{name}.yaml"))
    failed = 0
    for file in files:
        try:
            given, read = {"llamafactory": llamafactory, "axolotl": axolotl}[name](file)
            differ = [key for key, value in given.items() if isinstance(value, (int, float)) and read.get(key) != value]
            print(f"{Path(file).name}: parsed, {len(given)} keys{f', other values: {differ}' if differ else ''}")
        except Exception as error:
            failed += 1
            print(f"{Path(file).name}: {type(error).__name__}: {error}")
    raise SystemExit(f"{failed} of {len(files)} were refused" if failed else 0)


if __name__ == "__main__":
    main()
