"""Continues a run of TabTune with Hugging Face Accelerate and PEFT: the same rows in the same order, the same loss, schedule and AdamW.

    accelerate launch --config_file configs/one.yaml train.py --out result

It reads the folder above its own: settings.json, data/, start/ and, where it is there, base/. It writes an adapter's folder with
metrics.jsonl and run.json, which TabTune opens again.
"""
import argparse
import contextlib
import json
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from accelerate.utils import DistributedType
from peft import PeftConfig, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from home import TRAINED, WEIGHTS, save_adapter

HERE = Path(__file__).resolve().parent


def read_lines(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


class Run:
    """The exported folder."""

    def __init__(self, folder, base=None):
        self.folder = Path(folder)
        self.settings = json.loads((self.folder / "settings.json").read_text(encoding="utf-8"))
        self.training = self.settings["training"]
        self.base = Path(base) if base else self.own_base()
        self.rows = read_lines(self.folder / "data/train.jsonl")
        self.held_out = read_lines(self.folder / "data/eval.jsonl")
        # For each optimizer step, the rows that it takes.
        self.order = read_lines(self.folder / "data/order.jsonl")
        self.steps = len(self.order)

    def own_base(self):
        inside = self.folder / "base"
        path = inside if inside.is_dir() else Path(self.settings["base"])
        if not path.is_dir():
            raise SystemExit(f"base: expected the folder of {self.settings['model']['name']}, got {path}, which is not there. Name it with --base.")
        return path

    def start(self, name):
        """Tensors of a file in start/, which has the values before the first step."""
        path = self.folder / "start" / name
        return load_file(path) if path.exists() else {}

    def learning_rate(self, index):
        """That of step `index`, from 0."""
        t = self.training
        if index < t["warmup"]:
            return t["learningRate"] * index / t["warmup"]
        done = (index - t["warmup"]) / max(1, self.steps - t["warmup"])
        if t["schedule"] == "linear":
            return t["learningRate"] * max(0.0, 1 - done)
        if t["schedule"] == "cosine":
            return t["learningRate"] * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
        return t["learningRate"]


def supervised(row):
    return sum(label != -100 for label in row["labels"])


def file_name(name):
    """The name of a trained parameter in the adapter's file: without the name that PEFT gives an adapter."""
    for part in (".modules_to_save.default", ".default"):
        name = name.replace(part, "")
    return name.removesuffix(".weight") if "lora_magnitude_vector" in name else name


def trained_parameters(run, model):
    """The trained parameters by their names in the adapter's file, in the order of settings.json."""
    wanted = [tensor["name"] for tensor in run.settings["trained"]]
    if run.settings["trainsBase"]:
        named = dict(model.named_parameters(remove_duplicate=False))
        for name, parameter in named.items():
            parameter.requires_grad_(False)
        for name in wanted:
            if name in named:
                named[name].requires_grad_(True)
    else:
        named = {}
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                own = name if name in wanted else "prompt_embeddings" if name.startswith("prompt_encoder.") else file_name(name)
                named[own] = parameter
    # A tied table has two names in the model and one in the file.
    same = {id(named[name]) for name in wanted if name in named}
    found = {name for name, parameter in named.items() if parameter.requires_grad and (name in wanted or id(parameter) not in same)}
    if found != set(wanted):
        raise SystemExit(
            f"trained tensors: expected those of settings.json, got others. Missing: {sorted(set(wanted) - found)[:3]}. "
            f"Too many: {sorted(found - set(wanted))[:3]}. Use the versions in requirements.txt and the base of the run."
        )
    return {name: named[name] for name in wanted}


def load_model(run, dtype):
    """The base with the run's method and its starting values."""
    model = AutoModelForCausalLM.from_pretrained(run.base, dtype=torch.float32 if run.settings["trainsBase"] else dtype)
    model.config.use_cache = False
    if run.training["checkpointing"]:
        model.gradient_checkpointing_enable({"use_reentrant": False})
        model.enable_input_require_grads()
    if not run.settings["trainsBase"]:
        config = PeftConfig.from_pretrained(run.folder / "start")
        config.inference_mode = False
        model = get_peft_model(model, config)
    parameters = trained_parameters(run, model)
    start = {name: value for file in (*WEIGHTS, TRAINED) for name, value in run.start(file).items()}
    with torch.no_grad():
        for name, parameter in parameters.items():
            if start:
                parameter.data = start[name].reshape(parameter.shape).to(torch.float32)
    return model, parameters


def make_optimizer(run, parameters):
    """AdamW. Weight decay and the factor of the learning rate (LoRA+) are those of each tensor."""
    t = run.training
    groups = {}
    for tensor in run.settings["trained"]:
        groups.setdefault((tensor["rate"], tensor["decay"]), []).append(parameters[tensor["name"]])
    return torch.optim.AdamW(
        [
            {"params": params, "rate": rate, "weight_decay": t["weightDecay"] if decay else 0.0}
            for (rate, decay), params in groups.items()
        ],
        lr=t["learningRate"],
        betas=(t["beta1"], t["beta2"]),
        eps=t["epsilon"],
    )


def collate(rows, device, filler):
    """Rows as tensors [B, T], padded on the right. Without rows: a row that trains nothing, so that all processes compute as often."""
    rows = rows or [{**filler, "labels": [-100] * len(filler["labels"])}]
    length = max(len(row["input_ids"]) for row in rows)
    padded = lambda key, value: torch.tensor([row[key] + [value] * (length - len(row[key])) for row in rows], device=device)
    return {"ids": padded("input_ids", 0), "mask": padded("attention_mask", 0), "labels": padded("labels", -100)}


def summed_loss(model, batch):
    """The sum of the losses of all supervised tokens."""
    logits = model(input_ids=batch["ids"], attention_mask=batch["mask"]).logits.float()
    labels = batch["labels"]
    virtual = logits.shape[1] - labels.shape[1]
    if virtual:
        logits = logits[:, virtual - 1 : -1]
    else:
        logits, labels = logits[:, :-1], labels[:, 1:]
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100, reduction="sum")


def whole(tensor):
    """The tensor of all processes, where FSDP 2 has cut it."""
    return tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor


class Trainer:
    def __init__(self, run, accelerator, rows_at_once, dtype):
        self.run, self.accelerator = run, accelerator
        self.rows_at_once = rows_at_once or run.training["batchSize"]
        # Layers that are not in the file, such as dropout's masks, follow the seed of each step.
        torch.manual_seed(run.training["seed"])
        model, parameters = load_model(run, dtype)
        names = {parameter: name for name, parameter in parameters.items()}
        places = {name: names[p] for name, p in model.named_parameters() if p in names}
        optimizer = make_optimizer(run, parameters)
        if accelerator.distributed_type == DistributedType.DEEPSPEED:
            if run.training["patience"]:
                raise SystemExit(
                    "patience: expected a run without early stopping, because with ZeRO-3 the best weights are not put back, "
                    f"got a patience of {run.training['patience']}. Use fsdp.yaml, or set patience to 0 in settings.json."
                )
            config = accelerator.state.deepspeed_plugin.deepspeed_config
            config["train_micro_batch_size_per_gpu"] = self.rows_at_once
            config["gradient_clipping"] = run.training["clip"]
        self.model, self.optimizer = accelerator.prepare(model, optimizer)
        # Sharding replaces the parameters, so they are looked up again.
        now = dict(accelerator.unwrap_model(self.model).named_parameters())
        self.parameters = {own: now[name] for name, own in places.items()}
        self.metrics, self.total_tokens, self.elapsed, self.step = [], 0, 0.0, 0
        # The trained tensors of the best evaluation so far, if the run ends early.
        self.best = None

    @property
    def sharded(self):
        return self.accelerator.distributed_type in (DistributedType.FSDP, DistributedType.DEEPSPEED)

    def shares(self, rows):
        """This process's rows in micro-batches; every process has as many."""
        world, rank = self.accelerator.num_processes, self.accelerator.process_index
        mine = rows[rank::world]
        count = math.ceil(math.ceil(len(rows) / world) / self.rows_at_once)
        return [mine[i * self.rows_at_once : (i + 1) * self.rows_at_once] for i in range(count)]

    def train_step(self):
        run, accelerator = self.run, self.accelerator
        began = time.perf_counter()
        rows = [run.rows[place] for place in run.order[self.step]]
        rate = run.learning_rate(self.step)
        torch.manual_seed(run.training["seed"] + 1_000_003 * (self.step + 1) + accelerator.process_index)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["rate"]
        # All processes know the step's tokens, so the mean over all of them needs no message.
        trained = sum(supervised(row) for row in rows)
        total = torch.zeros((), device=accelerator.device)
        self.model.train()
        shares = self.shares(rows)
        for i, share in enumerate(shares):
            last = i == len(shares) - 1
            accelerator.sync_gradients = last
            with contextlib.nullcontext() if last else accelerator.no_sync(self.model):
                loss = summed_loss(self.model, collate(share, accelerator.device, run.rows[0]))
                # Gradients are averaged over the processes.
                accelerator.backward(loss * (accelerator.num_processes / trained))
            total += loss.detach()
        loss = accelerator.reduce(total, "sum").item() / trained
        clip = run.training["clip"] or math.inf
        # With FSDP 2 it is a DTensor. item() of one that is cut would be the part of this process.
        norm = float(whole(accelerator.clip_grad_norm_(list(self.parameters.values()), clip)))
        if not (math.isfinite(loss) and math.isfinite(norm)):
            raise SystemExit(f"step {self.step + 1}: expected a finite loss and gradient, got {loss} and {norm}. Lower the learning rate.")
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        self.elapsed += (time.perf_counter() - began) * 1000
        self.total_tokens += sum(len(row["input_ids"]) for row in rows)
        self.note(
            {
                "step": self.step,
                "steps": run.steps,
                "loss": loss,
                "learningRate": rate,
                "gradNorm": norm,
                "clipFactor": min(1.0, clip / norm) if norm else 1.0,
                "tokens": trained,
                "totalTokens": self.total_tokens,
                "tokensPerSecond": self.total_tokens / max(1.0, self.elapsed) * 1000,
                "elapsedMs": self.elapsed,
            }
        )

    @torch.no_grad()
    def evaluate(self):
        rows = self.run.held_out
        if not rows or any(m["step"] == self.step for m in self.evaluations):
            return
        self.model.eval()
        total = torch.zeros((), device=self.accelerator.device)
        for share in self.shares(rows):
            total += summed_loss(self.model, collate(share, self.accelerator.device, rows[0]))
        loss = self.accelerator.reduce(total, "sum").item() / sum(supervised(row) for row in rows)
        self.note({"step": self.step, "evalLoss": loss, "evalPerplexity": math.exp(min(loss, 700))})

    @property
    def evaluations(self):
        return [m for m in self.metrics if "evalLoss" in m]

    def note(self, line):
        self.metrics.append(line)
        if self.accelerator.is_main_process:
            print(json.dumps(line), flush=True)
            first = self.run.settings.get("firstLoss")
            if line["step"] == 1 and "loss" in line and first is not None:
                print(f"# first loss: {line['loss']:.6f} here, {first:.6f} in TabTune", flush=True)

    def values(self):
        """All trained tensors, whole, on the main process."""
        values = {}
        for name, parameter in self.parameters.items():
            if self.accelerator.distributed_type == DistributedType.DEEPSPEED:
                import deepspeed

                with deepspeed.zero.GatheredParameters([parameter]):
                    values[name] = parameter.detach().cpu().clone()
            else:
                values[name] = whole(parameter.detach()).cpu().clone()
        return values

    def save_checkpoint(self, folder):
        """What is needed to continue after this step. Returns whether this process wrote something."""
        folder = Path(folder)
        state = {"step": self.step, "metrics": self.metrics, "totalTokens": self.total_tokens, "elapsedMs": self.elapsed}
        if self.sharded:
            self.accelerator.save_state(folder)
        if not self.accelerator.is_main_process:
            return self.sharded
        folder.mkdir(parents=True, exist_ok=True)
        if not self.sharded:
            best = self.best and {name: value.cpu() for name, value in self.best.items()}
            torch.save({"values": self.values(), "best": best, "optimizer": self.optimizer.state_dict()}, folder / "trained.pt")
        (folder / "state.json").write_text(json.dumps(state))
        return True

    def load_checkpoint(self, folder):
        folder = Path(folder)
        state = json.loads((folder / "state.json").read_text())
        if self.sharded:
            if self.run.training["patience"]:
                raise SystemExit(
                    "--resume: expected a run without early stopping, because a checkpoint of shared weights lacks the best ones, "
                    f"got a patience of {self.run.training['patience']}. Start again without --resume, or set patience to 0 in settings.json."
                )
            self.accelerator.load_state(folder)
        else:
            kept = torch.load(folder / "trained.pt", map_location="cpu", weights_only=True)
            with torch.no_grad():
                for name, value in kept["values"].items():
                    self.parameters[name].copy_(value)
            self.optimizer.load_state_dict(kept["optimizer"])
            self.best = kept["best"]
        self.step, self.metrics = state["step"], state["metrics"]
        self.total_tokens, self.elapsed = state["totalTokens"], state["elapsedMs"]

    def best_trained(self):
        """The evaluation with the lowest loss after the first step."""
        return min((m for m in self.evaluations if m["step"] > 0), key=lambda m: m["evalLoss"], default=None)

    def stops_early(self):
        """Whether as many evaluations in a row as the patience are no better than the best one."""
        best = self.best_trained()
        since = self.evaluations[self.evaluations.index(best) + 1 :] if best else []
        return 0 < self.run.training["patience"] <= len(since)

    def train(self, on_step=None, until=None):
        """Takes the steps that are left, or those up to step `until`. `on_step` is called after each."""
        every = self.run.training["evalEvery"]
        last = min(until or self.run.steps, self.run.steps)
        if self.step == 0:
            self.evaluate()
        while self.step < last and not self.stops_early():
            self.train_step()
            if self.step == last or (every and self.step % every == 0):
                self.evaluate()
                if self.run.training["patience"] and self.best_trained() is self.evaluations[-1]:
                    self.best = {name: parameter.detach().clone() for name, parameter in self.parameters.items()}
            if on_step:
                on_step(self)
        if self.best:
            with torch.no_grad():
                for name, value in self.best.items():
                    self.parameters[name].copy_(value)


def accelerator_for(cpu):
    """Without `cpu` it is on GPUs if there are any. Its processes are those that the launcher has started."""
    return Accelerator(cpu=cpu or not torch.accelerator.is_available())


def main():
    options = argparse.ArgumentParser(description="Continues a run of TabTune with Accelerate and PEFT.")
    options.add_argument("--run", default=HERE.parent, help="the exported folder")
    options.add_argument("--base", help="the folder of the base model, if it is elsewhere")
    options.add_argument("--out", required=True, help="the folder for the adapter")
    options.add_argument("--rows", type=int, help="rows at once in each process; the run's batch size if absent. The result is the same")
    options.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"], help="of weights that are not trained")
    options.add_argument("--cpu", action="store_true", help="on CPUs, also where there are GPUs")
    options.add_argument("--save-every", type=int, default=0, help="steps between checkpoints in OUT/checkpoint")
    options.add_argument("--resume", action="store_true", help="continue from OUT/checkpoint")
    options.add_argument("--steps", type=int, help="take only so many steps, as a trial")
    given = options.parse_args()

    run, out = Run(given.run, given.base), Path(given.out)
    trainer = Trainer(run, accelerator_for(given.cpu), given.rows, getattr(torch, given.dtype))
    if given.resume:
        if not (out / "checkpoint/state.json").is_file():
            raise SystemExit(f"--resume: expected a checkpoint in {out / 'checkpoint'}, got none. Start without --resume, with --save-every N.")
        trainer.load_checkpoint(out / "checkpoint")

    def on_step(trainer):
        if given.save_every and trainer.step % given.save_every == 0 and trainer.step < run.steps:
            trainer.save_checkpoint(out / "checkpoint")

    trainer.train(on_step, given.steps)
    save_adapter(trainer, out)
    trainer.accelerator.end_training()


if __name__ == "__main__":
    main()
