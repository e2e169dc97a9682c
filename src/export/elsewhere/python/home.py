"""The way home: an adapter's folder as PEFT and TabTune read it, with the curve of the run."""
import json
import os
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

WEIGHTS = ("adapter_model.safetensors", "model.safetensors")
# What is trained, where the weights file holds only what is computed from it.
TRAINED = "trainable.safetensors"
DTYPES = {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}


def save_adapter(trainer, out):
    """Writes the folder on the main process. All processes call it, since sharded tensors are put together."""
    run, values, out = trainer.run, trainer.values(), Path(out)
    prompt = None
    if any(name.startswith("prompt_encoder.") for name in values):
        model = trainer.accelerator.unwrap_model(trainer.model)
        prompt = model.get_prompt_embedding_to_save("default").detach().cpu().float()
    if not trainer.accelerator.is_main_process:
        return
    out.mkdir(parents=True, exist_ok=True)
    for file in (run.folder / "start").iterdir():
        if file.name not in (*WEIGHTS, TRAINED):
            shutil.copy(file, out / file.name)
    dtype = DTYPES[run.settings["methodSettings"].get("saveAs", "f32")]
    values = {name: value.to(dtype).contiguous() for name, value in values.items()}
    if prompt is not None:
        save_file(values, out / TRAINED)
        values = {"prompt_embeddings": prompt.contiguous()}
    weights = out / run.settings["weightsFile"]
    save_file(values, weights, metadata={"format": "pt"})
    summary = run_json(trainer, os.path.getsize(weights))
    own = json.loads((out / "tabtune.json").read_text(encoding="utf-8"))
    if "finalEval" in summary:
        measured = {key: value for key, value in summary["finalEval"].items() if key != "step"}
        own["evaluation"] = {"data": run.settings["evaluationName"], "rows": len(run.held_out), **measured}
    for name, value in (("tabtune.json", own), ("run.json", summary)):
        (out / name).write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in trainer.metrics))


def figures_of(run, steps):
    """Figures of the whole run, such as the best loss: settings.json says which, and of which metric. A metric that no step has is left out."""
    figures = {}
    for figure in run.settings["figures"]:
        values = [step[figure["metric"]] for step in steps if figure["metric"] in step]
        if not values:
            continue
        best = max if figure.get("better") == "higher" else min
        figures[figure["key"]] = {"last": values[-1], "mean": sum(values) / len(values), "best": best(values)}[figure["take"]]
    return figures


def run_json(trainer, adapter_bytes):
    """run.json, as TabTune writes it."""
    run, evaluations, found = trainer.run, trainer.evaluations, {}
    if evaluations:
        best = min(evaluations, key=lambda m: m["evalLoss"])
        kept = (trainer.best_trained() if run.training["patience"] else None) or evaluations[-1]
        found = {"firstEval": evaluations[0], "finalEval": kept, "bestEval": best}
        if kept["step"] != trainer.step:
            found["restoredStep"] = kept["step"]
    return {
        **run.settings["summary"],
        "status": "finished" if trainer.step == run.steps or trainer.stops_early() else "stopped",
        **figures_of(run, [m for m in trainer.metrics if "loss" in m]),
        **found,
        "elapsedMs": trainer.elapsed,
        "adapterBytes": adapter_bytes,
        "peakGpuBytes": torch.cuda.max_memory_allocated() if torch.cuda.is_available() else 0,
    }
