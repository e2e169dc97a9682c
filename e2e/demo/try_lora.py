"""Checks the demo's recipe with PEFT on one CPU thread: exact match on the held-out rows before and after.

    python try_lora.py --demo ../../../public/demo

The engine's own demo run (the page's, the command line's) is what counts; this is an independent second opinion.
"""
import argparse
import json
import math
import time
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoTokenizer, LlamaForCausalLM


def read_rows(path):
    return [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()]


def encode(tokenizer, row):
    """(ids, number of ids that are only context): <s> prompt newline completion </s>."""
    prompt = tokenizer(row['prompt'] + '\n').input_ids
    completion = tokenizer(row['completion'], add_special_tokens=False).input_ids
    return prompt + completion + [tokenizer.eos_token_id], len(prompt)


def batch_of(examples, pad):
    """input_ids and labels [B, T], padded on the right; context and padding are not trained on."""
    length = max(len(ids) for ids, _ in examples)
    ids = torch.full((len(examples), length), pad)
    labels = torch.full((len(examples), length), -100)
    for i, (tokens, context) in enumerate(examples):
        ids[i, : len(tokens)] = torch.tensor(tokens)
        labels[i, context: len(tokens)] = torch.tensor(tokens[context:])
    return ids, labels


def factor(step, training):
    """What the learning rate is multiplied by, as the engine's schedules have it."""
    steps, warmup = training['steps'], training['warmup']
    if step < warmup:
        return step / warmup
    done = (step - warmup) / max(1, steps - warmup)
    return {'constant': 1.0, 'linear': 1 - done, 'cosine': 0.5 * (1 + math.cos(math.pi * done))}[training['schedule']]


@torch.no_grad()
def complete(model, tokenizer, prompt, max_tokens=48):
    """Greedy continuation of `prompt` up to </s>; undefined (None) where </s> does not come."""
    ids = torch.tensor([tokenizer(prompt + '\n').input_ids])
    out = model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=max_tokens, do_sample=False,
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )[0, ids.shape[1]:].tolist()
    ended = out[-1] == tokenizer.eos_token_id
    return tokenizer.decode(out[:-1]) if ended else None


def exact_match(model, tokenizer, rows, show=0):
    model.eval()
    answers = [complete(model, tokenizer, row['prompt']) for row in rows]
    wrong = [(row, a) for row, a in zip(rows, answers) if a != row['completion']]
    for row, answer in wrong[:show]:
        print(f'  {row["prompt"]}\n    expected {row["completion"]}\n    got      {answer}')
    model.train()
    return 1 - len(wrong) / len(rows)


def train(model, examples, training, pad):
    """Returns the number of tokens computed, padding included."""
    tensors = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        tensors, lr=training['learningRate'], betas=(training['beta1'], training['beta2']),
        eps=training['epsilon'], weight_decay=training['weightDecay'],
    )
    order, computed = [], 0
    for step in range(training['steps']):
        if len(order) < training['batchSize']:
            order = torch.randperm(len(examples)).tolist()
        picked, order = order[: training['batchSize']], order[training['batchSize']:]
        ids, labels = batch_of([examples[i] for i in picked], pad)
        optimizer.param_groups[0]['lr'] = training['learningRate'] * factor(step, training)
        loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        if training['clip']:
            torch.nn.utils.clip_grad_norm_(tensors, training['clip'])
        optimizer.step()
        optimizer.zero_grad()
        computed += ids.numel()
        if step % 25 == 0 or step == training['steps'] - 1:
            print(f'step {step} loss {loss.item():.4f}', flush=True)
    return computed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--demo', type=Path, required=True)
    parser.add_argument('--set', action='append', default=[], help='key=value, over demo.json')
    parser.add_argument('--show', type=int, default=5, help='wrong answers to print')
    args = parser.parse_args()
    torch.set_num_threads(1)

    demo = json.loads((args.demo / 'demo.json').read_text())
    method = demo['methodSettings']
    training = {'weightDecay': 0.01, 'beta1': 0.9, 'beta2': 0.999, 'epsilon': 1e-8, 'clip': 1, 'warmup': 10, 'schedule': 'linear', **demo['training']}
    for key, value in (pair.split('=') for pair in args.set):
        (method if key in method else training)[key] = value if key == 'schedule' else json.loads(value)
    torch.manual_seed(training['seed'])

    tokenizer = AutoTokenizer.from_pretrained(args.demo)
    base = LlamaForCausalLM.from_pretrained(args.demo, dtype=torch.float32)
    train_rows, heldout = read_rows(args.demo / demo['train']), read_rows(args.demo / demo['heldout'])
    parameters = base.num_parameters()
    print(f'exact match before {exact_match(base, tokenizer, heldout):.3f} of {len(heldout)} rows', flush=True)
    model = get_peft_model(base, LoraConfig(
        r=method['r'], lora_alpha=method['alpha'], lora_dropout=method.get('dropout', 0), target_modules=method['targetModules'], task_type='CAUSAL_LM',
    ))
    model.print_trainable_parameters()
    examples = [encode(tokenizer, row) for row in train_rows]
    print(f'tokens per row: mean {sum(len(i) for i, _ in examples) / len(examples):.1f}, longest {max(len(i) for i, _ in examples)}')
    start = time.time()
    computed = train(model, examples, training, tokenizer.pad_token_id)
    print(f'{time.time() - start:.0f} s, {computed} tokens, {4 * parameters * computed / 1e12:.3f} TFLOP')
    print(f'exact match after {exact_match(model, tokenizer, heldout, args.show):.3f}')


if __name__ == '__main__':
    main()
