"""Trains the demo's model that compares pictures with texts, and writes the pictures of its task: drawings, sorted by their paper.

    python train_clip.py --out ../../public/demo/clip

One CPU thread. The model is a CLIP (two towers, a projection behind each) in the files of transformers, with a tokenizer of CLIP's kind.
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import CLIPConfig, CLIPModel

from captions import PAPERS, WORDS, caption, drawing, every_caption, seen
from shapes import SIDE
from train_pictures import MEAN, STD, rate, scaled, write_drawings

START, END = '<|startoftext|>', '<|endoftext|>'
# Room for 16 words of context that CoOp learns. Captions have at most 13 tokens.
LENGTH = 24


def make_tokenizer():
    """CLIP's tokenizer (lower case, BPE with </w> at the end of a word), trained until each word of the captions is a token."""
    made = Tokenizer(models.BPE(unk_token=END, continuing_subword_prefix='', end_of_word_suffix='</w>'))
    made.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r'\s+'), ' '), normalizers.Lowercase()])
    words = Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(words, 'removed', invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1000, min_frequency=1, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=[START, END],
        continuing_subword_prefix='', end_of_word_suffix='</w>', show_progress=False,
    )
    made.train_from_iterator(every_caption(), trainer)
    made.post_processor = processors.RobertaProcessing(
        (END, made.token_to_id(END)), (START, made.token_to_id(START)), trim_offsets=False, add_prefix_space=False,
    )
    return made


def make_model(tokenizer):
    sides = dict(intermediate_size=128, hidden_size=64, num_attention_heads=4, hidden_act='quick_gelu', projection_dim=64)
    start, end = (tokenizer.token_to_id(token) for token in (START, END))
    return CLIPModel(CLIPConfig(
        projection_dim=64, attn_implementation='sdpa',
        text_config=dict(
            **sides, num_hidden_layers=3, vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=LENGTH,
            bos_token_id=start, eos_token_id=end, pad_token_id=end,
        ),
        vision_config=dict(**sides, num_hidden_layers=4, image_size=SIDE, patch_size=8),
    ))


def encoded(tokenizer, texts):
    """Token ids [texts, the longest text], filled up with the end token."""
    rows = [torch.tensor(tokenizer.encode(text).ids) for text in texts]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=tokenizer.token_to_id(END))


def pairs(seed, count, ease=0.0):
    """uint8 pictures [count, 3, SIDE, SIDE], what they show [count, kinds], captions, and what these name [count, kinds]."""
    rng = np.random.default_rng(seed)
    made = [seen(rng, ease) for _ in range(count)]
    texts = [caption(rng, shown) for _, shown in made]
    pixels = torch.from_numpy(np.stack([picture for picture, _ in made]).transpose(0, 3, 1, 2).copy())
    return pixels, torch.tensor([shown for _, shown in made]), [text for text, _ in texts], torch.tensor([named for _, named in texts])


def loss_of(model, tokenizer, pixels, shown, texts, named):
    """
    CLIP's loss in both directions. A caption may fit several pictures of a batch; all that it fits are right, in equal shares.
    """
    logits = model(input_ids=encoded(tokenizer, texts), pixel_values=scaled(pixels)).logits_per_image
    # The colour that a caption names without saying of what may be that of the shape or of the paper.
    *own, either = (named[None] == -1).unbind(-1)
    colours = [shown[:, None, list(WORDS).index(kind)] == named[None, :, -1] for kind in ('colour', 'paper')]
    said = [free | (shown[:, None, i] == named[None, :, i]) for i, free in enumerate(own)]
    fits = torch.stack([*said, either | colours[0] | colours[1]]).all(0).float()
    ways = ((logits, fits), (logits.T, fits.T))
    return sum(torch.nn.functional.cross_entropy(scores, right / right.sum(-1, keepdim=True)) for scores, right in ways) / 2


@torch.no_grad()
def accuracy(model, tokenizer, pixels, labels, texts):
    """The share of pictures whose own text of `texts` is the most similar one."""
    logits = model(input_ids=encoded(tokenizer, texts), pixel_values=scaled(pixels)).logits_per_image
    return (logits.argmax(-1) == labels).float().mean().item()


class Muon:
    """
    Muon (Jordan et al. 2024) in 32 bits. torch.optim.Muon computes in 16 bits, which took half of a step's time on the processor that was used.
    """

    def __init__(self, matrices, lr, decay=0.05, momentum=0.95):
        self.matrices, self.lr, self.decay, self.momentum = matrices, lr, decay, momentum
        self.moments = [torch.zeros_like(p) for p in matrices]

    @torch.no_grad()
    def step(self):
        for p, moment in zip(self.matrices, self.moments):
            moment.lerp_(p.grad, 1 - self.momentum)
            x = p.grad.lerp(moment, self.momentum)
            tall = x.shape[0] > x.shape[1]
            x = (x.T if tall else x) / (x.norm() + 1e-7)
            for _ in range(5):
                square = x @ x.T
                x = 3.4445 * x + (-4.775 * square + 2.0315 * square @ square) @ x
            p.mul_(1 - self.lr * self.decay).add_(x.T if tall else x, alpha=-0.2 * self.lr * max(p.shape) ** 0.5)


def train(model, tokenizer, args):
    """Pairs are made as they are needed, so that none is seen twice."""
    tables = [p for name, p in model.named_parameters() if 'embedding' in name]
    matrices = [p for p in model.parameters() if p.ndim == 2 and all(p is not table for table in tables)]
    others = [p for p in model.parameters() if all(p is not m for m in matrices)]
    muon, adam = Muon(matrices, args.lr), torch.optim.AdamW(others, lr=args.lr, betas=(0.9, 0.98), weight_decay=0.0)
    start = time.time()
    for step in range(args.steps):
        loss = loss_of(model, tokenizer, *pairs([args.seed, step], args.batch, max(0, 1 - step / (0.5 * args.steps))))
        muon.lr = adam.param_groups[0]['lr'] = args.lr * rate(step, args.steps)
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        muon.step()
        adam.step()
        with torch.no_grad():
            model.logit_scale.clamp_(max=4.6)
        if step % 100 == 99:
            print(f'step {step + 1} loss {loss.item():.3f} {time.time() - start:.0f} s', flush=True)
        if step % 500 == 499 or step + 1 == args.steps:
            report(model, tokenizer, args.seed)


def report(model, tokenizer, seed):
    """What it knows of new pictures, and of the task without any training."""
    pixels, shown, _, _ = pairs([seed, 10**6], 800)
    for kind, template in (('shape', 'a photo of a {}.'), ('colour', 'a photo of a {} shape.'), ('paper', 'a photo of a shape on {} paper.')):
        right = accuracy(model, tokenizer, pixels, shown[:, list(WORDS).index(kind)], [template.format(word) for word in WORDS[kind]])
        print(f'  {kind}: {right:.3f} of new pictures ({len(WORDS[kind])} words)', flush=True)
    rng = np.random.default_rng([seed, 10**6 + 1])
    labels = torch.arange(800) % len(PAPERS)
    drawings = torch.from_numpy(np.stack([drawing(rng, PAPERS[label]) for label in labels]).transpose(0, 3, 1, 2).copy())
    for template in ('a photo of a {}.', 'a photo of a shape on {} paper.'):
        right = accuracy(model, tokenizer, drawings, labels, [template.format(word) for word in PAPERS])
        print(f'  task with "{template}": {right:.3f}', flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--out', type=Path, required=True)
    parser.add_argument('--steps', type=int, default=800)
    parser.add_argument('--batch', type=int, default=64)
    parser.add_argument('--lr', type=float, default=3e-3)
    parser.add_argument('--seed', type=int, default=5)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    write_drawings(args.out / 'papers.zip', PAPERS, drawing, args.seed, {'train': 16, 'test': 10})
    tokenizer = make_tokenizer()
    tokenizer.save(str(args.out / 'tokenizer.json'))
    model = make_model(tokenizer)
    print(f'{sum(p.numel() for p in model.parameters()):,} parameters, {tokenizer.get_vocab_size()} tokens', flush=True)
    train(model, tokenizer, args)
    config = {k: v for k, v in model.config.to_dict().items() if k not in ('_name_or_path', 'transformers_version', 'dtype', 'torch_dtype')}
    (args.out / 'config.json').write_text(json.dumps({**config, 'architectures': ['CLIPModel']}, indent=1) + '\n')
    processor = {
        'image_processor_type': 'CLIPImageProcessor', 'do_resize': True, 'size': {'shortest_edge': SIDE}, 'resample': 3,
        'do_center_crop': True, 'crop_size': {'height': SIDE, 'width': SIDE}, 'do_convert_rgb': True,
        'do_rescale': True, 'rescale_factor': 1 / 255, 'do_normalize': True, 'image_mean': [MEAN] * 3, 'image_std': [STD] * 3,
    }
    (args.out / 'preprocessor_config.json').write_text(json.dumps(processor, indent=1) + '\n')
    words = {'tokenizer_class': 'CLIPTokenizer', 'model_max_length': LENGTH, 'bos_token': START, 'eos_token': END, 'pad_token': END, 'unk_token': END}
    (args.out / 'tokenizer_config.json').write_text(json.dumps(words, indent=1) + '\n')
    save_file({k: v.detach().half().contiguous() for k, v in model.state_dict().items()}, args.out / 'model.safetensors', {'format': 'pt'})


if __name__ == '__main__':
    main()
