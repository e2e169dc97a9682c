"""Trains the demo's tokenizer and its base model on the corpus that generate.py wrote.

    python train_base.py --corpus /tmp/tabtune-demo --out ../../../public/demo

One CPU thread, so that the same seed gives the same weights with the same versions of PyTorch and of the processor's kernels.
"""
import argparse
import json
import math
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM

CONTEXT = 256
VOCAB = 1024
BOS, EOS, PAD = '<s>', '</s>', '<pad>'


def read_texts(path):
    with path.open(encoding='utf-8') as lines:
        return [json.loads(line)['text'] for line in lines]


def train_tokenizer(texts):
    """Byte-level BPE with `<s>` put in front, as Llama's tokenizers do."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB, special_tokens=[BOS, EOS, PAD],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f'{BOS} $A', pair=f'{BOS} $A {BOS} $B', special_tokens=[(BOS, tokenizer.token_to_id(BOS))],
    )
    return tokenizer


def save_tokenizer(tokenizer, folder):
    tokenizer.save(str(folder / 'tokenizer.json'))
    config = {
        'tokenizer_class': 'PreTrainedTokenizerFast', 'bos_token': BOS, 'eos_token': EOS, 'pad_token': PAD,
        'add_bos_token': True, 'model_max_length': CONTEXT, 'clean_up_tokenization_spaces': False,
    }
    (folder / 'tokenizer_config.json').write_text(json.dumps(config, indent=2) + '\n')


def blocks(tokenizer, texts, length):
    """[N, length] token ids: the documents one after the other, each between <s> and </s>."""
    ids, eos = [], tokenizer.token_to_id(EOS)
    for encoding in tokenizer.encode_batch(texts):
        ids += [*encoding.ids, eos]
    count = len(ids) // length
    return torch.tensor(ids[: count * length]).view(count, length)


def make_model(tokenizer):
    return LlamaForCausalLM(LlamaConfig(
        vocab_size=VOCAB, hidden_size=128, intermediate_size=320, num_hidden_layers=4,
        num_attention_heads=4, num_key_value_heads=2, head_dim=32, max_position_embeddings=CONTEXT,
        tie_word_embeddings=True, rms_norm_eps=1e-5, rope_theta=10000.0,
        bos_token_id=tokenizer.token_to_id(BOS), eos_token_id=tokenizer.token_to_id(EOS), pad_token_id=tokenizer.token_to_id(PAD),
    ))


def rate(step, steps, warmup=100):
    """Linear warm-up, then a cosine to a twentieth."""
    if step < warmup:
        return (step + 1) / warmup
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup)))


@torch.no_grad()
def perplexity(model, data):
    """exp of the mean loss per token over [N, T] blocks."""
    model.eval()
    losses = [model(input_ids=part, labels=part).loss.item() * len(part) for part in data.split(16)]
    model.train()
    return math.exp(sum(losses) / len(data))


def train(model, data, validation, args):
    table = model.model.embed_tokens.weight
    norms = [p for p in model.parameters() if p.ndim == 1]
    matrices = [p for p in model.parameters() if p.ndim == 2 and p is not table]
    # Muon for the matrices inside the blocks learns to copy in far fewer tokens than AdamW does.
    optimizers = [
        torch.optim.Muon(matrices, lr=args.lr, weight_decay=0.1, adjust_lr_fn='match_rms_adamw'),
        torch.optim.AdamW([table, *norms], lr=args.lr, betas=(0.9, 0.98), weight_decay=0.0),
    ]
    order, start = torch.randperm(len(data)), time.time()
    for step in range(args.steps):
        at = step * args.batch % (len(data) - args.batch + 1)
        batch = data[order[at: at + args.batch]]
        for group in (g for o in optimizers for g in o.param_groups):
            group['lr'] = args.lr * rate(step, args.steps)
        loss = model(input_ids=batch, labels=batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        if step % 250 == 0:
            print(f'step {step} loss {loss.item():.3f} {time.time() - start:.0f} s', flush=True)
        if step % 1000 == 999:
            print(f'step {step + 1} validation perplexity {perplexity(model, validation[:128]):.3f}', flush=True)


@torch.no_grad()
def spread_unseen(model, data, seed):
    """New random rows for the tokens that the corpus never has.

    Training pushes all of them the same way, until no fine-tuning without the embedding could tell
    "(" from an unused byte. They keep the common direction (so they stay unlikely) and differ again.
    """
    table = model.get_input_embeddings().weight
    rows = table.float()
    unseen = torch.bincount(data.flatten(), minlength=len(rows)) == 0
    size = rows[~unseen].norm(dim=1).median() / rows.shape[1] ** 0.5
    noise = torch.randn(rows.shape, generator=torch.Generator().manual_seed(seed)) * size
    table[unseen] = (rows[unseen].mean(0) + noise[unseen]).to(table.dtype)
    return int(unseen.sum())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--corpus', type=Path, required=True)
    parser.add_argument('--out', type=Path, required=True)
    parser.add_argument('--steps', type=int, default=7000)
    parser.add_argument('--batch', type=int, default=4)
    parser.add_argument('--lr', type=float, default=3e-3)
    parser.add_argument('--seed', type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)

    texts = read_texts(args.corpus / 'corpus.jsonl')
    tokenizer = train_tokenizer(texts[:20_000])
    data = blocks(tokenizer, texts, CONTEXT)
    validation = blocks(tokenizer, read_texts(args.corpus / 'validation.jsonl'), CONTEXT)
    model = make_model(tokenizer)
    print(f'{sum(p.numel() for p in model.parameters())} parameters, {data.numel()} tokens', flush=True)
    train(model, data, validation, args)

    args.out.mkdir(parents=True, exist_ok=True)
    save_tokenizer(tokenizer, args.out)
    model.half()
    print(f'{spread_unseen(model, data, args.seed)} tokens do not occur in the corpus')
    model.save_pretrained(args.out)
    rounded = LlamaForCausalLM.from_pretrained(args.out, dtype=torch.float32)
    print(f'validation perplexity of the saved weights {perplexity(rounded, validation):.4f}')


if __name__ == '__main__':
    main()
