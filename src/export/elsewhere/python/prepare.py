"""Lays the rows of the run out in the order in which its steps take them, for trainers that go through a file from its first row to its last.

    python3 prepare.py                    # train.jsonl and eval.jsonl
    python3 prepare.py --arrow tokenized  # the same as a dataset on disk (needs the package datasets)

Every step gets as many rows as the largest one. Smaller ones are filled up with rows that train nothing.
"""
import argparse
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = ("input_ids", "attention_mask", "labels")


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def in_order(data):
    rows, order = read(data / "train.jsonl"), read(data / "order.jsonl")
    ids = rows[0]["input_ids"][:2]
    filler = {"input_ids": ids, "attention_mask": [1] * len(ids), "labels": [-100] * len(ids)}
    largest = max(len(step) for step in order)
    for step in order:
        for place in step:
            yield {column: rows[place][column] for column in COLUMNS}
        for _ in range(largest - len(step)):
            yield filler


def held_out(data):
    for row in read(data / "eval.jsonl"):
        yield {column: row[column] for column in COLUMNS}


def main():
    options = argparse.ArgumentParser(description="Lays the rows of the run out in the order of its steps.")
    options.add_argument("--data", type=Path, default=HERE.parent / "data", help="the folder with train.jsonl, order.jsonl and eval.jsonl")
    options.add_argument("--arrow", metavar="DIR", help="write a dataset of the package datasets into DIR")
    given = options.parse_args()
    parts = {"train": list(in_order(given.data)), "validation": list(held_out(given.data))}
    if given.arrow:
        from datasets import Dataset, DatasetDict

        DatasetDict({name: Dataset.from_list(rows) for name, rows in parts.items() if rows}).save_to_disk(given.arrow)
    else:
        for name, rows in (("train.jsonl", parts["train"]), ("eval.jsonl", parts["validation"])):
            (HERE / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(parts['train'])} rows in order, {len(parts['validation'])} held-out rows")


if __name__ == "__main__":
    main()
