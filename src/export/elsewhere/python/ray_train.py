"""Continues the same run on a Ray cluster. A worker that is lost is replaced, and the run continues from the last checkpoint.

    python ray_train.py --out /shared/result --workers 2
"""
import argparse
import sys
import tempfile
from pathlib import Path

import ray
import ray.train
from ray.train import Checkpoint, FailureConfig, RunConfig, ScalingConfig
from ray.train.torch import TorchTrainer

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE.parent / "accelerate"


def worker(given):
    """The training function of each worker: that of the Accelerate script."""
    sys.path.insert(0, given["scripts"])
    import torch
    from home import save_adapter
    from train import Run, Trainer, accelerator_for

    trainer = Trainer(Run(given["run"], given["base"]), accelerator_for(given["cpu"]), given["rows"], getattr(torch, given["dtype"]))
    checkpoint = ray.train.get_checkpoint()
    if checkpoint:
        with checkpoint.as_directory() as folder:
            trainer.load_checkpoint(folder)

    def on_step(trainer):
        if trainer.step % given["save_every"] and trainer.step < trainer.run.steps:
            return
        with tempfile.TemporaryDirectory() as folder:
            wrote = trainer.save_checkpoint(folder)
            ray.train.report(trainer.metrics[-1], checkpoint=Checkpoint.from_directory(folder) if wrote else None)

    trainer.train(on_step)
    save_adapter(trainer, given["out"])


def main():
    options = argparse.ArgumentParser(description="Continues a run of TabTune on a Ray cluster.")
    options.add_argument("--run", default=str(HERE.parent), help="the exported folder, at the same path on every node")
    options.add_argument("--base", help="the folder of the base model, if it is elsewhere")
    options.add_argument("--out", required=True, help="the folder for the adapter and the checkpoints, which every node reaches")
    options.add_argument("--workers", type=int, default=1, help="one for each GPU")
    options.add_argument("--cpu", action="store_true", help="workers without GPUs")
    options.add_argument("--address", help="of the cluster; absent = this machine, or the cluster that the script is submitted to")
    options.add_argument("--rows", type=int, help="rows at once in each worker; the run's batch size if absent. The result is the same")
    options.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"], help="of weights that are not trained")
    options.add_argument("--save-every", type=int, default=50, help="steps between checkpoints")
    options.add_argument("--failures", type=int, default=3, help="how often lost workers are replaced; -1 = always")
    given = options.parse_args()

    out = Path(given.out).resolve()
    ray.init(address=given.address)
    result = TorchTrainer(
        worker,
        train_loop_config={
            "scripts": str(SCRIPTS),
            "run": str(Path(given.run).resolve()),
            "base": given.base and str(Path(given.base).resolve()),
            "out": str(out),
            "cpu": given.cpu,
            "rows": given.rows,
            "dtype": given.dtype,
            "save_every": given.save_every,
        },
        scaling_config=ScalingConfig(num_workers=given.workers, use_gpu=not given.cpu),
        run_config=RunConfig(name="run", storage_path=str(out / "ray"), failure_config=FailureConfig(max_failures=given.failures)),
    ).fit()
    print(result.metrics)


if __name__ == "__main__":
    main()
